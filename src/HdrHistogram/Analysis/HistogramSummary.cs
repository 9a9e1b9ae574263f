namespace ExecutionPipeline.HdrHistogram.Analysis;

/// <summary>A histogram in the figures that tables show, in its unit; 0 where nothing is recorded.</summary>
/// <param name="Count">How many values were recorded.</param>
/// <param name="Min">The lowest value, as the lowest of its slot.</param>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="StdDeviation">The standard deviation over all values.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">The 90th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="P999">The 99.9th percentile.</param>
/// <param name="P9999">The 99.99th percentile.</param>
/// <param name="Max">The highest value, as the highest of its slot.</param>
public sealed record HistogramSummary(
    long Count,
    long Min,
    double Mean,
    double StdDeviation,
    long P50,
    long P90,
    long P99,
    long P999,
    long P9999,
    long Max)
{
    /// <summary>The figures of a histogram.</summary>
    public static HistogramSummary Of(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return new HistogramSummary(
            histogram.TotalCount,
            histogram.GetMinValue(),
            histogram.GetMean(),
            histogram.GetStdDeviation(),
            histogram.GetValueAtPercentile(50),
            histogram.GetValueAtPercentile(90),
            histogram.GetValueAtPercentile(99),
            histogram.GetValueAtPercentile(99.9),
            histogram.GetValueAtPercentile(99.99),
            histogram.TotalCount == 0 ? 0 : histogram.GetMaxValue());
    }
}
