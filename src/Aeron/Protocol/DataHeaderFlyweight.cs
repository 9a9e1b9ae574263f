using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>
/// The header of a data or padding frame.
/// <code>
///   0                4         5       6      8
///   | frame length   | version | flags | type |
///   8                12               16
///   | term offset    | session id     |
///   16               20               24
///   | stream id      | term id        |
///   24                                32
///   | reserved value                  |
/// </code>
/// </summary>
public static class DataHeaderFlyweight
{
    /// <summary>Offset of where the frame lies in its term.</summary>
    public const int TermOffsetFieldOffset = 8;

    /// <summary>Offset of the session.</summary>
    public const int SessionIdFieldOffset = 12;

    /// <summary>Offset of the stream.</summary>
    public const int StreamIdFieldOffset = 16;

    /// <summary>Offset of the term.</summary>
    public const int TermIdFieldOffset = 20;

    /// <summary>Offset of the 8 bytes that applications may use.</summary>
    public const int ReservedValueOffset = 24;

    /// <summary>Bytes before the payload.</summary>
    public const int HEADER_LENGTH = 32;

    /// <summary>Writes the header that all frames of a publication are copied from.</summary>
    public static void WriteDefault(
        UnsafeBuffer buffer, int offset, int sessionId, int streamId, int termId, int termOffset)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.SetMemory(offset, HEADER_LENGTH, 0);
        buffer.PutByte(offset + HeaderFlyweight.VersionFieldOffset, HeaderFlyweight.CurrentVersion);
        buffer.PutByte(offset + HeaderFlyweight.FlagsFieldOffset, FrameDescriptor.Unfragmented);
        buffer.PutShort(offset + HeaderFlyweight.TypeFieldOffset, HeaderFlyweight.HeaderTypeData);
        buffer.PutInt(offset + TermOffsetFieldOffset, termOffset);
        buffer.PutInt(offset + SessionIdFieldOffset, sessionId);
        buffer.PutInt(offset + StreamIdFieldOffset, streamId);
        buffer.PutInt(offset + TermIdFieldOffset, termId);
    }
}
