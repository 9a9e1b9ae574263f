using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>What kind of market is generated. The defaults are like the E-mini S&amp;P 500 future's.</summary>
public sealed record MarketGeneratorOptions
{
    /// <summary>Equal seeds give equal markets. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>When the market begins, nanoseconds since the Unix epoch, UTC. Default 2024-01-02 14:30:00.</summary>
    public long StartTimeNs { get; init; } = 1_704_205_800_000_000_000;

    /// <summary>In 1e-9. Default 0.25.</summary>
    public long TickSizeE9 { get; init; } = 250_000_000;

    /// <summary>The first bid in 1e-9, a multiple of the tick. Default 4,800.</summary>
    public long StartPriceE9 { get; init; } = 4_800_000_000_000;

    /// <summary>Updates in a second on average, in quiet and busy times together. Default 200.</summary>
    public double UpdatesPerSecond { get; init; } = 200;

    /// <summary>Updates that are trades, as a fraction. Default 0.15.</summary>
    public double TradeFraction { get; init; } = 0.15;

    /// <summary>Contracts at a best level on average. Default 20.</summary>
    public int MeanLevelQuantity { get; init; } = 20;

    /// <summary>How far activity strays: the deviation of its logarithm. Default 0.5.</summary>
    public double ActivityDeviation { get; init; } = 0.5;

    /// <summary>Seconds in which a stray activity falls back by a factor of e. Default 60.</summary>
    public double ActivityReversionS { get; init; } = 60;

    /// <summary>Says what to set where an option cannot be used.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal void Validate()
    {
        Require(StartTimeNs > 0, $"{nameof(StartTimeNs)} must be after the epoch; it is {StartTimeNs}.");
        Require(TickSizeE9 > 0, $"{nameof(TickSizeE9)} must be positive; it is {TickSizeE9}.");
        Require(
            StartPriceE9 is > 0 and <= FieldLimits.PriceMaxE9 / 2 && StartPriceE9 % TickSizeE9 == 0,
            $"{nameof(StartPriceE9)} must be a positive multiple of the tick up to 5e17; it is {StartPriceE9}.");
        Require(
            UpdatesPerSecond is > 0 and <= 1e8,
            $"{nameof(UpdatesPerSecond)} must be above 0 and at most 1e8; it is {UpdatesPerSecond}.");
        Require(TradeFraction is >= 0 and <= 1, $"{nameof(TradeFraction)} must be in [0, 1]; it is {TradeFraction}.");
        Require(
            MeanLevelQuantity is > 0 and <= 1_000_000,
            $"{nameof(MeanLevelQuantity)} must be 1 to 1,000,000; it is {MeanLevelQuantity}.");
        Require(
            ActivityDeviation is >= 0 and <= 2,
            $"{nameof(ActivityDeviation)} must be in [0, 2]; it is {ActivityDeviation}.");
        Require(
            ActivityReversionS is > 0 and < double.PositiveInfinity,
            $"{nameof(ActivityReversionS)} must be positive; it is {ActivityReversionS}.");
    }

    private static void Require(bool isMet, string message)
    {
        if (!isMet)
            throw new ArgumentException(message);
    }
}
