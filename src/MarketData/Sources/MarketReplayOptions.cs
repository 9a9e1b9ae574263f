namespace ExecutionPipeline.MarketData.Sources;

/// <summary>How a recorded day is turned into updates.</summary>
public sealed class MarketReplayOptions
{
    /// <summary>The venue's id of the instrument to follow. Default: that of the file's first order record.</summary>
    public uint? InstrumentId { get; init; }

    /// <summary>
    /// Whether quotes of a crossed book are passed on. Default: no. A book crosses in an auction, when no order can
    /// be executed at its quotes; both sides are absent then.
    /// </summary>
    public bool IncludesCrossedQuotes { get; init; }

    /// <summary>
    /// Whether updates are held back until the first trade. Default: no. A day's file may begin with an hour in which
    /// orders gather and nothing can be traded.
    /// </summary>
    public bool StartsAtFirstTrade { get; init; }
}
