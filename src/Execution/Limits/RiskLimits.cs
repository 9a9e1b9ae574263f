namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// The limits that every order is held against. Money is in the account's currency, fractions are of 1.
/// </summary>
public sealed class RiskLimits
{
    /// <summary>Largest absolute position of an instrument, in contracts. Default 10.</summary>
    public int MaxPosition { get; init; } = 10;

    /// <summary>Largest sum of absolute position values over all instruments. Default 500,000.</summary>
    public decimal MaxNotional { get; init; } = 500_000m;

    /// <summary>Largest daily value at risk of the whole portfolio. Default 5,000.</summary>
    public double MaxDailyVar { get; init; } = 5_000;

    /// <summary>Confidence of the value at risk. Default 0.99.</summary>
    public double VarConfidence { get; init; } = 0.99;

    /// <summary>Largest fall from the day's starting equity, as a fraction of it. Default 0.02.</summary>
    public double MaxDailyDrawdown { get; init; } = 0.02;

    /// <summary>Largest order, in contracts. Default 5.</summary>
    public int MaxOrderSize { get; init; } = 5;

    /// <summary>Most orders for signals in a trading day. Default 50.</summary>
    public int MaxDailyTrades { get; init; } = 50;

    /// <summary>
    /// Whether a signal's order passes the kill switch when it only takes risk off. Default false: while it is
    /// latched, only an operator's closing order does.
    /// </summary>
    public bool ReducingOrdersPassKillSwitch { get; init; }

    /// <exception cref="ArgumentException">A limit is out of range; the message says what to set.</exception>
    public void Validate()
    {
        Check(MaxPosition > 0, nameof(MaxPosition), "at least 1 contract");
        Check(MaxNotional is > 0 and <= 1e12m, nameof(MaxNotional), "a positive amount of at most 1e12");
        Check(MaxDailyVar > 0 && double.IsFinite(MaxDailyVar), nameof(MaxDailyVar), "a positive amount");
        Check(VarConfidence is > 0.5 and < 1, nameof(VarConfidence), "a confidence between 0.5 and 1, such as 0.99");
        Check(MaxDailyDrawdown is > 0 and <= 1, nameof(MaxDailyDrawdown), "a fraction in (0, 1], such as 0.02");
        Check(MaxOrderSize > 0, nameof(MaxOrderSize), "at least 1 contract");
        Check(MaxDailyTrades > 0, nameof(MaxDailyTrades), "at least 1 a day");
    }

    private static void Check(bool isRight, string limit, string expected)
    {
        if (!isRight)
            throw new ArgumentException($"risk limits: set {limit} to {expected}.");
    }
}
