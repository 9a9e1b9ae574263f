namespace ExecutionPipeline.HdrHistogram;

/// <summary>A histogram with 16-bit counts, for one recording thread at a time.
/// A count above the maximum wraps around; <see cref="HistogramBase.HasOverflowed"/> tells.</summary>
public sealed class ShortHistogram : CountsHistogram<short>
{
    /// <summary>Makes a histogram that tells values apart from 1 on.</summary>
    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public ShortHistogram(long highestTrackableValue, int numberOfSignificantValueDigits)
        : this(1, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public ShortHistogram(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public ShortHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc/>
    public override HistogramBase Copy()
        => CopyOnto(
            new ShortHistogram(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits));
}
