using MathNet.Numerics.Distributions;

namespace ExecutionPipeline.Quant;

/// <summary>The standard normal distribution's quantile and density.</summary>
public static class NormalDistribution
{
    /// <summary>z with P(Z &lt;= z) = <paramref name="confidence"/>; 2.326 at 99 %.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not strictly between 0 and 1.</exception>
    public static double Quantile(double confidence)
    {
        if (!(confidence > 0) || !(confidence < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Set a confidence between 0 and 1.");

        return Normal.InvCDF(0.0, 1.0, confidence);
    }

    /// <summary>phi(z), the density.</summary>
    public static double Density(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2.0 * Math.PI);
}
