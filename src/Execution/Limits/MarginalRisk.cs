namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// A portfolio's variance as a function of one instrument's exposure, the others as they are: a quadratic, so each
/// size of an order costs O(1).
/// </summary>
/// <param name="Rest">Variance without the instrument.</param>
/// <param name="Linear">Sum over the others of correlation times signed risk.</param>
/// <param name="Absolute">Sum of the absolute risks whose correlation is not known.</param>
/// <param name="Volatility">The instrument's, as a fraction a day.</param>
public readonly record struct MarginalRisk(double Rest, double Linear, double Absolute, double Volatility)
{
    /// <summary>Variance of a day's profit and loss with the instrument at a signed exposure.</summary>
    public double VarianceAt(double exposure)
    {
        var risk = exposure * Volatility;
        // Rounding can take the variance of a perfect hedge a hair below zero.
        return Math.Max(0.0, Rest + risk * (risk + 2.0 * Linear) + 2.0 * Math.Abs(risk) * Absolute);
    }
}
