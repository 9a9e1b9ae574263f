using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.HdrHistogram;

/// <content>Which slot a value belongs to, and which values a slot stands for.</content>
public abstract partial class HistogramBase
{
    /// <summary>How many different values share the slot of the given one.</summary>
    /// <param name="value">A value, in the histogram's unit.</param>
    public long SizeOfEquivalentValueRange(long value) => 1L << ShiftFor(value);

    /// <summary>The lowest value that shares the slot of the given one.</summary>
    /// <param name="value">A value, in the histogram's unit.</param>
    public long LowestEquivalentValue(long value)
    {
        var shift = ShiftFor(value);
        return value >> shift << shift;
    }

    /// <summary>The value in the middle (rounded up) of those that share the slot of the given one.</summary>
    /// <param name="value">A value, in the histogram's unit.</param>
    public long MedianEquivalentValue(long value)
        => LowestEquivalentValue(value) + (SizeOfEquivalentValueRange(value) >> 1);

    /// <summary>The lowest value above the given one that has another slot.</summary>
    /// <param name="value">A value, in the histogram's unit.</param>
    public long NextNonEquivalentValue(long value) => LowestEquivalentValue(value) + SizeOfEquivalentValueRange(value);

    /// <summary>The slot of a value; beyond the array for a negative or too high one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int CountsIndexFor(long value)
    {
        var shift = ShiftFor(value);

        // The unsigned shift sends a negative value to the bucket after the last one a histogram can have.
        return ((shift - _unitMagnitude) << _subBucketHalfCountMagnitude) + (int)((ulong)value >> shift);
    }

    internal long LowestValueAtIndex(int index)
    {
        var bucketIndex = Math.Max((index >> _subBucketHalfCountMagnitude) - 1, 0);
        long subBucketIndex = index - (bucketIndex << _subBucketHalfCountMagnitude);
        return subBucketIndex << (bucketIndex + _unitMagnitude);
    }

    internal long HighestValueAtIndex(int index) => LowestValueAtIndex(index) + WidthAtIndex(index) - 1;

    internal long MedianValueAtIndex(int index) => LowestValueAtIndex(index) + (WidthAtIndex(index) >> 1);

    /// <summary>The highest slot with a count, or -1 when nothing is recorded.</summary>
    internal int LastRecordedIndex()
    {
        var index = CountsArrayLength - 1;
        while (index >= 0 && GetCountAtIndex(index) == 0)
            index--;
        return index;
    }

    internal bool HasSameLayoutAs(HistogramBase other)
        => BucketCount == other.BucketCount
        && SubBucketCount == other.SubBucketCount
        && _unitMagnitude == other._unitMagnitude;

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected void ThrowSlotOutsideRange()
        => throw new IndexOutOfRangeException(
            $"The value is negative or above the highest trackable value ({HighestTrackableValue}).");

    private long WidthAtIndex(int index)
        => 1L << (Math.Max((index >> _subBucketHalfCountMagnitude) - 1, 0) + _unitMagnitude);

    /// <summary>Low bits that the slot of a value ignores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ShiftFor(long value)
        => _shiftWithoutLeadingZeros - BitOperations.LeadingZeroCount((ulong)(value | _subBucketMask));
}
