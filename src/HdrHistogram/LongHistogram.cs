namespace ExecutionPipeline.HdrHistogram;

/// <summary>A histogram with 64-bit counts, for one recording thread at a time.</summary>
public class LongHistogram : CountsHistogram<long>
{
    /// <summary>Makes a histogram that tells values apart from 1 on.</summary>
    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public LongHistogram(long highestTrackableValue, int numberOfSignificantValueDigits)
        : this(1, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public LongHistogram(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public LongHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="IRecorder.RecordValue"/>
    /// <remarks>
    /// The same as the base class's, for callers that know the class: it spares a virtual call, which the compiler
    /// removes by itself only with profile-guided optimization.
    /// </remarks>
    public new void RecordValue(long value) => base.IncrementCountAtIndex(CountsIndexFor(value));

    /// <inheritdoc/>
    public override HistogramBase Copy()
        => CopyOnto(
            new LongHistogram(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits));
}
