using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>A publication that one thread at a time writes, which spares it an atomic instruction a message.</summary>
public sealed class ExclusivePublication : Publication
{
    private long _termBeginPosition;
    private int _activePartitionIndex;
    private int _termId;
    private int _termOffset;

    internal ExclusivePublication(
        ClientConductor conductor,
        string channel,
        in PublicationKey key,
        UnsafeBufferPosition positionLimit,
        LogBuffers log)
        : base(conductor, channel, key, positionLimit, log)
    {
        _activePartitionIndex = IndexByTermCount(ActiveTermCount(MetaData));
        var rawTail = RawTailVolatile(MetaData, _activePartitionIndex);
        _termId = LogBufferDescriptor.TermId(rawTail);
        _termOffset = LogBufferDescriptor.TermOffset(rawTail, TermBufferLength);
        _termBeginPosition = ComputeTermBeginPosition(_termId, PositionBitsToShift, InitialTermId);
    }

    /// <inheritdoc/>
    public override long Position => IsClosed ? CLOSED : _termBeginPosition + _termOffset;

    /// <summary>The term being written.</summary>
    public int TermId() => _termId;

    /// <summary>Up to where that term has been written.</summary>
    public int TermOffset() => _termOffset;

    /// <summary>Makes closing drop what subscribers have not read.</summary>
    public void RevokeOnClose() => IsRevokedOnClose = true;

    /// <summary>Closes, dropping what subscribers have not read.</summary>
    public void Revoke()
    {
        RevokeOnClose();
        Dispose();
    }

    /// <summary>
    /// Appends a frame of so many bytes that subscribers skip. Returns as <see cref="Publication.TryClaim"/> does.
    /// </summary>
    /// <exception cref="ArgumentException">The length is negative or exceeds the longest message's.</exception>
    public long AppendPadding(int length)
    {
        var maxFramedLength = ComputeFragmentedFrameLength(MaxMessageLength, MaxPayloadLength);
        if ((uint)length > (uint)maxFramedLength)
            throw new ArgumentException($"padding of {length} bytes is outside 0 to {maxFramedLength}");

        var frameLength = length + DataHeaderFlyweight.HEADER_LENGTH;
        var position = Claim(length, BitUtil.Align(frameLength, FrameDescriptor.FrameAlignment), out var room);
        if (position > 0)
            WritePadding(room.TermBuffer, room.TermOffset, room.TermId, frameLength);

        return position;
    }

    /// <summary>
    /// Appends frames that are complete with headers, as <see cref="Image.BlockPoll"/> of an equal stream gives them.
    /// The first must have this stream's ids, the active term and its offset.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The block does not fit into the term, or its first frame does not continue it.
    /// </exception>
    public long OfferBlock(IMutableDirectBuffer buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (IsClosed)
            return CLOSED;

        if (_termOffset >= TermBufferLength && _termBeginPosition + TermBufferLength < MaxPossiblePosition)
            RotateTerm();

        var position = _termBeginPosition + _termOffset;
        if (position >= LimitVolatile() && !TryMoveLimit(position))
            return BackPressureStatus(position, length);

        CheckBlock(buffer, offset, length);
        var termBuffer = TermBuffers[_activePartitionIndex];
        var termOffset = _termOffset;
        _termOffset += length;
        MetaData.PutLongRelease(TailOffset(_activePartitionIndex), PackTail(_termId, _termOffset));
        termBuffer.PutBytes(
            termOffset + sizeof(long), buffer, offset + sizeof(long), length - sizeof(long));
        // Releases the whole block with its first frame's length: pairs with the subscriber's acquiring read.
        termBuffer.PutLongRelease(termOffset, buffer.GetLong(offset));
        return _termBeginPosition + _termOffset;
    }

    private protected override long Claim(int length, int requiredLength, out ClaimedRoom room)
    {
        room = default;
        if (IsClosed)
            return CLOSED;

        var position = _termBeginPosition + _termOffset;
        if (position >= LimitVolatile() && !TryMoveLimit(position))
            return BackPressureStatus(position, length);

        var resultingOffset = _termOffset + requiredLength;
        // The driver reads how far this is from the tail: pairs with its acquiring read.
        MetaData.PutLongRelease(TailOffset(_activePartitionIndex), PackTail(_termId, resultingOffset));
        if (resultingOffset > TermBufferLength)
            return MoveToNextTerm();

        room = new ClaimedRoom(TermBuffers[_activePartitionIndex], _termOffset, _termId);
        _termOffset = resultingOffset;
        return _termBeginPosition + resultingOffset;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long MoveToNextTerm()
    {
        WritePadding(
            TermBuffers[_activePartitionIndex], _termOffset, _termId, TermBufferLength - _termOffset);
        if (_termBeginPosition + TermBufferLength >= MaxPossiblePosition)
        {
            _termOffset = TermBufferLength;
            return MAX_POSITION_EXCEEDED;
        }

        RotateTerm();
        return ADMIN_ACTION;
    }

    private void RotateTerm()
    {
        _activePartitionIndex = (_activePartitionIndex + 1) % PartitionCount;
        _termId++;
        _termOffset = 0;
        _termBeginPosition += TermBufferLength;
        InitialiseTailWithTermId(MetaData, _activePartitionIndex, _termId);
        ActiveTermCountOrdered(MetaData, _termId - InitialTermId);
    }

    private void CheckBlock(IMutableDirectBuffer buffer, int offset, int length)
    {
        var remaining = TermBufferLength - _termOffset;
        if (length < DataHeaderFlyweight.HEADER_LENGTH
            || length > remaining
            || !FrameDescriptor.IsFrameAligned(length))
            throw new ArgumentException($"invalid block length {length}, remaining space in term is {remaining}");

        buffer.BoundsCheck(offset, length);
        Check("termOffset", buffer.GetInt(offset + DataHeaderFlyweight.TermOffsetFieldOffset), _termOffset);
        Check("sessionId", buffer.GetInt(offset + DataHeaderFlyweight.SessionIdFieldOffset), SessionId);
        Check("streamId", buffer.GetInt(offset + DataHeaderFlyweight.StreamIdFieldOffset), StreamId);
        Check("termId", buffer.GetInt(offset + DataHeaderFlyweight.TermIdFieldOffset), _termId);
        Check(
            "frameType", buffer.GetShort(offset + HeaderFlyweight.TypeFieldOffset), HeaderFlyweight.HeaderTypeData);

        static void Check(string what, int found, int expected)
        {
            if (found != expected)
                throw new ArgumentException($"improperly formatted block: {what}={found} (expected={expected})");
        }
    }
}
