namespace ExecutionPipeline.Quant;

/// <summary>
/// Variance-covariance (delta-normal) VaR and expected shortfall of signed exposures, zero mean. Amounts are in the
/// exposures' currency, volatilities daily and as fractions, correlations row-major n x n. Source: J.P. Morgan/Reuters,
/// RiskMetrics Technical Document (1996); expected shortfall of a normal: McNeil, Frey and Embrechts, Quantitative
/// Risk Management (2015), example 2.14.
/// </summary>
public static class ParametricRisk
{
    /// <summary>sqrt(h) sqrt((e s)' C (e s)), in currency.</summary>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static double StandardDeviation(
        ReadOnlySpan<double> exposures,
        ReadOnlySpan<double> dailyVolatilities,
        ReadOnlySpan<double> correlations,
        double horizonDays = 1.0)
    {
        CheckLengths(exposures.Length, dailyVolatilities.Length, correlations.Length);
        var variance = 0.0;
        for (var i = 0; i < exposures.Length; i++)
            variance += Sigma(exposures, dailyVolatilities, i) * Row(exposures, dailyVolatilities, correlations, i);

        // Rounding can take the variance of a perfect hedge a hair below zero.
        return Math.Sqrt(Math.Max(0.0, variance) * horizonDays);
    }

    /// <summary>z(confidence) times the standard deviation: the loss not exceeded with that confidence.</summary>
    public static double ValueAtRisk(double standardDeviation, double confidence) =>
        NormalDistribution.Quantile(confidence) * standardDeviation;

    /// <summary>The mean loss beyond VaR: sd phi(z) / (1 - confidence).</summary>
    public static double ExpectedShortfall(double standardDeviation, double confidence)
    {
        var z = NormalDistribution.Quantile(confidence);
        return standardDeviation * NormalDistribution.Density(z) / (1.0 - confidence);
    }

    /// <summary>
    /// Each exposure's part of VaR (Euler allocation): they sum to it. All zero when the portfolio carries no risk.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void ComponentVar(
        ReadOnlySpan<double> exposures,
        ReadOnlySpan<double> dailyVolatilities,
        ReadOnlySpan<double> correlations,
        double confidence,
        double horizonDays,
        Span<double> components)
    {
        CheckLengths(exposures.Length, dailyVolatilities.Length, correlations.Length);
        if (components.Length != exposures.Length)
            throw new ArgumentException("There must be one component for each exposure.", nameof(components));

        var deviation = StandardDeviation(exposures, dailyVolatilities, correlations);
        components.Clear();
        if (deviation == 0)
            return;

        var scale = NormalDistribution.Quantile(confidence) * Math.Sqrt(horizonDays) / deviation;
        for (var i = 0; i < exposures.Length; i++)
        {
            var sigma = Sigma(exposures, dailyVolatilities, i);
            components[i] = scale * sigma * Row(exposures, dailyVolatilities, correlations, i);
        }
    }

    private static double Sigma(ReadOnlySpan<double> exposures, ReadOnlySpan<double> volatilities, int index) =>
        exposures[index] * volatilities[index];

    private static double Row(
        ReadOnlySpan<double> exposures,
        ReadOnlySpan<double> volatilities,
        ReadOnlySpan<double> correlations,
        int row)
    {
        var sum = 0.0;
        for (var j = 0; j < exposures.Length; j++)
            sum += correlations[row * exposures.Length + j] * Sigma(exposures, volatilities, j);
        return sum;
    }

    private static void CheckLengths(int exposures, int volatilities, int correlations)
    {
        if (volatilities != exposures || correlations != exposures * exposures)
        {
            throw new ArgumentException(
                $"{exposures} exposures need as many volatilities (got {volatilities}) and " +
                $"{exposures * exposures} correlations (got {correlations}).");
        }
    }
}
