namespace ExecutionPipeline.Cli.Histograms;

/// <summary>A point of a plot over time: percentiles of an interval, in nanoseconds.</summary>
/// <param name="EndMs">When it ended, in milliseconds since 1970.</param>
/// <param name="P50">The median.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="P999">The 99.9th percentile.</param>
/// <param name="Max">The highest value.</param>
public readonly record struct IntervalPoint(long EndMs, long P50, long P99, long P999, long Max)
{
    /// <summary>The figures of an interval.</summary>
    public static IntervalPoint Of(HistogramBase interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return new IntervalPoint(
            interval.EndTimeStamp,
            interval.ValueAt(50),
            interval.ValueAt(99),
            interval.ValueAt(99.9),
            interval.TotalCount == 0 ? 0 : interval.GetMaxValue());
    }

    /// <summary>The later end and the higher of each figure.</summary>
    public IntervalPoint HigherOf(IntervalPoint other) => new(
        Math.Max(EndMs, other.EndMs),
        Math.Max(P50, other.P50),
        Math.Max(P99, other.P99),
        Math.Max(P999, other.P999),
        Math.Max(Max, other.Max));
}
