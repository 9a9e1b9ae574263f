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
    public int TermId => _termId;

    /// <summary>Up to where that term has been written.</summary>
    public int TermOffset => _termOffset;

    private protected override long Claim(int length, int requiredLength, out ClaimedRoom room)
    {
        room = default;
        if (IsClosed)
            return CLOSED;

        var position = _termBeginPosition + _termOffset;
        if (position >= LimitVolatile())
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
        WritePadding(TermBuffers[_activePartitionIndex], _termOffset, _termId);
        if (_termBeginPosition + TermBufferLength >= MaxPossiblePosition)
        {
            _termOffset = TermBufferLength;
            return MAX_POSITION_EXCEEDED;
        }

        _activePartitionIndex = (_activePartitionIndex + 1) % PartitionCount;
        _termId++;
        _termOffset = 0;
        _termBeginPosition += TermBufferLength;
        InitialiseTailWithTermId(MetaData, _activePartitionIndex, _termId);
        ActiveTermCountOrdered(MetaData, _termId - InitialTermId);
        return ADMIN_ACTION;
    }
}
