using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// Room for one message in the log itself, to be written in place between <see cref="Offset"/> and
/// <see cref="Offset"/> + <see cref="Length"/>, and then committed or aborted: until that is done, no subscriber sees
/// this message or any after it.
/// </summary>
public sealed class BufferClaim
{
    private readonly UnsafeBuffer _buffer = new();

    /// <summary>Where to write.</summary>
    public UnsafeBuffer Buffer => _buffer;

    /// <summary>The message's first byte.</summary>
    public int Offset => DataHeaderFlyweight.HEADER_LENGTH;

    /// <summary>The message's length in bytes.</summary>
    public int Length => _buffer.Capacity - DataHeaderFlyweight.HEADER_LENGTH;

    /// <summary>The message's bytes.</summary>
    public Span<byte> AsSpan() => _buffer.AsMutableSpan(Offset, Length);

    /// <summary>The frame's flags.</summary>
    public byte Flags() => _buffer.GetByte(HeaderFlyweight.FlagsFieldOffset);

    /// <summary>Sets the frame's flags.</summary>
    public BufferClaim Flags(byte flags)
    {
        _buffer.PutByte(HeaderFlyweight.FlagsFieldOffset, flags);
        return this;
    }

    /// <summary>The frame's type.</summary>
    public int HeaderType() => (ushort)_buffer.GetShort(HeaderFlyweight.TypeFieldOffset);

    /// <summary>Sets the frame's type.</summary>
    public BufferClaim HeaderType(int type)
    {
        _buffer.PutShort(HeaderFlyweight.TypeFieldOffset, (short)type);
        return this;
    }

    /// <summary>The 8 bytes that an application may use.</summary>
    public long ReservedValue() => _buffer.GetLong(DataHeaderFlyweight.ReservedValueOffset);

    /// <summary>Sets the 8 bytes that an application may use.</summary>
    public BufferClaim ReservedValue(long value)
    {
        _buffer.PutLong(DataHeaderFlyweight.ReservedValueOffset, value);
        return this;
    }

    /// <summary>Copies bytes to the message's start.</summary>
    public BufferClaim PutBytes(IDirectBuffer srcBuffer, int srcIndex, int length)
    {
        _buffer.PutBytes(DataHeaderFlyweight.HEADER_LENGTH, srcBuffer, srcIndex, length);
        return this;
    }

    /// <summary>Hands the message to the subscribers.</summary>
    public void Commit() => FrameDescriptor.FrameLengthOrdered(_buffer, 0, _buffer.Capacity);

    /// <summary>Gives the room up: subscribers skip it.</summary>
    public void Abort()
    {
        FrameDescriptor.FrameType(_buffer, 0, HeaderFlyweight.HeaderTypePad);
        FrameDescriptor.FrameLengthOrdered(_buffer, 0, _buffer.Capacity);
    }

    internal void Wrap(UnsafeBuffer termBuffer, int offset, int length) =>
        _buffer.WrapMapped(termBuffer, offset, length);
}
