namespace ExecutionPipeline.HdrHistogram;

/// <summary>A histogram with 64-bit counts, for one recording thread at a time.</summary>
public class LongHistogram : HistogramBase
{
    private readonly long[] _counts;
    private long _totalCount;

    /// <summary>Makes a histogram that tells values apart from 1 on.</summary>
    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public LongHistogram(long highestTrackableValue, int numberOfSignificantValueDigits)
        : this(1, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public LongHistogram(long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
        => _counts = new long[CountsArrayLength];

    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    public LongHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
        => _counts = new long[CountsArrayLength];

    /// <inheritdoc/>
    public override long TotalCount
    {
        get => _totalCount;
        protected set => _totalCount = value;
    }

    /// <inheritdoc/>
    protected override int WordSizeInBytes => sizeof(long);

    /// <inheritdoc/>
    protected override long MaxAllowableCount => long.MaxValue;

    /// <inheritdoc cref="IRecorder.RecordValue"/>
    /// <remarks>
    /// The same as the base class's, for callers that know the class: it spares a virtual call, which the compiler
    /// removes by itself only with profile-guided optimization.
    /// </remarks>
    public new void RecordValue(long value)
    {
        var counts = _counts;
        var index = CountsIndexFor(value);
        if ((uint)index < (uint)counts.Length)
        {
            counts[index]++;
            _totalCount++;
            return;
        }

        ThrowSlotOutsideRange();
    }

    /// <inheritdoc/>
    public override HistogramBase Copy()
        => CopyOnto(
            new LongHistogram(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits));

    /// <inheritdoc/>
    protected override long GetCountAtIndex(int index) => _counts[index];

    /// <inheritdoc/>
    protected override void SetCountAtIndex(int index, long value) => _counts[index] = value;

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
            counts[index] += addend;
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
        Array.Copy(_counts, target, target.Length);
    }
}
