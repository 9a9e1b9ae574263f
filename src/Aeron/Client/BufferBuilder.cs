using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Puts a message together from its fragments. It grows to the longest message seen and stays.</summary>
internal sealed class BufferBuilder
{
    private const int InitialCapacity = 4096;

    private readonly UnsafeBuffer _headerBuffer = new(new byte[DataHeaderFlyweight.HEADER_LENGTH]);
    private readonly Header _completeHeader = new(0, 0);
    private byte[] _array;
    private int _firstPayloadLength;

    public BufferBuilder(int initialCapacity)
    {
        _array = new byte[Math.Max(initialCapacity, 0)];
        Buffer = new UnsafeBuffer(_array);
    }

    public UnsafeBuffer Buffer { get; }

    public int Limit { get; private set; }

    /// <summary>Where the next fragment must begin; -1 while there is no message.</summary>
    public int NextTermOffset { get; private set; } = -1;

    public void Reset()
    {
        Limit = 0;
        NextTermOffset = -1;
    }

    public void Begin(IDirectBuffer buffer, int offset, int length, Header header)
    {
        Reset();
        _completeHeader.InitialTermId = header.InitialTermId;
        _completeHeader.PositionBitsToShift = header.PositionBitsToShift;
        _completeHeader.SetBuffer(_headerBuffer);
        _firstPayloadLength = length;
        _headerBuffer.PutBytes(0, header.Buffer, header.Offset, DataHeaderFlyweight.HEADER_LENGTH);
        Append(buffer, offset, length, header);
    }

    public void Append(IDirectBuffer buffer, int offset, int length, Header header)
    {
        // No publication can send a longer message, so more is nonsense, and is not let take the memory.
        if (length > FrameDescriptor.MaxMessageLength - Limit)
        {
            Reset();
            return;
        }

        EnsureCapacity(length);
        Buffer.PutBytes(Limit, buffer, offset, length);
        Limit += length;
        NextTermOffset = header.NextTermOffset;
    }

    /// <summary>Takes the last fragment out again, since it is going to be polled again.</summary>
    public void RemoveLast(int length, int termOffset)
    {
        Limit -= length;
        NextTermOffset = termOffset;
    }

    /// <summary>The header of the whole message, given that of its last fragment.</summary>
    public Header CompleteHeader(Header lastHeader)
    {
        _completeHeader.Context = lastHeader.Context;
        _completeHeader.SetFragmentedFrameLength(
            LogBufferDescriptor.ComputeFragmentedFrameLength(Limit, Math.Max(_firstPayloadLength, 1)));
        _headerBuffer.PutInt(HeaderFlyweight.FrameLengthFieldOffset, DataHeaderFlyweight.HEADER_LENGTH + Limit);
        var flags = (byte)(_headerBuffer.GetByte(HeaderFlyweight.FlagsFieldOffset) | lastHeader.Flags);
        _headerBuffer.PutByte(HeaderFlyweight.FlagsFieldOffset, flags);
        return _completeHeader;
    }

    private void EnsureCapacity(int additionalLength)
    {
        var required = Limit + additionalLength;
        if (required <= Buffer.Capacity)
            return;

        var capacity = Math.Max(required, Math.Max(InitialCapacity, Buffer.Capacity + (Buffer.Capacity >> 1)));
        Array.Resize(ref _array, capacity);
        Buffer.Wrap(_array);
    }
}
