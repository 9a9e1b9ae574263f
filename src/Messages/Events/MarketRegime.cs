namespace ExecutionPipeline.Messages.Events;

/// <summary>The regimes that adaptive execution tells apart.</summary>
public enum MarketRegime : byte
{
    SidewaysLow = 0,
    SidewaysHigh = 1,
    BullTrending = 2,
    BearTrending = 3,
    Crisis = 4,

    /// <summary>Out of a crisis, and not yet in a trend.</summary>
    Recovery = 5,
}
