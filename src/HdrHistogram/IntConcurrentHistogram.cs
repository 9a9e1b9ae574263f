namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// A histogram with 32-bit counts that any number of threads may record into at once, without a lock. A count above
/// the maximum wraps around; <see cref="HistogramBase.HasOverflowed"/> tells.
/// </summary>
/// <remarks>
/// A reader that runs beside the writers sees each count as it is at that moment, and not one instant of all of
/// them. For consistent intervals read through a <see cref="Recorder"/>.
/// </remarks>
public class IntConcurrentHistogram : HistogramBase
{
    private readonly int[] _counts;
    private long _totalCount;

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public IntConcurrentHistogram(
        long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
        => _counts = new int[CountsArrayLength];

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public IntConcurrentHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
        => _counts = new int[CountsArrayLength];

    /// <inheritdoc/>
    public override long TotalCount
    {
        // Pairs with the additions below: whoever reads a total also sees the counts it sums.
        get => Volatile.Read(ref _totalCount);
        protected set => Volatile.Write(ref _totalCount, value);
    }

    /// <inheritdoc/>
    protected override int WordSizeInBytes => sizeof(int);

    /// <inheritdoc/>
    protected override long MaxAllowableCount => int.MaxValue;

    /// <inheritdoc/>
    public override HistogramBase Copy()
        => CopyOnto(new IntConcurrentHistogram(
            InstanceId, LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits));

    /// <inheritdoc/>
    // Pairs with the interlocked additions of the recording threads.
    protected override long GetCountAtIndex(int index) => Volatile.Read(ref _counts[index]);

    /// <inheritdoc/>
    // Pairs with the volatile read of a count.
    protected override void SetCountAtIndex(int index, long value) => Volatile.Write(ref _counts[index], (int)value);

    /// <inheritdoc/>
    protected override void IncrementCountAtIndex(int index)
    {
        var counts = _counts;
        if ((uint)index < (uint)counts.Length)
        {
            // The count first: a reader that finds the total finds at least as much in the counts.
            Interlocked.Increment(ref counts[index]);
            Interlocked.Increment(ref _totalCount);
            return;
        }

        ThrowSlotOutsideRange();
    }

    /// <inheritdoc/>
    protected override void AddToCountAtIndex(int index, long addend)
    {
        var counts = _counts;
        if ((uint)index < (uint)counts.Length)
        {
            // The count first, as above.
            Interlocked.Add(ref counts[index], (int)addend);
            Interlocked.Add(ref _totalCount, addend);
            return;
        }

        ThrowSlotOutsideRange();
    }

    /// <inheritdoc/>
    /// <remarks>Of a value recorded at the same moment the count may stay without its total.</remarks>
    protected override void ClearCounts()
    {
        Array.Clear(_counts);
        TotalCount = 0;
    }

    /// <inheritdoc/>
    protected override void CopyCountsInto(long[] target)
    {
        for (var index = 0; index < target.Length; index++)
            target[index] = GetCountAtIndex(index);
    }
}
