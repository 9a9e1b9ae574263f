namespace ExecutionPipeline.Cli.Histograms;

/// <summary>One percentile of two histograms side by side.</summary>
/// <param name="Percentile">The percentile, in percent.</param>
/// <param name="Baseline">Its value in the first histogram, in the histogram's unit.</param>
/// <param name="Candidate">Its value in the second histogram, in the histogram's unit.</param>
public sealed record PercentileComparison(double Percentile, long Baseline, long Candidate)
{
    private static readonly double[] Shown = [50, 90, 99, 99.9, 99.99, 100];

    /// <summary>How much higher the second is, in the histogram's unit; negative when it is lower.</summary>
    public long Difference => Candidate - Baseline;

    /// <summary>The second over the first: 1 for equal values; null where only the first is 0.</summary>
    public double? Ratio => Candidate == Baseline ? 1.0 : Baseline == 0 ? null : (double)Candidate / Baseline;

    /// <summary>Compares two histograms from the median to the highest value.</summary>
    public static IReadOnlyList<PercentileComparison> Compare(HistogramBase baseline, HistogramBase candidate)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);
        return
        [
            .. Shown.Select(percentile => new PercentileComparison(
                percentile,
                baseline.ValueAt(percentile),
                candidate.ValueAt(percentile))),
        ];
    }
}
