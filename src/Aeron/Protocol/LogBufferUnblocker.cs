using ExecutionPipeline.Aeron.Buffers;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Protocol;

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
