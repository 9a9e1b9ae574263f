using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Puts a message together from its fragments. It grows to the longest message seen and stays.</summary>
public sealed class BufferBuilder
{
    private const int MinimumGrowth = 4096;

    private readonly UnsafeBuffer _headerBuffer = new(new byte[DataHeaderFlyweight.HEADER_LENGTH]);
    private readonly Header _completeHeader = new(0, 0);
    private readonly UnsafeBuffer _buffer;
    private byte[] _array;
    private int _limit;
    private int _nextTermOffset = Aeron.NULL_VALUE;
    private int _firstFrameLength;

    /// <summary>Starts with no room.</summary>
    public BufferBuilder()
        : this(0)
    {
    }

    /// <summary>Starts with room for so many bytes.</summary>
    public BufferBuilder(int initialCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCapacity);
        _array = new byte[initialCapacity];
        _buffer = new UnsafeBuffer(_array);
    }

    /// <summary>Bytes that there is room for without growing.</summary>
    public int Capacity() => _buffer.Capacity;

    /// <summary>Bytes of the message so far.</summary>
    public int Limit() => _limit;

    /// <summary>Drops or takes back bytes at the end.</summary>
    public void Limit(int limit)
    {
        if ((uint)limit > (uint)_buffer.Capacity)
            throw new ArgumentException($"limit outside range: capacity={_buffer.Capacity} limit={limit}");

        _limit = limit;
    }

    /// <summary>Where in the term the next fragment must begin, -1 while that is not known.</summary>
    public int NextTermOffset() => _nextTermOffset;

    /// <summary>Sets where in the term the next fragment must begin.</summary>
    public void NextTermOffset(int offset) => _nextTermOffset = offset;

    /// <summary>The message, from the first byte on.</summary>
    public IMutableDirectBuffer Buffer() => _buffer;

    /// <summary>Begins another message.</summary>
    public BufferBuilder Reset()
    {
        _limit = 0;
        _nextTermOffset = Aeron.NULL_VALUE;
        return this;
    }

    /// <summary>Gives up room that the message does not need.</summary>
    public BufferBuilder Compact()
    {
        Resize(Math.Max(_limit, MinimumGrowth));
        return this;
    }

    /// <summary>Adds bytes.</summary>
    /// <exception cref="InvalidOperationException">There is no array of that length.</exception>
    public BufferBuilder Append(IDirectBuffer srcBuffer, int srcOffset, int length)
    {
        ArgumentNullException.ThrowIfNull(srcBuffer);
        EnsureCapacity(length);
        _buffer.PutBytes(_limit, srcBuffer, srcOffset, length);
        _limit += length;
        return this;
    }

    /// <summary>Keeps the header of the first fragment.</summary>
    public BufferBuilder CaptureHeader(Header header)
    {
        ArgumentNullException.ThrowIfNull(header);
        _completeHeader.InitialTermId = header.InitialTermId;
        _completeHeader.PositionBitsToShift = header.PositionBitsToShift;
        _completeHeader.SetBuffer(_headerBuffer);
        _firstFrameLength = header.FrameLength;
        _headerBuffer.PutBytes(0, header.Buffer, header.Offset, DataHeaderFlyweight.HEADER_LENGTH);
        return this;
    }

    /// <summary>The header of the whole message, given that of its last fragment.</summary>
    public Header CompleteHeader(Header header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var maxPayloadLength = Math.Max(_firstFrameLength - DataHeaderFlyweight.HEADER_LENGTH, 1);
        _completeHeader.Context = header.Context;
        _completeHeader.FragmentedFrameLength =
            LogBufferDescriptor.ComputeFragmentedFrameLength(_limit, maxPayloadLength);
        _headerBuffer.PutInt(HeaderFlyweight.FrameLengthFieldOffset, DataHeaderFlyweight.HEADER_LENGTH + _limit);
        var flags = (byte)(_headerBuffer.GetByte(HeaderFlyweight.FlagsFieldOffset) | header.Flags);
        _headerBuffer.PutByte(HeaderFlyweight.FlagsFieldOffset, flags);
        return _completeHeader;
    }

    /// <summary>
    /// Takes a fragment; true when it completes a message, which is to be reset once it has been handled.
    /// </summary>
    internal bool TryComplete(IDirectBuffer buffer, int offset, int length, Header header)
    {
        var flags = header.Flags;
        if ((flags & FrameDescriptor.BeginFragFlag) != 0)
        {
            Reset().CaptureHeader(header);
        }
        else if (header.TermOffset != _nextTermOffset)
        {
            // Something in between was lost or skipped, so the message can never be whole.
            Reset();
            return false;
        }

        // No publication can send a longer message, so more is nonsense, and is not let take the memory.
        if (length > FrameDescriptor.MaxMessageLength - _limit)
        {
            Reset();
            return false;
        }

        Append(buffer, offset, length);
        _nextTermOffset = header.NextTermOffset;
        return (flags & FrameDescriptor.EndFragFlag) != 0;
    }

    /// <summary>Hands the complete message over.</summary>
    internal void HandOver(FragmentHandler handler, Header last)
    {
        handler(_buffer, 0, _limit, CompleteHeader(last));
        Reset();
    }

    /// <summary>
    /// Hands the complete message over. When that is aborted, its last fragment is taken out again, since it is going
    /// to be polled again.
    /// </summary>
    internal ControlledFragmentHandlerAction HandOver(ControlledFragmentHandler handler, int lastLength, Header last)
    {
        var action = handler(_buffer, 0, _limit, CompleteHeader(last));
        if (action == ControlledFragmentHandlerAction.ABORT)
        {
            _limit -= lastLength;
            _nextTermOffset = last.TermOffset;
        }
        else
        {
            Reset();
        }

        return action;
    }

    private void EnsureCapacity(int additionalLength)
    {
        var required = (long)_limit + additionalLength;
        if (required <= _buffer.Capacity)
            return;

        if (required > Array.MaxLength)
            throw new InvalidOperationException(
                $"insufficient capacity: maxCapacity={Array.MaxLength} limit={_limit} "
                + $"additionalLength={additionalLength}");

        var grown = Math.Max(MinimumGrowth, _buffer.Capacity + (long)(_buffer.Capacity >> 1));
        Resize((int)Math.Min(Math.Max(required, grown), Array.MaxLength));
    }

    private void Resize(int capacity)
    {
        Array.Resize(ref _array, capacity);
        _buffer.Wrap(_array);
    }
}
