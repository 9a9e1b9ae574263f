namespace ExecutionPipeline.Quant;

/// <summary>What a schedule is made from.</summary>
/// <param name="Quantity">X, shares or contracts to trade.</param>
/// <param name="HorizonDays">T.</param>
/// <param name="Intervals">N, at least 1.</param>
/// <param name="Volatility">sigma, in currency a share and square root of a day.</param>
/// <param name="HalfSpread">epsilon, fixed cost in currency a share.</param>
/// <param name="TemporaryImpact">eta, currency a share for one share a day.</param>
/// <param name="PermanentImpact">gamma, currency a share for one share.</param>
/// <param name="RiskAversion">lambda, 1 / currency; 0 trades evenly.</param>
public readonly record struct AlmgrenChrissParameters(
    double Quantity,
    double HorizonDays,
    int Intervals,
    double Volatility,
    double HalfSpread,
    double TemporaryImpact,
    double PermanentImpact,
    double RiskAversion)
{
    /// <summary>tau = T / N.</summary>
    public double IntervalDays => HorizonDays / Intervals;
}
