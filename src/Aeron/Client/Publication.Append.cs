using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.DataHeaderFlyweight;
using static ExecutionPipeline.Aeron.Protocol.FrameDescriptor;

namespace ExecutionPipeline.Aeron.Client;

public abstract partial class Publication
{
    /// <summary>
    /// Bytes in the log of a message, however many fragments it takes. Throws for an impossible length.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int RequiredLength(int length)
    {
        if ((uint)length <= (uint)MaxPayloadLength)
            return BitUtil.Align(length + HEADER_LENGTH, FrameAlignment);

        if ((uint)length > (uint)MaxMessageLength)
            ThrowImpossibleLength(length, MaxMessageLength, "message");

        return LogBufferDescriptor.ComputeFragmentedFrameLength(length, MaxPayloadLength);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckPayloadLength(int length)
    {
        if ((uint)length > (uint)MaxPayloadLength)
            ThrowImpossibleLength(length, MaxPayloadLength, "claim");
    }

    private long Append<TSource>(TSource source, int length, ReservedValueSupplier? supplier)
        where TSource : struct, IMessageSource
    {
        var position = Claim(length, RequiredLength(length), out var room);
        if (position > 0)
            WriteMessage(room, source, length, supplier);

        return position;
    }

    /// <summary>Writes a message into room that is this writer's alone.</summary>
    private void WriteMessage<TSource>(
        in ClaimedRoom room, TSource source, int length, ReservedValueSupplier? supplier)
        where TSource : struct, IMessageSource
    {
        if (length > MaxPayloadLength)
        {
            WriteFragments(room, source, length, supplier);
            return;
        }

        var frameLength = length + HEADER_LENGTH;
        HeaderWriter.Write(room.TermBuffer, room.TermOffset, frameLength, room.TermId);
        source.CopyTo(room.TermBuffer, room.TermOffset + HEADER_LENGTH, 0, length);
        if (supplier is not null)
            WriteReservedValue(room.TermBuffer, room.TermOffset, frameLength, supplier);

        // Releases the frame: pairs with the subscriber's acquiring read of its length.
        FrameLengthOrdered(room.TermBuffer, room.TermOffset, frameLength);
    }

    /// <summary>Fills room that is this writer's alone, if any, with a frame that readers skip.</summary>
    private protected void WritePadding(UnsafeBuffer termBuffer, int termOffset, int termId, int paddingLength)
    {
        if (paddingLength <= 0)
            return;

        HeaderWriter.Write(termBuffer, termOffset, paddingLength, termId);
        FrameType(termBuffer, termOffset, HeaderFlyweight.HeaderTypePad);
        FrameLengthOrdered(termBuffer, termOffset, paddingLength);
    }

    /// <summary>Why a message cannot go now, its limit being reached.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected long BackPressureStatus(long position, int length)
    {
        if (position + BitUtil.Align(length + HEADER_LENGTH, FrameAlignment) >= MaxPossiblePosition)
            return MAX_POSITION_EXCEEDED;

        return LogBufferDescriptor.IsConnected(MetaData) ? BACK_PRESSURED : NOT_CONNECTED;
    }

    private void WriteFragments<TSource>(
        in ClaimedRoom room, TSource source, int length, ReservedValueSupplier? supplier)
        where TSource : struct, IMessageSource
    {
        var offset = room.TermOffset;
        for (var sent = 0; sent < length;)
        {
            var count = Math.Min(length - sent, MaxPayloadLength);
            var frameLength = count + HEADER_LENGTH;
            var first = sent == 0 ? BeginFragFlag : 0;
            var last = sent + count == length ? EndFragFlag : 0;
            HeaderWriter.Write(room.TermBuffer, offset, frameLength, room.TermId);
            source.CopyTo(room.TermBuffer, offset + HEADER_LENGTH, sent, count);
            FrameFlags(room.TermBuffer, offset, (byte)(first | last));
            if (supplier is not null)
                WriteReservedValue(room.TermBuffer, offset, frameLength, supplier);

            FrameLengthOrdered(room.TermBuffer, offset, frameLength);
            sent += count;
            offset += BitUtil.Align(frameLength, FrameAlignment);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteReservedValue(
        UnsafeBuffer termBuffer, int termOffset, int frameLength, ReservedValueSupplier supplier) =>
        termBuffer.PutLong(termOffset + ReservedValueOffset, supplier(termBuffer, termOffset, frameLength));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowImpossibleLength(int length, int maximum, string what) =>
        throw new ArgumentException($"{what} of {length} bytes is outside 0 to {maximum}");
}
