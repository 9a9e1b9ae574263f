namespace ExecutionPipeline.HdrHistogram;

/// <summary>A histogram with 16-bit counts, for one recording thread at a time.
/// A count above the maximum wraps around; <see cref="HistogramBase.HasOverflowed"/> tells.</summary>
public sealed class ShortHistogram : HistogramBase
{
    private readonly short[] _counts;
    private long _totalCount;

    /// <summary>Makes a histogram that tells values apart from 1 on.</summary>
    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public ShortHistogram(long highestTrackableValue, int numberOfSignificantValueDigits)
        : this(1, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public ShortHistogram(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
        => _counts = new short[CountsArrayLength];

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public ShortHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
        => _counts = new short[CountsArrayLength];

    /// <inheritdoc/>
    public override long TotalCount
    {
        get => _totalCount;
        protected set => _totalCount = value;
    }

    /// <inheritdoc/>
    protected override int WordSizeInBytes => sizeof(short);

    /// <inheritdoc/>
    protected override long MaxAllowableCount => short.MaxValue;

    /// <inheritdoc/>
    public override HistogramBase Copy()
        => CopyOnto(
            new ShortHistogram(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits));

    /// <inheritdoc/>
    protected override long GetCountAtIndex(int index) => _counts[index];

    /// <inheritdoc/>
    protected override void SetCountAtIndex(int index, long value) => _counts[index] = (short)value;

    /// <inheritdoc/>
    protected override void IncrementCountAtIndex(int index)
    {
        // The comparison is the one that the array access needs anyway; the compiler drops the second.
        var counts = _counts;
        if ((uint)index < (uint)counts.Length)
        {
            counts[index]++;
            _totalCount++;
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
            counts[index] += (short)addend;
            _totalCount += addend;
            return;
        }

        ThrowSlotOutsideRange();
    }

    /// <inheritdoc/>
    protected override void ClearCounts()
    {
        Array.Clear(_counts);
        _totalCount = 0;
    }

    /// <inheritdoc/>
    protected override void CopyCountsInto(long[] target)
    {
        for (var index = 0; index < target.Length; index++)
            target[index] = _counts[index];
    }
}
