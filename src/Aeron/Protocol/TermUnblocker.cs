using ExecutionPipeline.Aeron.Buffers;
using static ExecutionPipeline.Aeron.Protocol.FrameDescriptor;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>Turns a frame that its writer never finished into padding.</summary>
public static class TermUnblocker
{
    /// <summary>What was done.</summary>
    public enum Status
    {
        /// <summary>Nothing is blocked, or not certainly.</summary>
        NoAction,

        /// <summary>The blocked frame is padding now.</summary>
        Unblocked,

        /// <summary>The rest of the term is padding now.</summary>
        UnblockedToEnd,
    }

    /// <summary>
    /// Looks at the frame at an offset, which no reader has passed for longer than a writer may take. Once nobody
    /// writes any more, a frame of which nothing was written goes too, though no other follows.
    /// </summary>
    public static Status Unblock(
        UnsafeBuffer metaData,
        UnsafeBuffer termBuffer,
        int blockedOffset,
        int tailOffset,
        int termId,
        bool hasWriters = true)
    {
        ArgumentNullException.ThrowIfNull(termBuffer);
        if (blockedOffset > termBuffer.Capacity - DataHeaderFlyweight.HEADER_LENGTH)
            return Status.NoAction;

        var frameLength = FrameLengthVolatile(termBuffer, blockedOffset);
        if (frameLength < 0)
        {
            // A length that leaves the term is not a frame's: what follows is given up with it.
            var remaining = termBuffer.Capacity - blockedOffset;
            var isPossible = frameLength != int.MinValue && -frameLength <= remaining;
            ResetHeader(metaData, termBuffer, blockedOffset, termId, isPossible ? -frameLength : remaining);
            return Status.Unblocked;
        }

        return frameLength == 0
            ? UnblockUnwritten(metaData, termBuffer, blockedOffset, tailOffset, termId, hasWriters)
            : Status.NoAction;
    }

    private static Status UnblockUnwritten(
        UnsafeBuffer metaData,
        UnsafeBuffer termBuffer,
        int blockedOffset,
        int tailOffset,
        int termId,
        bool hasWriters)
    {
        var offset = blockedOffset + FrameAlignment;
        for (; offset < tailOffset; offset += FrameAlignment)
        {
            if (FrameLengthVolatile(termBuffer, offset) == 0)
                continue;

            if (!IsZeroed(termBuffer, blockedOffset, offset))
                return Status.NoAction;

            ResetHeader(metaData, termBuffer, blockedOffset, termId, offset - blockedOffset);
            return Status.Unblocked;
        }

        var isToEnd = offset == termBuffer.Capacity;
        var isUnfinished = !hasWriters && offset == tailOffset;
        if (!(isToEnd || isUnfinished) || FrameLengthVolatile(termBuffer, blockedOffset) != 0)
            return Status.NoAction;

        ResetHeader(metaData, termBuffer, blockedOffset, termId, offset - blockedOffset);
        return isToEnd ? Status.UnblockedToEnd : Status.Unblocked;
    }

    private static bool IsZeroed(UnsafeBuffer termBuffer, int from, int to)
    {
        for (var offset = to - FrameAlignment; offset >= from; offset -= FrameAlignment)
        {
            if (FrameLengthVolatile(termBuffer, offset) != 0)
                return false;
        }

        return true;
    }

    private static void ResetHeader(
        UnsafeBuffer metaData, UnsafeBuffer termBuffer, int termOffset, int termId, int frameLength)
    {
        // The default header's length field is zero, so readers still see nothing until the length is set.
        termBuffer.PutBytes(
            termOffset, metaData, LogBufferDescriptor.LogDefaultFrameHeaderOffset, DataHeaderFlyweight.HEADER_LENGTH);
        FrameType(termBuffer, termOffset, HeaderFlyweight.HeaderTypePad);
        termBuffer.PutInt(termOffset + DataHeaderFlyweight.TermOffsetFieldOffset, termOffset);
        termBuffer.PutInt(termOffset + DataHeaderFlyweight.TermIdFieldOffset, termId);
        FrameLengthOrdered(termBuffer, termOffset, frameLength);
    }
}

/// <summary>
/// Frees a log whose writer died between claiming and committing, or before it moved to the next term.
/// </summary>
public static class LogBufferUnblocker
{
    /// <summary>True when something was blocked at the position and is not any more.</summary>
    public static bool TryUnblock(
        UnsafeBuffer[] termBuffers,
        UnsafeBuffer metaData,
        long blockedPosition,
        int termLength,
        bool hasWriters = true)
    {
        ArgumentNullException.ThrowIfNull(termBuffers);
        var blockedTermCount = (int)(blockedPosition >> PositionBitsToShift(termLength));
        var blockedOffset = (int)blockedPosition & (termLength - 1);
        var activeTermCount = ActiveTermCount(metaData);
        if (activeTermCount == blockedTermCount - 1 && blockedOffset == 0)
        {
            var currentTermId = TermId(RawTailVolatile(metaData, IndexByTermCount(activeTermCount)));
            TryRotateLog(metaData, activeTermCount, currentTermId);
            return true;
        }

        var index = IndexByTermCount(blockedTermCount);
        var rawTail = RawTailVolatile(metaData, index);
        var termId = TermId(rawTail);
        var status = TermUnblocker.Unblock(
            metaData, termBuffers[index], blockedOffset, TermOffset(rawTail, termLength), termId,
            hasWriters);
        if (status == TermUnblocker.Status.UnblockedToEnd)
            TryRotateLog(metaData, blockedTermCount, termId);

        return status != TermUnblocker.Status.NoAction;
    }
}
