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
public static partial class LogBufferDescriptor
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
}
