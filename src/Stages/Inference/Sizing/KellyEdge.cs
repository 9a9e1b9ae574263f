using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Inference.Sizing;

/// <summary>
/// The modified Kelly fraction of a signal: c ((b p - q) / b - lambda sigma^2), with transaction costs in b and the
/// multiplier c. Source: requirement document, section 2.2.1 and appendix A.1.
/// </summary>
internal sealed class KellyEdge
{
    private const double BasisPoint = 1e-4;

    /// <summary>
    /// Bars of a minute in a trading day of 6.5 hours: volatility grows with the square root of time.
    /// </summary>
    private const double MinutesPerDay = 390.0;

    /// <summary>A stop of 1.5 ATR, with an ATR of 1.6 standard deviations of a minute.</summary>
    private const double StopInDeviations = 1.5 * 1.6;

    private readonly KellyOptions _options;

    public KellyEdge(KellyOptions options) => _options = options;

    /// <summary>
    /// The share of equity that the edge is worth; 0 or less: none. Costs are counted in units of what a stop loses:
    /// they lessen each win and deepen each loss.
    /// </summary>
    public double Fraction(ref readonly ContextFeatures features)
    {
        var volatility = Math.Clamp(features[Feature.PriceVolatility1Min], 0.0, 1.0);
        var spreadBps = Math.Max(0.0, features[Feature.BidAskSpreadBps]);
        var stop = Math.Max(volatility * StopInDeviations, _options.StopDistanceMinBps * BasisPoint);
        var cost = (spreadBps + _options.FeesBps) * BasisPoint / stop;
        var synergy = Math.Clamp(features[Feature.SynergyStrength], 0.0, 1.0) * 2.0 - 1.0;
        var payoff = _options.PayoffRatio + _options.SynergyPayoffRange * synergy;
        var confidence = Math.Clamp(features[Feature.DecisionConfidence], 0.0, 1.0);
        var fraction = KellySizing.Fraction(confidence, (payoff - cost) / (1.0 + cost));
        var penalty = _options.RiskAversion * volatility * volatility * MinutesPerDay;
        return _options.Multiplier * (fraction - penalty);
    }
}
