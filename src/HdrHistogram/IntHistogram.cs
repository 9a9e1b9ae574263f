namespace ExecutionPipeline.HdrHistogram;

/// <summary>A histogram with 32-bit counts, for one recording thread at a time.
/// A count above the maximum wraps around; <see cref="HistogramBase.HasOverflowed"/> tells.</summary>
public class IntHistogram : CountsHistogram<int>
{
    /// <summary>Makes a histogram that tells values apart from 1 on.</summary>
    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public IntHistogram(long highestTrackableValue, int numberOfSignificantValueDigits)
        : this(1, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public IntHistogram(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public IntHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="LongHistogram.RecordValue"/>
    public new void RecordValue(long value) => base.IncrementCountAtIndex(CountsIndexFor(value));

    /// <inheritdoc/>
    public override HistogramBase Copy()
        => CopyOnto(
            new IntHistogram(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits));
}
