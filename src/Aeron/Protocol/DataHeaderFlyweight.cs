using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>
/// What every frame starts with.
/// <code>
///   0                4         5       6      8
///   | frame length   | version | flags | type |
/// </code>
/// </summary>
public static class HeaderFlyweight
{
    /// <summary>Offset of the length, header included.</summary>
    public const int FrameLengthFieldOffset = 0;

    /// <summary>Offset of the version.</summary>
    public const int VersionFieldOffset = 4;

    /// <summary>Offset of the flags.</summary>
    public const int FlagsFieldOffset = 5;

    /// <summary>Offset of the type.</summary>
    public const int TypeFieldOffset = 6;

    /// <summary>The version that this project writes.</summary>
    public const byte CurrentVersion = 0;

    /// <summary>The type of padding, which readers skip.</summary>
    public const int HeaderTypePad = 0;

    /// <summary>The type of data.</summary>
    public const int HeaderTypeData = 1;
}

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

/// <summary>Writes the headers of a publication's frames in three stores.</summary>
public sealed class HeaderWriter
{
    private readonly long _versionFlagsType;
    private readonly long _sessionId;
    private readonly long _streamId;

    /// <summary>Takes the log's default header.</summary>
    public HeaderWriter(UnsafeBuffer metaData)
    {
        ArgumentNullException.ThrowIfNull(metaData);
        const int header = LogBufferDescriptor.LogDefaultFrameHeaderOffset;
        _versionFlagsType = (long)metaData.GetInt(header + HeaderFlyweight.VersionFieldOffset) << 32;
        _sessionId = (long)metaData.GetInt(header + DataHeaderFlyweight.SessionIdFieldOffset) << 32;
        _streamId = (uint)metaData.GetInt(header + DataHeaderFlyweight.StreamIdFieldOffset);
    }

    /// <summary>
    /// Writes a header whose negative length says that the frame is not complete. The length is seen before anything
    /// else of the frame, so that an unblocker knows how far to skip.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(UnsafeBuffer termBuffer, int offset, int length, int termId) => termBuffer.PutLongsFirstFirst(
        offset,
        _versionFlagsType | (uint)-length,
        _sessionId | (uint)offset,
        ((long)termId << 32) | _streamId);
}
