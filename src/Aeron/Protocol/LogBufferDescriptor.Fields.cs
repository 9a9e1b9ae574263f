using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol;

public static partial class LogBufferDescriptor
{
    /// <summary>The first term's id.</summary>
    public static int InitialTermId(UnsafeBuffer metaData) => metaData.GetInt(LogInitialTermIdOffset);

    /// <summary>The longest frame, in bytes.</summary>
    public static int MtuLength(UnsafeBuffer metaData) => metaData.GetInt(LogMtuLengthOffset);

    /// <summary>The term length, in bytes.</summary>
    public static int TermLength(UnsafeBuffer metaData) => metaData.GetInt(LogTermLengthOffset);

    /// <summary>The page size, in bytes.</summary>
    public static int PageSize(UnsafeBuffer metaData) => metaData.GetInt(LogPageSizeOffset);

    /// <summary>True while there is a subscriber.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsConnected(UnsafeBuffer metaData) => metaData.GetIntVolatile(LogIsConnectedOffset) == 1;

    /// <summary>Says whether there is a subscriber.</summary>
    public static void SetConnected(UnsafeBuffer metaData, bool isConnected) =>
        metaData.PutIntRelease(LogIsConnectedOffset, isConnected ? 1 : 0);

    /// <summary>How many sockets the stream comes in by; 0 or 1 within a machine.</summary>
    public static int ActiveTransportCount(UnsafeBuffer metaData) =>
        metaData.GetIntVolatile(LogActiveTransportCountOffset);

    /// <summary>Where the stream ends: the largest number until its publication closes.</summary>
    public static long EndOfStreamPosition(UnsafeBuffer metaData) =>
        metaData.GetLongVolatile(LogEndOfStreamPositionOffset);

    /// <summary>Sets where the stream ends.</summary>
    public static void EndOfStreamPosition(UnsafeBuffer metaData, long position) =>
        metaData.PutLongRelease(LogEndOfStreamPositionOffset, position);

    /// <summary>True when the publication was revoked: what was not read yet is not to be.</summary>
    public static bool IsPublicationRevoked(UnsafeBuffer metaData) =>
        metaData.GetByte(LogIsPublicationRevokedOffset) == 1;

    /// <summary>Marks the publication as revoked.</summary>
    public static void Revoke(UnsafeBuffer metaData) => metaData.PutByte(LogIsPublicationRevokedOffset, 1);

    /// <summary>The number of terms before the active one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ActiveTermCount(UnsafeBuffer metaData) => metaData.GetIntVolatile(LogActiveTermCountOffset);

    /// <summary>Makes another term the active one.</summary>
    public static void ActiveTermCountOrdered(UnsafeBuffer metaData, int termCount) =>
        metaData.PutIntRelease(LogActiveTermCountOffset, termCount);

    /// <summary>Where a term's tail is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TailOffset(int partitionIndex) => TermTailCountersOffset + partitionIndex * sizeof(long);

    /// <summary>A term's tail, acquiring.</summary>
    public static long RawTailVolatile(UnsafeBuffer metaData, int partitionIndex) =>
        metaData.GetLongVolatile(TailOffset(partitionIndex));

    /// <summary>The active term's tail, acquiring.</summary>
    public static long RawTailVolatile(UnsafeBuffer metaData) =>
        RawTailVolatile(metaData, IndexByTermCount(ActiveTermCount(metaData)));

    /// <summary>Starts a term's tail.</summary>
    public static void InitialiseTailWithTermId(UnsafeBuffer metaData, int partitionIndex, int termId) =>
        metaData.PutLong(TailOffset(partitionIndex), PackTail(termId, 0));

    /// <summary>
    /// Moves a log on to its next term. Any number of writers may do so at once: one of them does.
    /// </summary>
    public static bool TryRotateLog(UnsafeBuffer metaData, int currentTermCount, int currentTermId)
    {
        var nextTermId = currentTermId + 1;
        var nextTermCount = currentTermCount + 1;
        var tail = TailOffset(IndexByTermCount(nextTermCount));
        var expectedTermId = nextTermId - PartitionCount;
        while (true)
        {
            var rawTail = metaData.GetLongVolatile(tail);
            if (TermId(rawTail) != expectedTermId)
                break;

            if (metaData.CompareAndSetLong(tail, rawTail, PackTail(nextTermId, 0)))
                break;
        }

        return metaData.CompareAndSetInt(LogActiveTermCountOffset, currentTermCount, nextTermCount);
    }
}
