using System.Numerics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>
/// A log: three terms one after the other, and a page of metadata at the end of the file.
/// <code>
///   0          24                 128                   136         140
///   | 3 tails  | active term count | ... | end of stream | connected | transports | ...
///   256              264               268            272   276           280         284                 288
///   | correlation id | initial term id | header length | MTU | term length | page size | publication window | ...
///   288               292                                           316          320             448
///   | receiver window | socket buffer lengths, six of them          | max resend | default header | ...
///   448          456           464      472            480      488                    500
///   | entity tag | response id | linger | window limit | resting | flags, a byte each  | untethered linger |
/// </code>
/// A tail is a term id in the upper and an offset in the lower half.
/// </summary>
public static class LogBufferDescriptor
{
    /// <summary>Terms of a log.</summary>
    public const int PartitionCount = 3;

    /// <summary>The shortest term, in bytes.</summary>
    public const int TermMinLength = 64 * 1024;

    /// <summary>The longest term, in bytes.</summary>
    public const int TermMaxLength = 1024 * 1024 * 1024;

    /// <summary>The smallest page, in bytes.</summary>
    public const int PageMinSize = 4 * 1024;

    /// <summary>The largest page, in bytes.</summary>
    public const int PageMaxSize = 1024 * 1024 * 1024;

    /// <summary>Bytes of the metadata.</summary>
    public const int LogMetaDataLength = PageMinSize;

    /// <summary>Log type of a publication that many threads share.</summary>
    public const byte TypeConcurrentPublication = 0;

    /// <summary>Log type of a publication with one writer.</summary>
    public const byte TypeExclusivePublication = 1;

    /// <summary>Offset of the tails.</summary>
    public const int TermTailCountersOffset = 0;

    /// <summary>Offset of the number of terms before the active one.</summary>
    public const int LogActiveTermCountOffset = 24;

    /// <summary>Offset of the position at which the stream ended.</summary>
    public const int LogEndOfStreamPositionOffset = 128;

    /// <summary>Offset of whether anyone subscribes.</summary>
    public const int LogIsConnectedOffset = 136;

    /// <summary>Offset of the number of transports.</summary>
    public const int LogActiveTransportCountOffset = 140;

    /// <summary>Offset of the publication's registration id.</summary>
    public const int LogCorrelationIdOffset = 256;

    /// <summary>Offset of the first term's id.</summary>
    public const int LogInitialTermIdOffset = 264;

    /// <summary>Offset of the default header's length.</summary>
    public const int LogDefaultFrameHeaderLengthOffset = 268;

    /// <summary>Offset of the longest frame.</summary>
    public const int LogMtuLengthOffset = 272;

    /// <summary>Offset of the term length.</summary>
    public const int LogTermLengthOffset = 276;

    /// <summary>Offset of the page size.</summary>
    public const int LogPageSizeOffset = 280;

    /// <summary>Offset of the publication window.</summary>
    public const int LogPublicationWindowLengthOffset = 284;

    /// <summary>Offset of the most resends at a time.</summary>
    public const int LogMaxResendOffset = 316;

    /// <summary>Offset of the default header.</summary>
    public const int LogDefaultFrameHeaderOffset = 320;

    /// <summary>Offset of the entity tag.</summary>
    public const int LogEntityTagOffset = 448;

    /// <summary>Offset of the response's correlation id.</summary>
    public const int LogResponseCorrelationIdOffset = 456;

    /// <summary>Offset of the linger time-out.</summary>
    public const int LogLingerTimeoutNsOffset = 464;

    /// <summary>Offset of the time an untethered subscriber may fall behind.</summary>
    public const int LogUntetheredWindowLimitTimeoutNsOffset = 472;

    /// <summary>Offset of the time an untethered subscriber rests.</summary>
    public const int LogUntetheredRestingTimeoutNsOffset = 480;

    /// <summary>Offset of whether the log is a group's.</summary>
    public const int LogGroupOffset = 488;

    /// <summary>Offset of whether the log is a response's.</summary>
    public const int LogIsResponseOffset = 489;

    /// <summary>Offset of whether subscribers may rejoin.</summary>
    public const int LogRejoinOffset = 490;

    /// <summary>Offset of whether loss is repaired.</summary>
    public const int LogReliableOffset = 491;

    /// <summary>Offset of whether the file is sparse.</summary>
    public const int LogSparseOffset = 492;

    /// <summary>Offset of whether the end of the stream is signalled.</summary>
    public const int LogSignalEosOffset = 493;

    /// <summary>Offset of whether spies count as connected.</summary>
    public const int LogSpiesSimulateConnectionOffset = 494;

    /// <summary>Offset of whether slow subscribers hold the publisher back.</summary>
    public const int LogTetherOffset = 495;

    /// <summary>Offset of whether the publication was revoked.</summary>
    public const int LogIsPublicationRevokedOffset = 496;

    /// <summary>Offset of the log's type.</summary>
    public const int LogTypeOffset = 497;

    /// <summary>Offset of the time an untethered subscriber lingers.</summary>
    public const int LogUntetheredLingerTimeoutNsOffset = 500;

    /// <summary>Throws unless a term length is a power of two between the limits.</summary>
    public static void CheckTermLength(int termLength)
    {
        if (termLength < TermMinLength)
            throw new ArgumentException($"Term length less than min length of {TermMinLength}: length={termLength}");

        if (termLength > TermMaxLength)
            throw new ArgumentException($"Term length more than max length of {TermMaxLength}: length={termLength}");

        if (!BitUtil.IsPowerOfTwo(termLength))
            throw new ArgumentException($"Term length not a power of 2: length={termLength}");
    }

    /// <summary>Throws unless a page size is a power of two between the limits.</summary>
    public static void CheckPageSize(int pageSize)
    {
        if (pageSize is < PageMinSize or > PageMaxSize || !BitUtil.IsPowerOfTwo(pageSize))
            throw new ArgumentException(
                $"Page size not a power of 2 between {PageMinSize} and {PageMaxSize}: page size={pageSize}");
    }

    /// <summary>Bytes of a log's file.</summary>
    public static long ComputeLogLength(int termLength, int filePageSize) =>
        BitUtil.Align(PartitionCount * (long)termLength + LogMetaDataLength, filePageSize);

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
