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
    /// while there is none. Its counts have 64 bits, whatever those of the histograms have.
    /// </summary>
    public HistogramBase? Merged { get; private set; }

    /// <summary>Adds a histogram.</summary>
    public void Add(HistogramBase interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        IntervalCount++;
        var before = Merged;
        var merged = WidenedFor(before, interval);
        merged.Add(interval);
        merged.StartTimeStamp = Math.Min(before?.StartTimeStamp ?? long.MaxValue, interval.StartTimeStamp);
        merged.EndTimeStamp = Math.Max(before?.EndTimeStamp ?? long.MinValue, interval.EndTimeStamp);
        merged.Tag = before is null || before.Tag == interval.Tag ? interval.Tag : null;
        Merged = merged;
    }

    private static HistogramBase WidenedFor(HistogramBase? merged, HistogramBase interval)
    {
        var lowest = Math.Min(merged?.LowestTrackableValue ?? long.MaxValue, interval.LowestTrackableValue);
        var digits = Math.Max(merged?.NumberOfSignificantValueDigits ?? 0, interval.NumberOfSignificantValueDigits);
        var highest = Math.Max(merged?.HighestTrackableValue ?? 0, interval.HighestTrackableValue);
        if (merged is null)
            return new LongHistogram(lowest, highest, digits);

        if (lowest == merged.LowestTrackableValue
            && highest == merged.HighestTrackableValue
            && digits == merged.NumberOfSignificantValueDigits
            && (lowest == interval.LowestTrackableValue && interval.BucketCount <= merged.BucketCount))
        {
            return merged;
        }

        // A histogram may hold values above the range that it was asked for.
        highest = Math.Max(highest, Math.Max(Distribution.Of(merged).Max, Distribution.Of(interval).Max));
        var wider = new LongHistogram(lowest, highest, digits);
        wider.Add(merged);
        return wider;
    }
}

/// <summary>The sums of the histograms of each tag: all that is kept of a log, whatever its length.</summary>
public sealed class TagTotals
{
    /// <summary>Stands for no tag. No tag can be so, since none has a space.</summary>
    public const string Untagged = "(no tag)";

    private readonly OrderedDictionary<string, HistogramMerger> _byTag = [];

    /// <summary>The sums by tag, in the order in which the tags first came.</summary>
    public IReadOnlyList<StageHistogram> Stages =>
        [.. _byTag.Select(tag => new StageHistogram(tag.Key, tag.Value.Merged!))];

    /// <summary>The name of a histogram's tag.</summary>
    public static string NameOf(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return string.IsNullOrEmpty(histogram.Tag) ? Untagged : histogram.Tag;
    }

    /// <summary>Adds a histogram to those of its tag.</summary>
    public void Add(HistogramBase histogram)
    {
        var tag = NameOf(histogram);
        if (!_byTag.TryGetValue(tag, out var merger))
            _byTag.Add(tag, merger = new HistogramMerger());
        merger.Add(histogram);
    }
}
