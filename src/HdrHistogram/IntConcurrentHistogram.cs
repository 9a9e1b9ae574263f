namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// A histogram with 32-bit counts that any number of threads may record into at once, without a lock. A count above
/// the maximum wraps around; <see cref="HistogramBase.HasOverflowed"/> tells.
/// </summary>
/// <inheritdoc cref="ConcurrentCountsHistogram{TCount}"/>
public class IntConcurrentHistogram : ConcurrentCountsHistogram<int>
{
    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public IntConcurrentHistogram(
        long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public IntConcurrentHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc/>
    public override HistogramBase Copy()
        => CopyOnto(new IntConcurrentHistogram(
            InstanceId, LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits));
}
