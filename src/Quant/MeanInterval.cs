using MathNet.Numerics.Distributions;

namespace ExecutionPipeline.Quant;

/// <summary>
/// A mean of independent values with half the width of its 95 % interval, by Student's t distribution.
/// </summary>
/// <param name="Mean">Of the values.</param>
/// <param name="HalfWidth">Not a number where there are fewer than two values.</param>
/// <param name="Count">Of the values.</param>
public readonly record struct MeanInterval(double Mean, double HalfWidth, int Count)
{
    private const double UpperTail95 = 0.975;

    /// <summary>Of at least one value.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static MeanInterval Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            throw new ArgumentException("A mean needs a value.", nameof(values));

        var mean = values.Average();
        if (values.Count == 1)
            return new MeanInterval(mean, double.NaN, 1);

        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var quantile = StudentT.InvCDF(0, 1, values.Count - 1, UpperTail95);
        return new MeanInterval(mean, quantile * Math.Sqrt(variance / values.Count), values.Count);
    }
}
