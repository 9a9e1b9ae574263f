using System.Text.Json.Serialization;
using ExecutionPipeline.MarketData.Sources;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>What the tactical engine says of itself at its end, as one line of JSON on its standard output.</summary>
public sealed record EngineReport
{
    /// <summary>Why it ended.</summary>
    public required EngineEnding Ending { get; init; }

    /// <summary>Signals sent before the measured ones: their ids are 1 to this number.</summary>
    public long SentWarmup { get; init; }

    /// <summary>Well-formed measured signals sent.</summary>
    public long SentMeasured { get; init; }

    /// <summary>Malformed messages sent among the measured signals, by kind.</summary>
    public IReadOnlyDictionary<string, long> SentMalformed { get; init; } = new Dictionary<string, long>();

    public long MarketUpdates { get; init; }

    /// <summary>Commands sent.</summary>
    public long Commands { get; init; }

    /// <summary>Aeron's session id of the signals' publication; null: it was not made.</summary>
    public int? SignalSession { get; init; }

    /// <summary>Of the market updates' publication.</summary>
    public int? MarketSession { get; init; }

    /// <summary>Of the commands' publication.</summary>
    public int? CommandSession { get; init; }

    /// <summary>
    /// The market data came to their end before the signals did; the market stood still from then on.
    /// </summary>
    public bool HasMarketDataEnded { get; init; }

    /// <summary>What came of the market data's records.</summary>
    public MarketCounts MarketData { get; init; }

    /// <summary>Attempts that the transport did not take at once and that were repeated.</summary>
    public long BackPressureRetries { get; init; }

    /// <summary>Outbound messages of the pipeline that the engine read back, by kind.</summary>
    public IReadOnlyDictionary<string, long> Received { get; init; } = new Dictionary<string, long>();

    /// <summary>From the first intended send time of a measured signal to the last send, in seconds.</summary>
    public double ElapsedS { get; init; }

    /// <summary>How late the sender itself was: actual send time minus intended, in nanoseconds.</summary>
    public LatencySummary LatenessNs { get; init; } = new();

    /// <summary>What the sender's idle spinning saw of the machine's own interruptions, in nanoseconds.</summary>
    public LatencySummary HiccupNs { get; init; } = new();

    /// <summary>The histogram behind <see cref="HiccupNs"/>: HdrHistogram V2, compressed, base64.</summary>
    public string? HiccupHistogram { get; init; }

    /// <summary>Bytes that the sending thread allocated while it sent measured signals.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Garbage collections of the engine's process while it sent measured signals.</summary>
    public long GcCollections { get; init; }

    /// <summary>The processor that the sender is pinned to; null: none.</summary>
    public int? PinnedCpu { get; init; }

    /// <summary>What went wrong, in one line; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }
}

/// <summary>Why a tactical engine ended.</summary>
public enum EngineEnding
{
    /// <summary>Everything was sent.</summary>
    Done,

    /// <summary>It was interrupted, or its parent ended.</summary>
    Interrupted,

    /// <summary>The pipeline did not subscribe in time.</summary>
    NotConnected,

    /// <summary>The media driver or the pipeline went away.</summary>
    DriverLost,

    /// <summary>Something else: see the problem beside it.</summary>
    Failed,
}
