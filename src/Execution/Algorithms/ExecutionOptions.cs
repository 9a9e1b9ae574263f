using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>How decisions are executed.</summary>
public sealed record ExecutionOptions
{
    /// <summary>Seed of the random times and sizes; a recording is replayed with the same one. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>How far the end of a slice is moved at most, as a share of a slice's length. Default 0.3.</summary>
    public double TimeRandomisation { get; init; } = 0.3;

    /// <summary>
    /// How far a slice, or the peak of an iceberg, departs from its size at most, as a share of it. Default 0.2.
    /// </summary>
    public double SizeRandomisation { get; init; } = 0.2;

    /// <summary>
    /// Share of a slice's time in which it rests at the near touch; then it crosses the spread. Default 0.8.
    /// </summary>
    public double PassiveShare { get; init; } = 0.8;

    /// <summary>
    /// When the market has moved against an order and the other side's best price is beyond this share of the way from
    /// the arrival price to the limit price, all that is left crosses the spread; 1: never. Default 0.8.
    /// </summary>
    public double RunawayShare { get; init; } = 0.8;

    /// <summary>
    /// What happens where crossing the spread would pass the limit price when the schedule is over; until then the
    /// order rests at its limit price. Default cancel.
    /// </summary>
    public TooDearAction OnTooDear { get; init; } = TooDearAction.Cancel;

    /// <summary>
    /// Strategies that are executed as another one, by their names, such as TWAP_5MIN: ADAPTIVE. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Replace { get; init; } = new Dictionary<string, string>();

    public ImmediateOptions Immediate { get; init; } = new();

    public TwapOptions Twap { get; init; } = new();

    public VwapOptions Vwap { get; init; } = new();

    public IcebergOptions Iceberg { get; init; } = new();

    public ShortfallOptions ImplementationShortfall { get; init; } = new();

    public AdaptiveOptions Adaptive { get; init; } = new();

    /// <summary>Of a strategy, in basis points of the arrival price; 0: no limit.</summary>
    public double MaxSlippageBpsOf(ExecutionStrategy strategy) => strategy switch
    {
        ExecutionStrategy.Twap5Min => Twap.MaxSlippageBps,
        ExecutionStrategy.VwapAggressive => Vwap.MaxSlippageBps,
        ExecutionStrategy.Iceberg => Iceberg.MaxSlippageBps,
        ExecutionStrategy.ImplementationShortfall => ImplementationShortfall.MaxSlippageBps,
        ExecutionStrategy.Adaptive => Adaptive.MaxSlippageBps,
        _ => Immediate.MaxSlippageBps,
    };

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        const int MostDays = 20;
        Check(
            Iceberg.ReplenishThresholdPct < Iceberg.DisplaySizePct * (1 - SizeRandomisation),
            nameof(IcebergOptions.ReplenishThresholdPct),
            "below the smallest peak, DisplaySizePct less its randomisation");
        Check(
            ImplementationShortfall.LeastRiskAversion <= ImplementationShortfall.MostRiskAversion,
            nameof(ShortfallOptions.LeastRiskAversion),
            "at most MostRiskAversion");
        // Its schedule has none beyond that: with one slice the permanent impact outweighs the temporary one.
        Check(
            ImplementationShortfall.DurationSeconds / 60.0 < MostDays * ImplementationShortfall.MinutesPerDay,
            nameof(ShortfallOptions.DurationSeconds),
            $"less than {MostDays} days of MinutesPerDay");
        foreach (var name in Replace.Keys.Concat(Replace.Values))
        {
            Check(
                StrategyNames.TryParse(name, out _),
                "replace",
                $"strategies out of {string.Join(", ", StrategyNames.All)}; it names '{name}'");
        }
    }

    private static void Check(bool isRight, string option, string expected)
    {
        if (!isRight)
            throw new ArgumentException($"execution: set {option} to {expected}.");
    }
}

/// <summary>What happens to a parent order whose schedule is over while the market is beyond its limit price.</summary>
public enum TooDearAction : byte
{
    /// <summary>It ends: what is not executed is given up.</summary>
    Cancel = 0,

    /// <summary>It goes on resting at its limit price for a while, and then expires.</summary>
    Rest = 1,
}

/// <summary>All at once.</summary>
public sealed record ImmediateOptions
{
    /// <summary>From the arrival price; 0: no limit. Default 5 basis points.</summary>
    public double MaxSlippageBps { get; init; } = 5;
}

/// <summary>Equal slices over a time.</summary>
public sealed record TwapOptions
{
    /// <summary>From the arrival price; 0: no limit. Default 5 basis points.</summary>
    public double MaxSlippageBps { get; init; } = 5;

    /// <summary>Default 300.</summary>
    public int DurationSeconds { get; init; } = 300;

    /// <summary>Default 10.</summary>
    public int SliceCount { get; init; } = 10;

    /// <summary>Most that it takes of the market's volume since it began; 0: no limit. Default 0.1.</summary>
    public double TargetParticipationRate { get; init; } = 0.1;
}

/// <summary>Slices that follow the market's volume.</summary>
public sealed record VwapOptions
{
    /// <summary>From the arrival price; 0: no limit. Default 5 basis points.</summary>
    public double MaxSlippageBps { get; init; } = 5;

    /// <summary>Default 300.</summary>
    public int DurationSeconds { get; init; } = 300;

    /// <summary>Default 10.</summary>
    public int SliceCount { get; init; } = 10;

    /// <summary>Most that it takes of the market's volume since it began; 0: no limit. Default 0.1.</summary>
    public double MaxParticipationRate { get; init; } = 0.1;

    /// <summary>How many times its share of the volume it takes at most while it catches up. Default 1.5.</summary>
    public double AggressionFactor { get; init; } = 1.5;

    /// <summary>How far it may be behind the volume, as a share of a slice, before it crosses. Default 0.2.</summary>
    public double VolumeMatchTolerance { get; init; } = 0.2;

    /// <summary>Weight of the volume's history against what has traded since the start. Default 0.5.</summary>
    public double HistoryWeight { get; init; } = 0.5;
}

/// <summary>A resting order that shows a part of itself.</summary>
public sealed record IcebergOptions
{
    /// <summary>From the arrival price; 0: no limit. Default 5 basis points.</summary>
    public double MaxSlippageBps { get; init; } = 5;

    /// <summary>How long it rests; then it crosses. Default 300.</summary>
    public int DurationSeconds { get; init; } = 300;

    /// <summary>What is shown, as a share of the order; never less than one contract. Default 0.1.</summary>
    public double DisplaySizePct { get; init; } = 0.1;

    /// <summary>It shows a new peak once this share of the order or less is shown. Default 0.05.</summary>
    public double ReplenishThresholdPct { get; init; } = 0.05;
}

/// <summary>Almgren and Chriss's schedule.</summary>
public sealed record ShortfallOptions
{
    /// <summary>From the arrival price; 0: no limit. Default 5 basis points.</summary>
    public double MaxSlippageBps { get; init; } = 5;

    /// <summary>Default 300.</summary>
    public int DurationSeconds { get; init; } = 300;

    /// <summary>Default 10.</summary>
    public int SliceCount { get; init; } = 10;

    /// <summary>Most that it takes of the market's volume since it began; 0: no limit. Default 0.1.</summary>
    public double MaxParticipationRate { get; init; } = 0.1;

    /// <summary>lambda for urgency 0, in 1 / currency. Default 1e-7.</summary>
    public double LeastRiskAversion { get; init; } = 1e-7;

    /// <summary>lambda for urgency 1, in 1 / currency; between them it grows geometrically. Default 1e-5.</summary>
    public double MostRiskAversion { get; init; } = 1e-5;

    /// <summary>Minutes of a trading day that volatility and volume are spread over. Default 390.</summary>
    public int MinutesPerDay { get; init; } = 390;
}

/// <summary>The algorithm that the market's regime asks for.</summary>
public sealed record AdaptiveOptions
{
    /// <summary>From the arrival price; 0: no limit. Default 5 basis points.</summary>
    public double MaxSlippageBps { get; init; } = 5;

    /// <summary>Slices of the TWAP in a crisis and in a wild market without a trend. Default 20.</summary>
    public int CrisisSliceCount { get; init; } = 20;
}
