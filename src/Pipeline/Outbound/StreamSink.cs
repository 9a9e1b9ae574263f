using System.Buffers.Binary;

namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>
/// Writes messages to a stream, each behind its length as a little-endian 32-bit integer: what replays are compared by.
/// </summary>
public sealed class StreamSink(Stream stream) : IOutboundSink
{
    private readonly byte[] _length = new byte[sizeof(int)];

    public bool TrySend(ReadOnlySpan<byte> message)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_length, message.Length);
        stream.Write(_length);
        stream.Write(message);
        return true;
    }
}
