using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol;

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
