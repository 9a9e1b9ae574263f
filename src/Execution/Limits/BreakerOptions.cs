using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// When circuit breakers open and for how long. Thresholds and recovery times are those of the requirement documents,
/// but for unanswered orders, of which they say nothing; a value at its threshold opens the breaker.
/// </summary>
public sealed record BreakerOptions
{
    /// <summary>One-minute realised volatility of an instrument, as a fraction. Default 0.05 for 300 s.</summary>
    public BreakerLimit MarketVolatility { get; init; } = new() { Threshold = 0.05, RecoveryS = 300 };

    /// <summary>Share of the latest orders that were rejected. Default 0.02 for 180 s.</summary>
    public BreakerLimit ExecutionFailure { get; init; } = new() { Threshold = 0.02, RecoveryS = 180 };

    /// <summary>
    /// Share of the latest orders that the venue, or the way to it, had no room for. Default 0.10 for 600 s.
    /// </summary>
    public BreakerLimit VenueUnavailability { get; init; } = new() { Threshold = 0.10, RecoveryS = 600 };

    /// <summary>
    /// Share of the latest signals that had waited longer than <see cref="LateSignalMs"/>. Default 0.90 for 120 s.
    /// </summary>
    public BreakerLimit SystemLoad { get; init; } = new() { Threshold = 0.90, RecoveryS = 120 };

    /// <summary>
    /// Seconds that an order has been without any answer, by the events' times; at most a week. Default 5 for 60 s.
    /// </summary>
    public BreakerLimit UnansweredOrder { get; init; } = new() { Threshold = 5, RecoveryS = 60 };

    /// <summary>The latest orders and signals that the shares are of, 1 to 65,536. Default 200.</summary>
    public int WindowLength { get; init; } = 200;

    /// <summary>Orders or signals below which there is no share yet. Default 50.</summary>
    public int MinimumSamples { get; init; } = 50;

    /// <summary>From its sending to its taking in, in milliseconds. Default 10.</summary>
    public int LateSignalMs { get; init; } = 10;

    /// <summary>
    /// Good observations in a row that close a half-open breaker, and the orders that it lets try. Default 5.
    /// </summary>
    public int Probes { get; init; } = 5;

    /// <summary>Orders a second while the system is overloaded. Default 100.</summary>
    public int ThrottledOrdersPerSecond { get; init; } = 100;

    /// <summary>Strategies that take no new risk in a volatile market. Default immediate and vwap_aggressive.</summary>
    public IReadOnlyList<ExecutionStrategy> PausedStrategies { get; init; } =
        [ExecutionStrategy.Immediate, ExecutionStrategy.VwapAggressive];

    /// <summary>The limit of a breaker.</summary>
    public BreakerLimit LimitOf(BreakerKind kind) => kind switch
    {
        BreakerKind.MarketVolatility => MarketVolatility,
        BreakerKind.ExecutionFailure => ExecutionFailure,
        BreakerKind.VenueUnavailability => VenueUnavailability,
        BreakerKind.SystemLoad => SystemLoad,
        _ => UnansweredOrder,
    };

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate(int maxOrdersPerSecond)
    {
        foreach (var kind in Enum.GetValues<BreakerKind>())
        {
            Check(LimitOf(kind).Threshold > 0, $"{kind}.Threshold", "a positive number");
            Check(LimitOf(kind).RecoveryS is > 0 and <= 86_400, $"{kind}.RecoveryS", "1 to 86,400 seconds");
        }

        Check(UnansweredOrder.Threshold <= 604_800, "UnansweredOrder.Threshold", "at most 604,800 seconds");
        Check(WindowLength is > 0 and <= 65_536, nameof(WindowLength), "1 to 65,536");
        Check(MinimumSamples > 0 && MinimumSamples <= WindowLength, nameof(MinimumSamples), "1 to WindowLength");
        Check(LateSignalMs > 0, nameof(LateSignalMs), "at least 1 millisecond");
        Check(Probes > 0, nameof(Probes), "at least 1");
        Check(
            ThrottledOrdersPerSecond > 0 && ThrottledOrdersPerSecond <= maxOrdersPerSecond,
            nameof(ThrottledOrdersPerSecond),
            "1 to MaxOrdersPerSecond");
    }

    private static void Check(bool isRight, string option, string expected)
    {
        if (!isRight)
            throw new ArgumentException($"breakers: set {option} to {expected}.");
    }
}

/// <summary>When one circuit breaker opens, and for how long.</summary>
public sealed class BreakerLimit
{
    /// <summary>A value at or above it opens the breaker. No default; positive.</summary>
    public double Threshold { get; init; }

    /// <summary>Seconds from opening to the first try. No default; positive.</summary>
    public int RecoveryS { get; init; }
}
