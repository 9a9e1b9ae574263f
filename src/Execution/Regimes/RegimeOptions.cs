namespace ExecutionPipeline.Execution.Regimes;

/// <summary>
/// When the market is volatile, in a crisis, in a trend, and what that does to the expected shortfall's limit. A level
/// is entered at its threshold and left only well below it.
/// </summary>
public sealed record RegimeOptions
{
    /// <summary>
    /// One-minute realised volatility over the usual one (daily over the root of <see cref="MinutesPerDay"/>) from
    /// which the market is volatile. Default 2.
    /// </summary>
    public double VolatileRatio { get; init; } = 2;

    /// <summary>As <see cref="VolatileRatio"/>, for a crisis. Default 4.</summary>
    public double CrisisRatio { get; init; } = 4;

    /// <summary>A regime is left when the ratio is below this share of what it was entered at. Default 0.75.</summary>
    public double ExitShare { get; init; } = 0.75;

    /// <summary>Minutes of a trading day that a day's volatility is spread over. Default 390.</summary>
    public int MinutesPerDay { get; init; } = 390;

    /// <summary>Minutes that a trend is looked for in, at most 1,440. Default 30.</summary>
    public int TrendMinutes { get; init; } = 30;

    /// <summary>
    /// Efficiency ratio, the net change over the sum of absolute one-minute changes, from which there is a trend.
    /// Default 0.4.
    /// </summary>
    public double TrendEfficiency { get; init; } = 0.4;

    /// <summary>Minutes after a crisis that count as recovery. Default 30.</summary>
    public int RecoveryMinutes { get; init; } = 30;

    /// <summary>Multiplies the shortfall's limit in a normal market. Default 1.0.</summary>
    public double NormalMultiplier { get; init; } = 1.0;

    /// <summary>Multiplies the shortfall's limit in a volatile market. Default 0.8.</summary>
    public double VolatileMultiplier { get; init; } = 0.8;

    /// <summary>Multiplies the shortfall's limit in a crisis. Default 0.6.</summary>
    public double CrisisMultiplier { get; init; } = 0.6;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        Check(VolatileRatio > 0, nameof(VolatileRatio), "a positive number");
        Check(CrisisRatio > VolatileRatio && double.IsFinite(CrisisRatio), nameof(CrisisRatio), "above VolatileRatio");
        Check(ExitShare is > 0 and <= 1, nameof(ExitShare), "a fraction in (0, 1]");
        Check(MinutesPerDay is > 0 and <= 1_440, nameof(MinutesPerDay), "1 to 1,440 minutes");
        Check(TrendMinutes is > 1 and <= 1_440, nameof(TrendMinutes), "2 to 1,440 minutes");
        Check(TrendEfficiency is > 0 and <= 1, nameof(TrendEfficiency), "a fraction in (0, 1]");
        Check(RecoveryMinutes is >= 0 and <= 1_440, nameof(RecoveryMinutes), "0 to 1,440 minutes");
        Check(NormalMultiplier is > 0 and <= 1, nameof(NormalMultiplier), "a fraction in (0, 1]");
        Check(VolatileMultiplier is > 0 and <= 1, nameof(VolatileMultiplier), "a fraction in (0, 1]");
        Check(CrisisMultiplier is > 0 and <= 1, nameof(CrisisMultiplier), "a fraction in (0, 1]");
    }

    private static void Check(bool isRight, string option, string expected)
    {
        if (!isRight)
            throw new ArgumentException($"regimes: set {option} to {expected}.");
    }
}
