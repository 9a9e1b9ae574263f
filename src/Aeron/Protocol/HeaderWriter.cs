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

    /// <summary>Writes a header whose negative length says that the frame is not complete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(UnsafeBuffer termBuffer, int offset, int length, int termId)
    {
        // The length must be seen as claimed before anything else of the frame, so that an unblocker knows how far to
        // skip: pairs with the acquiring read in TermUnblocker.
        termBuffer.PutLongRelease(offset, _versionFlagsType | (uint)-length);
        Volatile.WriteBarrier();
        termBuffer.PutLong(offset + DataHeaderFlyweight.TermOffsetFieldOffset, _sessionId | (uint)offset);
        termBuffer.PutLong(offset + DataHeaderFlyweight.StreamIdFieldOffset, ((long)termId << 32) | _streamId);
    }
}
