using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.LogBufferDescriptor;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>A publication that any number of threads and clients may write at once.</summary>
public sealed class ConcurrentPublication : Publication
{
    internal ConcurrentPublication(
        ClientConductor conductor,
        string channel,
        in PublicationKey key,
        UnsafeBufferPosition positionLimit,
        LogBuffers log)
        : base(conductor, channel, key, positionLimit, log)
    {
    }

    /// <inheritdoc/>
    public override long Position
    {
        get
        {
            if (IsClosed)
                return CLOSED;

            var rawTail = RawTailVolatile(MetaData);
            return PositionOf(TermId(rawTail), TermOffset(rawTail, TermBufferLength));
        }
    }

    private protected override long Claim(int length, int requiredLength, out ClaimedRoom room)
    {
        room = default;
        if (IsClosed)
            return CLOSED;

        var limit = LimitVolatile();
        var termCount = ActiveTermCount(MetaData);
        var index = IndexByTermCount(termCount);
        var tail = TailOffset(index);
        var rawTail = MetaData.GetLongVolatile(tail);
        if (termCount != TermId(rawTail) - InitialTermId)
            return ADMIN_ACTION;

        var position = PositionOf(TermId(rawTail), TermOffset(rawTail, TermBufferLength));
        if (position >= limit && !TryMoveLimit(position))
            return BackPressureStatus(position, length);

        rawTail = MetaData.GetAndAddLong(tail, requiredLength);
        room = new ClaimedRoom(TermBuffers[index], TermOffset(rawTail, TermBufferLength), TermId(rawTail));
        position = PositionOf(room.TermId, room.TermOffset + requiredLength);
        return room.TermOffset + requiredLength <= TermBufferLength ? position : MoveToNextTerm(room, position);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long MoveToNextTerm(in ClaimedRoom room, long position)
    {
        WritePadding(room.TermBuffer, room.TermOffset, room.TermId, TermBufferLength - room.TermOffset);
        if (position >= MaxPossiblePosition)
            return MAX_POSITION_EXCEEDED;

        TryRotateLog(MetaData, room.TermId - InitialTermId, room.TermId);
        return ADMIN_ACTION;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long PositionOf(int termId, int termOffset) =>
        ComputePosition(termId, termOffset, PositionBitsToShift, InitialTermId);
}
