using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>The rule-based policy's parameters. Defaults are the requirement document's where it has one.</summary>
public sealed class RuleBasedPolicyOptions
{
    /// <summary>Share of the Kelly fraction that is used, (0, 1]. Default 0.25 (appendix B.1).</summary>
    public double KellyMultiplier { get; init; } = 0.25;

    /// <summary>Lambda of the variance penalty, at least 0. Default 2 (section 2.2.1).</summary>
    public double RiskAversion { get; init; } = KellySizing.DefaultRiskAversion;

    /// <summary>
    /// The fraction, after the multiplier, at which the largest trade is made; in (0, 1]. Default 0.2: a bet with a
    /// Kelly fraction of 0.8. The document spends a fixed budget of 2 % of equity from the first percent of edge on,
    /// which makes nearly every trade the largest one; here the budget is spent in proportion to the edge, up to the
    /// same largest trade.
    /// </summary>
    public double FullSizeFraction { get; init; } = 0.2;

    /// <summary>Average win over average loss at middling synergy, positive. Default 1.5.</summary>
    public double PayoffRatio { get; init; } = 1.5;

    /// <summary>How far full or no synergy moves the payoff ratio, [0, payoff ratio). Default 0.25.</summary>
    public double SynergyPayoffRange { get; init; } = 0.25;

    /// <summary>
    /// Fees of a round trip in basis points of notional, at least 0. Default 0.32: 7.60 USD on ES at 4800.
    /// </summary>
    public double FeesBps { get; init; } = 0.32;

    /// <summary>
    /// Smallest stop distance that costs are weighed against, in basis points. Default 4: 2 points of ES.
    /// </summary>
    public double StopDistanceMinBps { get; init; } = 4.0;

    /// <summary>Fall of the account at which no trade is made any more, as a fraction. Default 0.02.</summary>
    public double LossLimit { get; init; } = 0.02;

    /// <summary>Age at which a signal is worth nothing any more, in seconds. Default 60.</summary>
    public double SignalLifeSeconds { get; init; } = 60.0;

    /// <exception cref="ArgumentException">A parameter is out of its range; the message says what to set.</exception>
    public void Validate()
    {
        Require(KellyMultiplier is > 0 and <= 1, nameof(KellyMultiplier), "in (0, 1]");
        Require(RiskAversion is >= 0 and <= 1000, nameof(RiskAversion), "in [0, 1000]");
        Require(FullSizeFraction is > 0 and <= 1, nameof(FullSizeFraction), "in (0, 1]");
        Require(PayoffRatio is > 0 and <= 100, nameof(PayoffRatio), "in (0, 100]");
        Require(SynergyPayoffRange >= 0 && SynergyPayoffRange < PayoffRatio,
            nameof(SynergyPayoffRange), "at least 0 and below PayoffRatio");
        Require(FeesBps is >= 0 and <= 1000, nameof(FeesBps), "in [0, 1000]");
        Require(StopDistanceMinBps is > 0 and <= 10_000, nameof(StopDistanceMinBps), "in (0, 10000]");
        Require(LossLimit is > 0 and <= 1, nameof(LossLimit), "in (0, 1]");
        Require(SignalLifeSeconds is > 0 and <= 86_400, nameof(SignalLifeSeconds), "in (0, 86400]");
    }

    private static void Require(bool isMet, string name, string range)
    {
        if (!isMet) throw new ArgumentException($"{name} must be {range}");
    }
}
