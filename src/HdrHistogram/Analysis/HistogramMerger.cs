namespace ExecutionPipeline.HdrHistogram.Analysis;

/// <summary>
/// Adds up histograms of any settings: range and precision grow to those of the widest and finest so far.
/// </summary>
/// <remarks>
/// The memory it takes depends on the settings alone, not on how many histograms there are, so that a log of any
/// length can be added up while it is read.
/// </remarks>
public sealed class HistogramMerger
{
    private LongHistogram? _merged;

    /// <summary>How many histograms have been added.</summary>
    public long IntervalCount { get; private set; }

    /// <summary>
    /// The sum so far, from the earliest start to the latest end, and with the tag if all have the same one; null
    /// while there is none.
    /// </summary>
    public HistogramBase? Merged => _merged;

    /// <summary>Adds a histogram.</summary>
    public void Add(HistogramBase interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        _merged = _merged is null ? NewLike(interval) : WidenedFor(_merged, interval);
        _merged.Add(interval);
        _merged.StartTimeStamp = Math.Min(_merged.StartTimeStamp, interval.StartTimeStamp);
        _merged.EndTimeStamp = Math.Max(_merged.EndTimeStamp, interval.EndTimeStamp);
        if (_merged.Tag != interval.Tag)
            _merged.Tag = null;
        IntervalCount++;
    }

    private static LongHistogram NewLike(HistogramBase interval)
        => new(interval.LowestTrackableValue, HighestNeeded(interval), interval.NumberOfSignificantValueDigits)
        {
            Tag = interval.Tag,
            StartTimeStamp = interval.StartTimeStamp,
            EndTimeStamp = interval.EndTimeStamp,

            // Sums of what was read answer as what was read does.
            PercentileRank = PercentileRank.Next,
        };

    private static LongHistogram WidenedFor(LongHistogram merged, HistogramBase interval)
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

        var wider = new LongHistogram(lowest, highest, digits)
        {
            Tag = merged.Tag,
            StartTimeStamp = merged.StartTimeStamp,
            EndTimeStamp = merged.EndTimeStamp,
            PercentileRank = merged.PercentileRank,
        };
        wider.Add(merged);
        return wider;
    }

    // A histogram may hold values above the range that it was asked for.
    private static long HighestNeeded(HistogramBase interval)
        => Math.Max(interval.HighestTrackableValue, interval.GetMaxValue());
}
