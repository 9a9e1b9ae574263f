namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// A histogram with 64-bit counts that any number of threads may record into at once, without a lock.
/// </summary>
/// <inheritdoc cref="ConcurrentCountsHistogram{TCount}"/>
public class LongConcurrentHistogram : ConcurrentCountsHistogram<long>
{
    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public LongConcurrentHistogram(
        long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public LongConcurrentHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc/>
    public override HistogramBase Copy()
        => CopyOnto(new LongConcurrentHistogram(
            InstanceId, LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits));
}
