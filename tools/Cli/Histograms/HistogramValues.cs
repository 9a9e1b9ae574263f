namespace ExecutionPipeline.Cli.Histograms;

/// <summary>Values of histograms that may be empty.</summary>
public static class HistogramValues
{
    /// <summary>The value at a percentile; 0 of an empty histogram, for which the official library throws.</summary>
    /// <param name="histogram">Where to look.</param>
    /// <param name="percentile">0 to 100.</param>
    public static long ValueAt(this HistogramBase histogram, double percentile)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile);
    }
}
