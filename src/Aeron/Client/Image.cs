using System.Runtime.CompilerServices;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Protocol.DataHeaderFlyweight;
using static ExecutionPipeline.Aeron.Protocol.FrameDescriptor;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>One publication's stream as a subscription sees it. Polled by one thread.</summary>
public sealed class Image
{
    private readonly UnsafeBufferPosition _subscriberPosition;
    private readonly UnsafeBuffer[] _termBuffers;
    private readonly UnsafeBuffer _metaData;
    private readonly Header _header;
    private readonly IErrorHandler _errorHandler;
    private readonly int _termLengthMask;
    private long _finalPosition;
    private long _finalEosPosition = long.MaxValue;
    private bool _wasRevoked;
    private volatile bool _isClosed;

    internal Image(
        Subscription subscription,
        int sessionId,
        UnsafeBufferPosition subscriberPosition,
        LogBuffers logBuffers,
        IErrorHandler errorHandler,
        string sourceIdentity,
        long correlationId)
    {
        Subscription = subscription;
        SessionId = sessionId;
        SourceIdentity = sourceIdentity;
        CorrelationId = correlationId;
        LogBuffers = logBuffers;
        JoinPosition = subscriberPosition.Get();
        _subscriberPosition = subscriberPosition;
        _errorHandler = errorHandler;
        _termBuffers = logBuffers.TermBuffers;
        _metaData = logBuffers.MetaDataBuffer;
        _termLengthMask = logBuffers.TermLength - 1;
        PositionBitsToShift = LogBufferDescriptor.PositionBitsToShift(logBuffers.TermLength);
        InitialTermId = LogBufferDescriptor.InitialTermId(_metaData);
        MtuLength = LogBufferDescriptor.MtuLength(_metaData);
        _header = new Header(InitialTermId, PositionBitsToShift, this);
    }

    /// <summary>The subscription that the image belongs to.</summary>
    public Subscription Subscription { get; }

    /// <summary>The publication's session.</summary>
    public int SessionId { get; }

    /// <summary>Where the stream comes from.</summary>
    public string SourceIdentity { get; }

    /// <summary>The publication's registration.</summary>
    public long CorrelationId { get; }

    /// <summary>The stream's first term.</summary>
    public int InitialTermId { get; }

    /// <summary>The longest frame, in bytes.</summary>
    public int MtuLength { get; }

    /// <summary>Bytes of a term.</summary>
    public int TermBufferLength => _termLengthMask + 1;

    /// <summary>The binary logarithm of the term length.</summary>
    public int PositionBitsToShift { get; }

    /// <summary>The position at which the subscription joined the stream.</summary>
    public long JoinPosition { get; }

    /// <summary>The counter of up to where has been read.</summary>
    public int SubscriberPositionId => _subscriberPosition.Id;

    /// <summary>True once the image is gone: the publication has, or the subscription.</summary>
    public bool Closed => _isClosed;

    /// <summary>Up to where has been read. Setting it skips, within the current term.</summary>
    public long Position
    {
        get => _isClosed ? _finalPosition : _subscriberPosition.Get();
        set
        {
            if (_isClosed)
                return;

            CheckPosition(value);
            _subscriberPosition.SetRelease(value);
        }
    }

    /// <summary>Where the stream ends: the largest number until its publication closes.</summary>
    public long EndOfStreamPosition =>
        _isClosed ? _finalEosPosition : LogBufferDescriptor.EndOfStreamPosition(_metaData);

    /// <summary>True when everything has been read and no more will come.</summary>
    public bool IsEndOfStream => Position >= EndOfStreamPosition;

    /// <summary>True when the publisher dropped what was not read.</summary>
    public bool PublicationRevoked => _isClosed ? _wasRevoked : LogBufferDescriptor.IsPublicationRevoked(_metaData);

    /// <summary>The log's file.</summary>
    public FileStream FileStream => LogBuffers.FileStream;

    internal LogBuffers LogBuffers { get; }

    /// <summary>Tells the driver to disconnect this publication from all its subscribers, with a reason.</summary>
    public void Reject(string reason) => Subscription.RejectImage(CorrelationId, Position, reason);

    /// <summary>How many sockets the stream comes in by, 0 once closed.</summary>
    public int ActiveTransportCount() => _isClosed ? 0 : LogBufferDescriptor.ActiveTransportCount(_metaData);

    /// <inheritdoc/>
    public override string ToString() =>
        $"Image{{correlationId={CorrelationId}, sessionId={SessionId}, isClosed={Closed}, isEos={IsEndOfStream}, "
        + $"initialTermId={InitialTermId}, termLength={TermBufferLength}, joinPosition={JoinPosition}, "
        + $"position={Position}, endOfStreamPosition={EndOfStreamPosition}, "
        + $"activeTransportCount={ActiveTransportCount()}, sourceIdentity='{SourceIdentity}', "
        + $"subscription={Subscription}}}";

    internal void Close()
    {
        if (_isClosed)
            return;

        _finalPosition = _subscriberPosition.GetVolatile();
        _finalEosPosition = LogBufferDescriptor.EndOfStreamPosition(_metaData);
        _wasRevoked = LogBufferDescriptor.IsPublicationRevoked(_metaData);
        _isClosed = true;
    }

    private UnsafeBuffer ActiveTermBuffer(long position) =>
        _termBuffers[LogBufferDescriptor.IndexByPosition(position, PositionBitsToShift)];

    private void CheckPosition(long position)
    {
        var current = _subscriberPosition.Get();
        var limit = current - (current & _termLengthMask) + _termLengthMask + 1;
        if (position < current || position > limit)
            throw new ArgumentException($"position {position} is outside {current} to {limit}");

        if ((position & (FrameDescriptor.FrameAlignment - 1)) != 0)
            throw new ArgumentException($"position {position} is not a frame's");
    }

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
        finally
        {
            // Whatever the handlers threw has been read: else it would come again for ever.
            Advance(scan.TermBeginPosition + scan.Offset, position);
        }

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
        finally
        {
            Advance(position + length, position);
        }

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
