using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.DataHeaderFlyweight;
using static ExecutionPipeline.Aeron.Protocol.FrameDescriptor;

namespace ExecutionPipeline.Aeron.Client;

public sealed partial class Image
{
    private bool _isCorrupt;

    /// <summary>Hands up to a number of fragments over; returns how many.</summary>
    public int Poll(FragmentHandler fragmentHandler, int fragmentLimit) =>
        PollTo(new DelegateConsumer(fragmentHandler), long.MaxValue, fragmentLimit);

    /// <summary>Hands up to a number of fragments over; returns how many.</summary>
    public int Poll(IFragmentHandler fragmentHandler, int fragmentLimit) =>
        PollTo(new HandlerConsumer(fragmentHandler), long.MaxValue, fragmentLimit);

    /// <summary>Hands up to a number of fragments over, as the handler says how to go on; returns how many.</summary>
    public int ControlledPoll(ControlledFragmentHandler handler, int fragmentLimit) =>
        PollTo(new ControlledDelegateConsumer(handler), long.MaxValue, fragmentLimit);

    /// <summary>Hands up to a number of fragments over, as the handler says how to go on; returns how many.</summary>
    public int ControlledPoll(IControlledFragmentHandler handler, int fragmentLimit) =>
        PollTo(new ControlledHandlerConsumer(handler), long.MaxValue, fragmentLimit);

    /// <summary>Polls fragments that begin before a position.</summary>
    public int BoundedPoll(FragmentHandler handler, long limitPosition, int fragmentLimit) =>
        PollTo(new DelegateConsumer(handler), limitPosition, fragmentLimit);

    /// <summary>Polls fragments that begin before a position.</summary>
    public int BoundedPoll(IFragmentHandler handler, long limitPosition, int fragmentLimit) =>
        PollTo(new HandlerConsumer(handler), limitPosition, fragmentLimit);

    /// <summary>Polls fragments that begin before a position, as the handler says how to go on.</summary>
    public int BoundedControlledPoll(ControlledFragmentHandler handler, long limitPosition, int fragmentLimit) =>
        PollTo(new ControlledDelegateConsumer(handler), limitPosition, fragmentLimit);

    /// <summary>Polls fragments that begin before a position, as the handler says how to go on.</summary>
    public int BoundedControlledPoll(IControlledFragmentHandler handler, long limitPosition, int fragmentLimit) =>
        PollTo(new ControlledHandlerConsumer(handler), limitPosition, fragmentLimit);

    internal int PollTo<TConsumer>(TConsumer consumer, long limitPosition, int fragmentLimit)
        where TConsumer : struct, IFragmentConsumer
    {
        if (_isClosed)
            return 0;

        var position = _subscriberPosition.Get();
        if (position >= limitPosition)
            return 0;

        var offset = OffsetOf(position);
        var termBuffer = ActiveTermBuffer(position);
        // Without a sign, for a wild writer's position can be further off than a number with one goes.
        var limitOffset = (int)Math.Min((ulong)(limitPosition - position) + (uint)offset, (uint)termBuffer.Capacity);
        _header.SetBuffer(termBuffer);
        var scan = new PollScan(position - offset, offset, limitOffset, fragmentLimit);
        try
        {
            Scan(termBuffer, consumer, ref scan);
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
        }

        Advance(scan.TermBeginPosition + scan.Offset, position);
        return scan.FragmentsRead;
    }

    private void Scan<TConsumer>(UnsafeBuffer termBuffer, TConsumer consumer, ref PollScan scan)
        where TConsumer : struct, IFragmentConsumer
    {
        // Kept in registers; the copies in scan are for whoever comes after an exception.
        var offset = scan.Offset;
        var fragmentsRead = 0;
        while (fragmentsRead < scan.FragmentLimit && offset < scan.LimitOffset && !_isClosed)
        {
            var frameOffset = offset;
            var lengthAndType = LengthAndTypeVolatile(termBuffer, frameOffset);
            var frameLength = (int)lengthAndType;
            if (frameLength <= 0 || IsImpossible(frameLength, frameOffset, termBuffer))
                return;

            scan.Offset = offset = frameOffset + BitUtil.Align(frameLength, FrameAlignment);
            if (IsPadding(lengthAndType))
                continue;

            scan.FragmentsRead = ++fragmentsRead;
            _header.SetOffset(frameOffset);
            var action = consumer.OnFragment(
                termBuffer, frameOffset + HEADER_LENGTH, frameLength - HEADER_LENGTH, _header);
            if (action != ControlledFragmentHandlerAction.CONTINUE && HasToStop(action, frameOffset, ref scan))
                return;
        }
    }

    /// <summary>
    /// Whoever may write the log may write nonsense: nothing is handed over that lies outside the term.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsImpossible(int frameLength, int offset, UnsafeBuffer termBuffer)
    {
        if ((uint)(frameLength - HEADER_LENGTH) <= (uint)(termBuffer.Capacity - offset - HEADER_LENGTH))
            return false;

        OnImpossibleFrame(offset, frameLength);
        return true;
    }

    private bool HasToStop(ControlledFragmentHandlerAction action, int offset, ref PollScan scan)
    {
        switch (action)
        {
            case ControlledFragmentHandlerAction.ABORT:
                scan.FragmentsRead--;
                scan.Offset = offset;
                return true;
            case ControlledFragmentHandlerAction.BREAK:
                return true;
            case ControlledFragmentHandlerAction.COMMIT:
                Advance(scan.TermBeginPosition + scan.Offset, _subscriberPosition.Get());
                return false;
            default:
                return false;
        }
    }

    // Frames are aligned; a position that is not, which only a wild writer leaves, is taken for the frame it is in.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int OffsetOf(long position) => (int)position & _termLengthMask & -FrameAlignment;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Advance(long position, long from)
    {
        // Lets the driver clean and the publisher write what was read: pairs with the driver's acquiring read.
        if (position > from && !_isClosed)
            _subscriberPosition.SetRelease(position);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OnImpossibleFrame(int offset, int frameLength)
    {
        if (_isCorrupt)
            return;

        _isCorrupt = true;
        _errorHandler.OnError(new InvalidDataException(
            $"{LogBuffers.FileName}: impossible frame of {frameLength} bytes at term offset {offset}; "
            + "the image delivers nothing more"));
    }

    private struct PollScan(long termBeginPosition, int offset, int limitOffset, int fragmentLimit)
    {
        public readonly long TermBeginPosition = termBeginPosition;
        public readonly int LimitOffset = limitOffset;
        public readonly int FragmentLimit = fragmentLimit;
        public int Offset = offset;
        public int FragmentsRead;
    }
}
