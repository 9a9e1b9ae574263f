using System.Buffers.Binary;

namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>Where outbound messages go.</summary>
public interface IOutboundSink
{
    /// <summary>Takes one whole message, which is valid for the call alone. False when it could not be taken.</summary>
    bool TrySend(ReadOnlySpan<byte> message);

    /// <summary>The same of a message that has a number, by which a reader sees what it has missed.</summary>
    bool TrySend(ReadOnlySpan<byte> message, long sequence) => TrySend(message);
}

/// <summary>Takes every message and keeps none.</summary>
public sealed class NullSink : IOutboundSink
{
    public bool TrySend(ReadOnlySpan<byte> message) => true;
}

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
