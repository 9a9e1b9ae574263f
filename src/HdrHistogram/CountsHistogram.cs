using System.Numerics;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// A histogram by the type of its counts, for one recording thread at a time. A count above the maximum wraps around;
/// <see cref="HistogramBase.HasOverflowed"/> tells.
/// </summary>
/// <typeparam name="TCount">The type of a count: signed.</typeparam>
public abstract class CountsHistogram<TCount> : HistogramBase
    where TCount : unmanaged, IBinaryInteger<TCount>, IMinMaxValue<TCount>
{
    private long _totalCount;

    private protected CountsHistogram(
        long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
        => Counts = new TCount[CountsArrayLength];

    private protected CountsHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
        => Counts = new TCount[CountsArrayLength];

    /// <inheritdoc/>
    public override long TotalCount
    {
        get => _totalCount;
        protected set => _totalCount = value;
    }

    /// <inheritdoc/>
    protected override int WordSizeInBytes => Unsafe.SizeOf<TCount>();

    /// <inheritdoc/>
    protected override long MaxAllowableCount => long.CreateTruncating(TCount.MaxValue);

    private protected TCount[] Counts { get; }

    private protected ref long Total => ref _totalCount;

    /// <inheritdoc/>
    protected override long GetCountAtIndex(int index) => long.CreateTruncating(Counts[index]);

    /// <inheritdoc/>
    protected override void SetCountAtIndex(int index, long value) => Counts[index] = TCount.CreateTruncating(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected override void IncrementCountAtIndex(int index)
    {
        // The comparison is the one that the array access needs anyway; the compiler drops the second.
        var counts = Counts;
        if ((uint)index < (uint)counts.Length)
        {
            // Through a reference, the addition is one instruction on memory.
            ref var count = ref counts[index];
            count++;
            _totalCount++;
            return;
        }

        ThrowSlotOutsideRange();
    }

    /// <inheritdoc/>
    protected override void AddToCountAtIndex(int index, long addend)
    {
        var counts = Counts;
        if ((uint)index < (uint)counts.Length)
        {
            counts[index] += TCount.CreateTruncating(addend);
            _totalCount += addend;
            return;
        }

        ThrowSlotOutsideRange();
    }

    /// <inheritdoc/>
    protected override void ClearCounts()
    {
        Array.Clear(Counts);
        TotalCount = 0;
    }

    /// <inheritdoc/>
    protected override void CopyCountsInto(long[] target)
    {
        var counts = Counts;
        for (var index = 0; index < target.Length; index++)
            target[index] = long.CreateTruncating(counts[index]);
    }
}
