using System.Numerics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol;

public static partial class LogBufferDescriptor
{
    /// <summary>The index of a term's buffer, by how many terms came before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexByTermCount(int termCount) => (int)((uint)termCount % PartitionCount);

    /// <summary>The index of a term's buffer, by its id.</summary>
    public static int IndexByTerm(int initialTermId, int activeTermId) =>
        IndexByTermCount(activeTermId - initialTermId);

    /// <summary>The index of the term's buffer that a position lies in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexByPosition(long position, int positionBitsToShift) =>
        (int)((uint)(position >> positionBitsToShift) % PartitionCount);

    /// <summary>The position of an offset in a term. Term ids may have wrapped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ComputePosition(int activeTermId, int termOffset, int positionBitsToShift, int initialTermId) =>
        ComputeTermBeginPosition(activeTermId, positionBitsToShift, initialTermId) + termOffset;

    /// <summary>The position of a term's first byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ComputeTermBeginPosition(int activeTermId, int positionBitsToShift, int initialTermId) =>
        (long)unchecked(activeTermId - initialTermId) << positionBitsToShift;

    /// <summary>The term that a position lies in.</summary>
    public static int ComputeTermIdFromPosition(long position, int positionBitsToShift, int initialTermId) =>
        unchecked((int)(position >>> positionBitsToShift) + initialTermId);

    /// <summary>The binary logarithm of a term length.</summary>
    public static int PositionBitsToShift(int termLength)
    {
        CheckTermLength(termLength);
        return BitOperations.TrailingZeroCount(termLength);
    }

    /// <summary>A tail's term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TermId(long rawTail) => (int)(rawTail >> 32);

    /// <summary>A tail's offset, at most the term's length: writers may have run past the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TermOffset(long rawTail, int termLength) => (int)Math.Min(rawTail & 0xFFFF_FFFFL, termLength);

    /// <summary>The tail of a term and an offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long PackTail(int termId, int termOffset) => ((long)termId << 32) | (uint)termOffset;

    /// <summary>Bytes in the log of a message of several fragments.</summary>
    public static int ComputeFragmentedFrameLength(int length, int maxPayloadLength)
    {
        var (whole, rest) = Math.DivRem(length, maxPayloadLength);
        var last = rest > 0
            ? BitUtil.Align(rest + DataHeaderFlyweight.HEADER_LENGTH, FrameDescriptor.FrameAlignment)
            : 0;
        return whole * (maxPayloadLength + DataHeaderFlyweight.HEADER_LENGTH) + last;
    }
}
