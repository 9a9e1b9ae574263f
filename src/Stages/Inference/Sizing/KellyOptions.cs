using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Inference.Sizing;

/// <summary>How a signal's edge becomes a share of equity. Defaults are the requirement document's where it has one.
/// </summary>
public sealed class KellyOptions
{
    /// <summary>Share of the Kelly fraction that is used, (0, 1]. Default 0.25 (appendix B.1).</summary>
    public double Multiplier { get; init; } = 0.25;

    /// <summary>Lambda of the variance penalty, at least 0. Default 2 (section 2.2.1).</summary>
    public double RiskAversion { get; init; } = KellySizing.DefaultRiskAversion;

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

    /// <exception cref="ArgumentException">A parameter is out of its range; the message says what to set.</exception>
    public void Validate()
    {
        Require(Multiplier is > 0 and <= 1, nameof(Multiplier), "in (0, 1]");
        Require(RiskAversion is >= 0 and <= 1000, nameof(RiskAversion), "in [0, 1000]");
        Require(PayoffRatio is > 0 and <= 100, nameof(PayoffRatio), "in (0, 100]");
        Require(SynergyPayoffRange >= 0 && SynergyPayoffRange < PayoffRatio,
            nameof(SynergyPayoffRange), "at least 0 and below PayoffRatio");
        Require(FeesBps is >= 0 and <= 1000, nameof(FeesBps), "in [0, 1000]");
        Require(StopDistanceMinBps is > 0 and <= 10_000, nameof(StopDistanceMinBps), "in (0, 10000]");
    }

    internal static void Require(bool isMet, string name, string range)
    {
        if (!isMet) throw new ArgumentException($"{name} must be {range}");
    }
}
