namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// Which sample a percentile names when it falls between two: 99 percent of 9,085 samples are 8,994.15 of them.
/// </summary>
/// <remarks>HdrHistogram.NET takes the nearest, HdrHistogram for Java (2.1.11) the next.</remarks>
public enum PercentileRank
{
    /// <summary>The nearest, as HdrHistogram.NET does: the rule of histograms that are recorded here.</summary>
    Nearest,

    /// <summary>
    /// The next, as HdrHistogram for Java does: the rule of histograms that are read, so that a log has the same
    /// percentiles whichever of the two reads it.
    /// </summary>
    Next,
}
