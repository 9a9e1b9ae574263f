using System.Numerics;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// A histogram by the type of its counts that any number of threads may record into at once, without a lock. A count
/// above the maximum wraps around; <see cref="HistogramBase.HasOverflowed"/> tells.
/// </summary>
/// <remarks>
/// A reader that runs beside the writers sees each count as it is at that moment, and not one instant of all of
/// them, and of a value that is recorded during a reset the count may stay without its total. For consistent intervals
/// read through a <see cref="Recorder"/>.
/// </remarks>
/// <typeparam name="TCount">The type of a count: <see cref="int"/> or <see cref="long"/>.</typeparam>
public abstract class ConcurrentCountsHistogram<TCount> : CountsHistogram<TCount>
    where TCount : unmanaged, IBinaryInteger<TCount>, IMinMaxValue<TCount>
{
    private protected ConcurrentCountsHistogram(
        long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    private protected ConcurrentCountsHistogram(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : base(instanceId, lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits)
    {
    }

    /// <inheritdoc/>
    public override long TotalCount
    {
        // Pairs with the additions below: whoever reads a total also sees the counts it sums.
        get => Volatile.Read(ref Total);
        protected set => Volatile.Write(ref Total, value);
    }

    /// <inheritdoc/>
    // Pairs with the interlocked additions of the recording threads.
    protected override long GetCountAtIndex(int index) => typeof(TCount) == typeof(int)
        ? Volatile.Read(ref Unsafe.As<TCount, int>(ref Counts[index]))
        : Volatile.Read(ref Unsafe.As<TCount, long>(ref Counts[index]));

    /// <inheritdoc/>
    protected override void SetCountAtIndex(int index, long value)
    {
        // Pairs with the volatile read of a count.
        if (typeof(TCount) == typeof(int))
            Volatile.Write(ref Unsafe.As<TCount, int>(ref Counts[index]), (int)value);
        else
            Volatile.Write(ref Unsafe.As<TCount, long>(ref Counts[index]), value);
    }

    /// <inheritdoc/>
    protected override void IncrementCountAtIndex(int index) => Add(index, 1);

    /// <inheritdoc/>
    protected override void AddToCountAtIndex(int index, long addend) => Add(index, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int index, long addend)
    {
        var counts = Counts;
        if ((uint)index < (uint)counts.Length)
        {
            // The count first: a reader that finds the total finds at least as much in the counts.
            if (typeof(TCount) == typeof(int))
                Interlocked.Add(ref Unsafe.As<TCount, int>(ref counts[index]), (int)addend);
            else
                Interlocked.Add(ref Unsafe.As<TCount, long>(ref counts[index]), addend);

            Interlocked.Add(ref Total, addend);
            return;
        }

        ThrowSlotOutsideRange();
    }
}
