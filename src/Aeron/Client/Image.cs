using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>One publication's stream as a subscription sees it. Polled by one thread.</summary>
public sealed partial class Image
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
}
