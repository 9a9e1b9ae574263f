using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>What is known of a fragment: the header of its frame, read in place.</summary>
public sealed class Header
{
    private UnsafeBuffer _buffer = new();

    /// <summary>The header of frames of a stream.</summary>
    public Header(int initialTermId, int positionBitsToShift, object? context = null)
    {
        InitialTermId = initialTermId;
        PositionBitsToShift = positionBitsToShift;
        Context = context;
    }

    /// <summary>Where the frame came from: an <see cref="Image"/>.</summary>
    public object? Context { get; set; }

    /// <summary>The stream's first term.</summary>
    public int InitialTermId { get; set; }

    /// <summary>The binary logarithm of the term length.</summary>
    public int PositionBitsToShift { get; set; }

    /// <summary>The frame's first byte in <see cref="Buffer"/>.</summary>
    public int Offset { get; private set; }

    /// <summary>Where the frame lies.</summary>
    public IDirectBuffer Buffer => _buffer;

    /// <summary>
    /// Bytes in the log of all fragments of the message that this header stands for; -1 for one frame.
    /// </summary>
    public int FragmentedFrameLength { get; set; } = Aeron.NULL_VALUE;

    /// <summary>The stream's position after this message.</summary>
    public long Position =>
        LogBufferDescriptor.ComputePosition(TermId, NextTermOffset, PositionBitsToShift, InitialTermId);

    /// <summary>
    /// Bytes of the frame, header included; of a message put together, the header and the whole payload.
    /// </summary>
    public int FrameLength => _buffer.GetInt(Offset);

    /// <summary>The session.</summary>
    public int SessionId => _buffer.GetInt(Offset + DataHeaderFlyweight.SessionIdFieldOffset);

    /// <summary>The stream.</summary>
    public int StreamId => _buffer.GetInt(Offset + DataHeaderFlyweight.StreamIdFieldOffset);

    /// <summary>The term.</summary>
    public int TermId => _buffer.GetInt(Offset + DataHeaderFlyweight.TermIdFieldOffset);

    /// <summary>Where in the term the frame, or the message's first, begins.</summary>
    public int TermOffset => _buffer.GetInt(Offset + DataHeaderFlyweight.TermOffsetFieldOffset);

    /// <summary>Where in the term the next frame begins.</summary>
    public int NextTermOffset => TermOffset + BitUtil.Align(
        FragmentedFrameLength == Aeron.NULL_VALUE ? FrameLength : FragmentedFrameLength,
        FrameDescriptor.FrameAlignment);

    /// <summary>The frame's type: 1 for data.</summary>
    public int Type => (ushort)_buffer.GetShort(Offset + HeaderFlyweight.TypeFieldOffset);

    /// <summary>Whether the frame is a message's first fragment (128), its last (64), or both.</summary>
    public byte Flags => _buffer.GetByte(Offset + HeaderFlyweight.FlagsFieldOffset);

    /// <summary>The 8 bytes that the publisher's application sets.</summary>
    public long ReservedValue => _buffer.GetLong(Offset + DataHeaderFlyweight.ReservedValueOffset);

    /// <summary>Views a frame in a buffer from now on.</summary>
    public void SetBuffer(IDirectBuffer buffer, int offset)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        _buffer = buffer as UnsafeBuffer ?? new UnsafeBuffer(buffer);
        Offset = offset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetBuffer(UnsafeBuffer buffer)
    {
        // Spares the garbage collector's write barrier on nearly every poll.
        if (!ReferenceEquals(_buffer, buffer))
            _buffer = buffer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetOffset(int offset) => Offset = offset;
}
