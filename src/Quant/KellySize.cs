namespace ExecutionPipeline.Quant;

/// <summary>A Kelly size with the steps that led to it.</summary>
/// <param name="Fraction">(b p - q) / b, a share of equity.</param>
/// <param name="AdjustedFraction">After the variance penalty.</param>
/// <param name="RiskFraction">Clipped to what may be risked.</param>
/// <param name="Contracts">Whole contracts, capped.</param>
public readonly record struct KellySize(
    double Fraction,
    double AdjustedFraction,
    double RiskFraction,
    int Contracts);
