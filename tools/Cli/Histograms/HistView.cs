namespace ExecutionPipeline.Cli.Histograms;

/// <summary>What of a log is printed.</summary>
public enum HistView
{
    /// <summary>A line a tag, over the whole time.</summary>
    Totals,

    /// <summary>A line an interval.</summary>
    Intervals,

    /// <summary>The percentile distribution of each tag, over the whole time.</summary>
    Percentiles,
}
