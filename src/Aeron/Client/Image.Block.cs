using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.DataHeaderFlyweight;

namespace ExecutionPipeline.Aeron.Client;

/// <content>Reading whole frames at once, and looking ahead.</content>
public sealed partial class Image
{
    /// <summary>
    /// Hands whole frames that lie one after the other over, up to a number of bytes; returns how many.
    /// </summary>
    public int BlockPoll(BlockHandler handler, int blockLengthLimit) =>
        PollBlock(new BlockConsumer(handler), blockLengthLimit);

    /// <summary>
    /// Hands whole frames and the file they lie in over, up to a number of bytes; returns how many bytes.
    /// </summary>
    public int RawPoll(RawBlockHandler handler, int blockLengthLimit) =>
        PollBlock(new RawBlockConsumer(handler), blockLengthLimit);

    /// <summary>
    /// Hands fragments from a position on over without reading them: the image stays where it is. Returns the position
    /// after the last whole message that was handed over and not aborted; setting <see cref="Position"/> to it, or to
    /// less, reads them.
    /// </summary>
    /// <param name="initialPosition">Where to begin: a frame's position, from the image's on, in the same term.</param>
    /// <param name="handler">Takes the fragments.</param>
    /// <param name="limitPosition">Fragments that begin here or later are left out.</param>
    /// <exception cref="ArgumentException">No frame that can be read begins at the position.</exception>
    public long ControlledPeek(long initialPosition, IControlledFragmentHandler handler, long limitPosition)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return ControlledPeek(initialPosition, handler.OnFragment, limitPosition);
    }

    /// <inheritdoc cref="ControlledPeek(long, IControlledFragmentHandler, long)"/>
    public long ControlledPeek(long initialPosition, ControlledFragmentHandler handler, long limitPosition)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_isClosed)
            return initialPosition;

        CheckPosition(initialPosition);
        if (initialPosition >= limitPosition)
            return initialPosition;

        var result = initialPosition;
        try
        {
            Peek(handler, initialPosition, limitPosition, ref result);
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
        }

        return result;
    }

    private void Peek(ControlledFragmentHandler handler, long initialPosition, long limitPosition, ref long result)
    {
        var termBuffer = ActiveTermBuffer(initialPosition);
        var offset = (int)initialPosition & _termLengthMask;
        var termBeginPosition = initialPosition - offset;
        var limitOffset = Math.Min(limitPosition - termBeginPosition, termBuffer.Capacity);
        _header.SetBuffer(termBuffer);
        while (offset < limitOffset && !_isClosed)
        {
            var frameLength = FrameDescriptor.FrameLengthVolatile(termBuffer, offset);
            if (frameLength <= 0 || IsImpossible(frameLength, offset, termBuffer))
                return;

            var frameOffset = offset;
            offset += BitUtil.Align(frameLength, FrameDescriptor.FrameAlignment);
            if (!FrameDescriptor.IsPaddingFrame(termBuffer, frameOffset))
            {
                _header.SetOffset(frameOffset);
                var action = handler(
                    termBuffer, frameOffset + HEADER_LENGTH, frameLength - HEADER_LENGTH, _header);
                if (action == ControlledFragmentHandlerAction.ABORT)
                    return;

                if ((_header.Flags & FrameDescriptor.EndFragFlag) != 0)
                    result = termBeginPosition + offset;

                if (action == ControlledFragmentHandlerAction.BREAK)
                    return;
            }
            else
            {
                result = termBeginPosition + offset;
            }
        }
    }

    private int PollBlock<TConsumer>(TConsumer consumer, int lengthLimit)
        where TConsumer : struct, IBlockConsumer
    {
        if (_isClosed)
            return 0;

        var position = _subscriberPosition.Get();
        var offset = OffsetOf(position);
        var termBuffer = ActiveTermBuffer(position);
        var limitOffset = (int)Math.Min(offset + (long)lengthLimit, termBuffer.Capacity);
        var length = TermBlockScanner.Scan(termBuffer, offset, limitOffset) - offset;
        if (length <= 0)
            return 0;

        try
        {
            consumer.OnBlock(this, position, termBuffer, offset, length);
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
        }

        Advance(position + length, position);
        return length;
    }

    private interface IBlockConsumer
    {
        void OnBlock(Image image, long position, UnsafeBuffer termBuffer, int offset, int length);
    }

    private readonly struct BlockConsumer(BlockHandler handler) : IBlockConsumer
    {
        public void OnBlock(Image image, long position, UnsafeBuffer termBuffer, int offset, int length) =>
            handler(termBuffer, offset, length, image.SessionId, termBuffer.GetInt(offset + TermIdFieldOffset));
    }

    private readonly struct RawBlockConsumer(RawBlockHandler handler) : IBlockConsumer
    {
        public void OnBlock(Image image, long position, UnsafeBuffer termBuffer, int offset, int length)
        {
            var index = LogBufferDescriptor.IndexByPosition(position, image.PositionBitsToShift);
            var fileOffset = (long)index * termBuffer.Capacity + offset;
            var termId = termBuffer.GetInt(offset + TermIdFieldOffset);
            handler(image.FileStream, fileOffset, termBuffer, offset, length, image.SessionId, termId);
        }
    }
}
