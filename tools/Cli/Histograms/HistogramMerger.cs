using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>
/// Adds up histograms of any settings: range and precision grow to those of the widest and finest so far.
/// </summary>
/// <remarks>
/// The memory it takes depends on the settings alone, not on how many histograms there are, so that a log of any
/// length can be added up while it is read.
/// </remarks>
public sealed class HistogramMerger
{
    /// <summary>How many histograms have been added.</summary>
    public long IntervalCount { get; private set; }

    /// <summary>
    /// The sum so far, from the earliest start to the latest end, and with the tag if all have the same one; null
    /// while there is none.
    /// </summary>
    public HistogramBase? Merged { get; private set; }

    /// <summary>Adds a histogram.</summary>
    public void Add(HistogramBase interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        IntervalCount++;
        var before = Merged;
        var merged = before is null ? interval.Copy() : WidenedFor(before, interval);
        if (before is not null)
            merged.Add(interval);

        merged.StartTimeStamp = Math.Min(before?.StartTimeStamp ?? long.MaxValue, interval.StartTimeStamp);
        merged.EndTimeStamp = Math.Max(before?.EndTimeStamp ?? long.MinValue, interval.EndTimeStamp);
        merged.Tag = before is null || before.Tag == interval.Tag ? interval.Tag : null;
        Merged = merged;
    }

    private static HistogramBase WidenedFor(HistogramBase merged, HistogramBase interval)
    {
        var lowest = Math.Min(merged.LowestTrackableValue, interval.LowestTrackableValue);
        var highest = Math.Max(merged.HighestTrackableValue, HighestNeeded(interval));
        var digits = Math.Max(merged.NumberOfSignificantValueDigits, interval.NumberOfSignificantValueDigits);
        if (lowest == merged.LowestTrackableValue
            && highest == merged.HighestTrackableValue
            && digits == merged.NumberOfSignificantValueDigits)
        {
            return merged;
        }

        highest = Math.Max(highest, HighestNeeded(merged));

        // Written and read back, since what was read may count percentiles otherwise than what is recorded here.
        var wider = HistogramFigures.Decode(HistogramFigures.Encode(new LongHistogram(lowest, highest, digits)));
        wider.Add(merged);
        return wider;
    }

    // A histogram may hold values above the range that it was asked for.
    private static long HighestNeeded(HistogramBase histogram)
        => Math.Max(histogram.HighestTrackableValue, histogram.GetMaxValue());
}
