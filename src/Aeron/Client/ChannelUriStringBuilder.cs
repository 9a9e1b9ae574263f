using System.Text;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Client.ChannelParameterNames;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// Puts a channel together, parameter by parameter. Each has three methods of one name: to set it (null removes it), to
/// take it from another channel, and to get it, null when it is not set.
/// </summary>
public sealed class ChannelUriStringBuilder : ChannelDeliveryParameters
{
    /// <summary>What a tag's value begins with.</summary>
    public const string TAG_PREFIX = Aeron.Context.TAG_PREFIX;

    private const int MaxMtuLength = 65504;

    /// <summary>The parameters in the order they are written, and how each is taken from a channel.</summary>
    private static readonly (string Name, Action<ChannelUriStringBuilder, ChannelUri> Copy)[] Parameters =
    [
        (TAGS_PARAM_NAME, (builder, uri) => builder.Tags(uri)),
        (ENDPOINT_PARAM_NAME, (builder, uri) => builder.Endpoint(uri)),
        (INTERFACE_PARAM_NAME, (builder, uri) => builder.NetworkInterface(uri)),
        (MDC_CONTROL_PARAM_NAME, (builder, uri) => builder.ControlEndpoint(uri)),
        (MDC_CONTROL_MODE_PARAM_NAME, (builder, uri) => builder.ControlMode(uri)),
        (MTU_LENGTH_PARAM_NAME, (builder, uri) => builder.Mtu(uri)),
        (TERM_LENGTH_PARAM_NAME, (builder, uri) => builder.TermLength(uri)),
        (INITIAL_TERM_ID_PARAM_NAME, (builder, uri) => builder.InitialTermId(uri)),
        (TERM_ID_PARAM_NAME, (builder, uri) => builder.TermId(uri)),
        (TERM_OFFSET_PARAM_NAME, (builder, uri) => builder.TermOffset(uri)),
        (SESSION_ID_PARAM_NAME, (builder, uri) => builder.SessionId(uri)),
        (TTL_PARAM_NAME, (builder, uri) => builder.Ttl(uri)),
        (RELIABLE_STREAM_PARAM_NAME, (builder, uri) => builder.Reliable(uri)),
        (LINGER_PARAM_NAME, (builder, uri) => builder.Linger(uri)),
        (ALIAS_PARAM_NAME, (builder, uri) => builder.Alias(uri)),
        (CONGESTION_CONTROL_PARAM_NAME, (builder, uri) => builder.CongestionControl(uri)),
        (FLOW_CONTROL_PARAM_NAME, (builder, uri) => builder.FlowControl(uri)),
        (GROUP_TAG_PARAM_NAME, (builder, uri) => builder.GroupTag(uri)),
        (SPARSE_PARAM_NAME, (builder, uri) => builder.Sparse(uri)),
        (EOS_PARAM_NAME, (builder, uri) => builder.Eos(uri)),
        (TETHER_PARAM_NAME, (builder, uri) => builder.Tether(uri)),
        (GROUP_PARAM_NAME, (builder, uri) => builder.Group(uri)),
        (REJOIN_PARAM_NAME, (builder, uri) => builder.Rejoin(uri)),
        (SPIES_SIMULATE_CONNECTION_PARAM_NAME, (builder, uri) => builder.SpiesSimulateConnection(uri)),
        (SOCKET_SNDBUF_PARAM_NAME, (builder, uri) => builder.SocketSndbufLength(uri)),
        (SOCKET_RCVBUF_PARAM_NAME, (builder, uri) => builder.SocketRcvbufLength(uri)),
        (RECEIVER_WINDOW_LENGTH_PARAM_NAME, (builder, uri) => builder.ReceiverWindowLength(uri)),
        (MEDIA_RCV_TIMESTAMP_OFFSET_PARAM_NAME, (builder, uri) => builder.MediaReceiveTimestampOffset(uri)),
        (CHANNEL_RECEIVE_TIMESTAMP_OFFSET_PARAM_NAME, (builder, uri) => builder.ChannelReceiveTimestampOffset(uri)),
        (CHANNEL_SEND_TIMESTAMP_OFFSET_PARAM_NAME, (builder, uri) => builder.ChannelSendTimestampOffset(uri)),
        (RESPONSE_ENDPOINT_PARAM_NAME, (builder, uri) => builder.ResponseEndpoint(uri)),
        (RESPONSE_CORRELATION_ID_PARAM_NAME, (builder, uri) => builder.ResponseCorrelationId(uri)),
        (NAK_DELAY_PARAM_NAME, (builder, uri) => builder.NakDelay(uri)),
        (UNTETHERED_WINDOW_LIMIT_TIMEOUT_PARAM_NAME, (builder, uri) => builder.UntetheredWindowLimitTimeout(uri)),
        (UNTETHERED_LINGER_TIMEOUT_PARAM_NAME, (builder, uri) => builder.UntetheredLingerTimeout(uri)),
        (UNTETHERED_RESTING_TIMEOUT_PARAM_NAME, (builder, uri) => builder.UntetheredRestingTimeout(uri)),
        (MAX_RESEND_PARAM_NAME, (builder, uri) => builder.MaxResend(uri)),
        (STREAM_ID_PARAM_NAME, (builder, uri) => builder.StreamId(uri)),
        (PUBLICATION_WINDOW_LENGTH_PARAM_NAME, (builder, uri) => builder.PublicationWindowLength(uri)),
    ];

    private string? _prefix;
    private string? _media;
    private bool _isSessionIdTagged;

    /// <summary>Starts with nothing.</summary>
    public ChannelUriStringBuilder()
    {
    }

    /// <summary>Starts with a channel as it is written.</summary>
    /// <exception cref="ArgumentException">It is no channel, or a parameter is impossible.</exception>
    public ChannelUriStringBuilder(string initialUri)
        : this(ChannelUri.Parse(initialUri))
    {
    }

    /// <summary>Starts with a channel.</summary>
    /// <exception cref="ArgumentException">A parameter is impossible.</exception>
    public ChannelUriStringBuilder(ChannelUri channelUri)
    {
        Prefix(channelUri);
        Media(channelUri);
        foreach (var (_, copy) in Parameters)
            copy(this, channelUri);
    }

    /// <summary>The qualifier before the scheme: that of a spy, or none.</summary>
    public ChannelUriStringBuilder Prefix(string? prefix)
    {
        if (!string.IsNullOrEmpty(prefix) && prefix != ChannelUri.SPY_QUALIFIER)
            throw new ArgumentException($"invalid prefix: {prefix}");

        _prefix = prefix;
        return this;
    }

    /// <inheritdoc cref="Prefix(string?)"/>
    public ChannelUriStringBuilder Prefix(ChannelUri channelUri)
    {
        ArgumentNullException.ThrowIfNull(channelUri);
        return Prefix(channelUri.Prefix());
    }

    /// <inheritdoc cref="Prefix(string?)"/>
    public string? Prefix() => _prefix;

    /// <summary>The medium: ipc or udp.</summary>
    public ChannelUriStringBuilder Media(string media)
    {
        if (media is not (IPC_MEDIA or UDP_MEDIA))
            throw new ArgumentException($"invalid media: {media}");

        _media = media;
        return this;
    }

    /// <inheritdoc cref="Media(string)"/>
    public ChannelUriStringBuilder Media(ChannelUri channelUri)
    {
        ArgumentNullException.ThrowIfNull(channelUri);
        return Media(channelUri.Media());
    }

    /// <inheritdoc cref="Media(string)"/>
    public string? Media() => _media;

    /// <summary>Hops that a multicast packet lives, 0 to 255.</summary>
    public ChannelUriStringBuilder Ttl(int? ttl) => ttl is null or (>= 0 and <= 255)
        ? Set(TTL_PARAM_NAME, ttl)
        : throw new ArgumentException($"TTL not in range 0-255: {ttl}");

    /// <inheritdoc cref="Ttl(int?)"/>
    public ChannelUriStringBuilder Ttl(ChannelUri channelUri) =>
        Ttl(ParseInt(TTL_PARAM_NAME, channelUri.Get(TTL_PARAM_NAME)));

    /// <inheritdoc cref="Ttl(int?)"/>
    public int? Ttl() => ParseInt(TTL_PARAM_NAME, Value(TTL_PARAM_NAME));

    /// <summary>Bytes of the longest frame: 32 to 65,504, a multiple of 32.</summary>
    public ChannelUriStringBuilder Mtu(int? mtu)
    {
        if (mtu is < DataHeaderFlyweight.HEADER_LENGTH or > MaxMtuLength)
            throw new ArgumentException($"MTU not in range 32-65504: {mtu}");

        if (mtu is { } length && !FrameDescriptor.IsFrameAligned(length))
            throw new ArgumentException($"MTU not a multiple of FRAME_ALIGNMENT: mtu={mtu}");

        return SetSize(MTU_LENGTH_PARAM_NAME, mtu);
    }

    /// <inheritdoc cref="Mtu(int?)"/>
    public ChannelUriStringBuilder Mtu(ChannelUri channelUri) =>
        Mtu(ParseSize(MTU_LENGTH_PARAM_NAME, channelUri.Get(MTU_LENGTH_PARAM_NAME)));

    /// <inheritdoc cref="Mtu(int?)"/>
    public int? Mtu() => ParseSize(MTU_LENGTH_PARAM_NAME, Value(MTU_LENGTH_PARAM_NAME));

    /// <summary>Bytes of a term: a power of two from 64 KiB to 1 GiB.</summary>
    public ChannelUriStringBuilder TermLength(int? termLength)
    {
        if (termLength is { } length)
            LogBufferDescriptor.CheckTermLength(length);

        return SetSize(TERM_LENGTH_PARAM_NAME, termLength);
    }

    /// <inheritdoc cref="TermLength(int?)"/>
    public ChannelUriStringBuilder TermLength(ChannelUri channelUri) =>
        TermLength(ParseSize(TERM_LENGTH_PARAM_NAME, channelUri.Get(TERM_LENGTH_PARAM_NAME)));

    /// <inheritdoc cref="TermLength(int?)"/>
    public int? TermLength() => ParseSize(TERM_LENGTH_PARAM_NAME, Value(TERM_LENGTH_PARAM_NAME));

    /// <summary>The stream's first term.</summary>
    public ChannelUriStringBuilder InitialTermId(int? initialTermId) => Set(INITIAL_TERM_ID_PARAM_NAME, initialTermId);

    /// <inheritdoc cref="InitialTermId(int?)"/>
    public ChannelUriStringBuilder InitialTermId(ChannelUri channelUri) =>
        InitialTermId(ParseInt(INITIAL_TERM_ID_PARAM_NAME, channelUri.Get(INITIAL_TERM_ID_PARAM_NAME)));

    /// <inheritdoc cref="InitialTermId(int?)"/>
    public int? InitialTermId() => ParseInt(INITIAL_TERM_ID_PARAM_NAME, Value(INITIAL_TERM_ID_PARAM_NAME));

    /// <summary>The term to start in.</summary>
    public ChannelUriStringBuilder TermId(int? termId) => Set(TERM_ID_PARAM_NAME, termId);

    /// <inheritdoc cref="TermId(int?)"/>
    public ChannelUriStringBuilder TermId(ChannelUri channelUri) =>
        TermId(ParseInt(TERM_ID_PARAM_NAME, channelUri.Get(TERM_ID_PARAM_NAME)));

    /// <inheritdoc cref="TermId(int?)"/>
    public int? TermId() => ParseInt(TERM_ID_PARAM_NAME, Value(TERM_ID_PARAM_NAME));

    /// <summary>Where to start in that term: a multiple of 32, at most 1 GiB.</summary>
    public ChannelUriStringBuilder TermOffset(int? termOffset)
    {
        if (termOffset is < 0 or > LogBufferDescriptor.TermMaxLength)
            throw new ArgumentException($"term offset not in range 0-1g: {termOffset}");

        if (termOffset is { } offset && !FrameDescriptor.IsFrameAligned(offset))
            throw new ArgumentException($"term offset not multiple of FRAME_ALIGNMENT: {termOffset}");

        return Set(TERM_OFFSET_PARAM_NAME, termOffset);
    }

    /// <inheritdoc cref="TermOffset(int?)"/>
    public ChannelUriStringBuilder TermOffset(ChannelUri channelUri) =>
        TermOffset(ParseInt(TERM_OFFSET_PARAM_NAME, channelUri.Get(TERM_OFFSET_PARAM_NAME)));

    /// <inheritdoc cref="TermOffset(int?)"/>
    public int? TermOffset() => ParseInt(TERM_OFFSET_PARAM_NAME, Value(TERM_OFFSET_PARAM_NAME));

    /// <summary>Sets the four parameters that make a stream start at a position.</summary>
    /// <exception cref="ArgumentException">No frame can begin there.</exception>
    public ChannelUriStringBuilder InitialPosition(long position, int initialTermId, int termLength)
    {
        if (position < 0)
            throw new ArgumentException($"invalid position={position} < 0");

        if ((position & (FrameDescriptor.FrameAlignment - 1)) != 0)
            throw new ArgumentException(
                $"invalid position={position} does not have frame alignment={FrameDescriptor.FrameAlignment}");

        var bitsToShift = LogBufferDescriptor.PositionBitsToShift(termLength);
        return InitialTermId(initialTermId)
            .TermId(LogBufferDescriptor.ComputeTermIdFromPosition(position, bitsToShift, initialTermId))
            .TermOffset((int)(position & (termLength - 1)))
            .TermLength(termLength);
    }

    /// <summary>The session.</summary>
    public ChannelUriStringBuilder SessionId(int? sessionId) => Set(SESSION_ID_PARAM_NAME, sessionId);

    /// <summary>The session, or a tag of the publication whose session to take.</summary>
    /// <exception cref="ArgumentException">It is neither a number nor a tag.</exception>
    public ChannelUriStringBuilder SessionId(string? sessionIdStr)
    {
        if (sessionIdStr is not null && ChannelUri.IsTagged(sessionIdStr))
            return TaggedSessionId(ParseLong(SESSION_ID_PARAM_NAME, sessionIdStr[TAG_PREFIX.Length..]));

        IsSessionIdTagged(false);
        return SessionId(ParseInt(SESSION_ID_PARAM_NAME, sessionIdStr));
    }

    /// <inheritdoc cref="SessionId(string?)"/>
    public ChannelUriStringBuilder SessionId(ChannelUri channelUri) =>
        SessionId(channelUri.Get(SESSION_ID_PARAM_NAME));

    /// <summary>The tag of the publication whose session to take.</summary>
    public ChannelUriStringBuilder TaggedSessionId(long? sessionId)
    {
        IsSessionIdTagged(true);
        return Set(SESSION_ID_PARAM_NAME, sessionId);
    }

    /// <summary>The session; of a tag, its lower half.</summary>
    public int? SessionId() => unchecked((int?)ParseLong(SESSION_ID_PARAM_NAME, Value(SESSION_ID_PARAM_NAME)));

    /// <summary>Says whether the session is a tag.</summary>
    public ChannelUriStringBuilder IsSessionIdTagged(bool isSessionIdTagged)
    {
        _isSessionIdTagged = isSessionIdTagged;
        return this;
    }

    /// <summary>True when the session is a tag.</summary>
    public bool IsSessionIdTagged() => _isSessionIdTagged;

    /// <summary>The stream.</summary>
    public ChannelUriStringBuilder StreamId(int? streamId) => Set(STREAM_ID_PARAM_NAME, streamId);

    /// <inheritdoc cref="StreamId(int?)"/>
    public ChannelUriStringBuilder StreamId(ChannelUri channelUri) =>
        StreamId(ParseInt(STREAM_ID_PARAM_NAME, channelUri.Get(STREAM_ID_PARAM_NAME)));

    /// <inheritdoc cref="StreamId(int?)"/>
    public int? StreamId() => ParseInt(STREAM_ID_PARAM_NAME, Value(STREAM_ID_PARAM_NAME));

    /// <summary>Bytes of the socket's send buffer.</summary>
    public ChannelUriStringBuilder SocketSndbufLength(int? socketSndbufLength) =>
        SetSize(SOCKET_SNDBUF_PARAM_NAME, socketSndbufLength);

    /// <inheritdoc cref="SocketSndbufLength(int?)"/>
    public ChannelUriStringBuilder SocketSndbufLength(ChannelUri channelUri) =>
        SocketSndbufLength(ParseSize(SOCKET_SNDBUF_PARAM_NAME, channelUri.Get(SOCKET_SNDBUF_PARAM_NAME)));

    /// <inheritdoc cref="SocketSndbufLength(int?)"/>
    public int? SocketSndbufLength() => ParseSize(SOCKET_SNDBUF_PARAM_NAME, Value(SOCKET_SNDBUF_PARAM_NAME));

    /// <summary>Bytes of the socket's receive buffer.</summary>
    public ChannelUriStringBuilder SocketRcvbufLength(int? socketRcvbufLength) =>
        SetSize(SOCKET_RCVBUF_PARAM_NAME, socketRcvbufLength);

    /// <inheritdoc cref="SocketRcvbufLength(int?)"/>
    public ChannelUriStringBuilder SocketRcvbufLength(ChannelUri channelUri) =>
        SocketRcvbufLength(ParseSize(SOCKET_RCVBUF_PARAM_NAME, channelUri.Get(SOCKET_RCVBUF_PARAM_NAME)));

    /// <inheritdoc cref="SocketRcvbufLength(int?)"/>
    public int? SocketRcvbufLength() => ParseSize(SOCKET_RCVBUF_PARAM_NAME, Value(SOCKET_RCVBUF_PARAM_NAME));

    /// <summary>Bytes that a receiver lets its sender be ahead.</summary>
    public ChannelUriStringBuilder ReceiverWindowLength(int? receiverWindowLength) =>
        SetSize(RECEIVER_WINDOW_LENGTH_PARAM_NAME, receiverWindowLength);

    /// <inheritdoc cref="ReceiverWindowLength(int?)"/>
    public ChannelUriStringBuilder ReceiverWindowLength(ChannelUri channelUri) =>
        ReceiverWindowLength(
            ParseSize(RECEIVER_WINDOW_LENGTH_PARAM_NAME, channelUri.Get(RECEIVER_WINDOW_LENGTH_PARAM_NAME)));

    /// <inheritdoc cref="ReceiverWindowLength(int?)"/>
    public int? ReceiverWindowLength() =>
        ParseSize(RECEIVER_WINDOW_LENGTH_PARAM_NAME, Value(RECEIVER_WINDOW_LENGTH_PARAM_NAME));

    /// <summary>Bytes that a publisher may be ahead of its subscribers.</summary>
    public ChannelUriStringBuilder PublicationWindowLength(int? publicationWindowLength) =>
        SetSize(PUBLICATION_WINDOW_LENGTH_PARAM_NAME, publicationWindowLength);

    /// <inheritdoc cref="PublicationWindowLength(int?)"/>
    public ChannelUriStringBuilder PublicationWindowLength(ChannelUri channelUri) =>
        PublicationWindowLength(
            ParseSize(PUBLICATION_WINDOW_LENGTH_PARAM_NAME, channelUri.Get(PUBLICATION_WINDOW_LENGTH_PARAM_NAME)));

    /// <inheritdoc cref="PublicationWindowLength(int?)"/>
    public int? PublicationWindowLength() =>
        ParseSize(PUBLICATION_WINDOW_LENGTH_PARAM_NAME, Value(PUBLICATION_WINDOW_LENGTH_PARAM_NAME));

    /// <summary>The most resends at a time.</summary>
    public ChannelUriStringBuilder MaxResend(int? maxResend) =>
        Set(MAX_RESEND_PARAM_NAME, RequireNonNegative(MAX_RESEND_PARAM_NAME, maxResend));

    /// <inheritdoc cref="MaxResend(int?)"/>
    public ChannelUriStringBuilder MaxResend(ChannelUri channelUri) =>
        MaxResend(ParseInt(MAX_RESEND_PARAM_NAME, channelUri.Get(MAX_RESEND_PARAM_NAME)));

    /// <inheritdoc cref="MaxResend(int?)"/>
    public int? MaxResend() => ParseInt(MAX_RESEND_PARAM_NAME, Value(MAX_RESEND_PARAM_NAME));

    /// <summary>Removes everything.</summary>
    public ChannelUriStringBuilder Clear()
    {
        _prefix = null;
        _media = null;
        _isSessionIdTagged = false;
        ClearValues();
        return this;
    }

    /// <summary>Checks that what is set goes together.</summary>
    /// <exception cref="ArgumentException">It does not; the message says why.</exception>
    public ChannelUriStringBuilder Validate()
    {
        if (_media is null)
            throw new ArgumentException("media type is mandatory");

        if (_media == UDP_MEDIA && Endpoint() is null && ControlEndpoint() is null)
            throw new ArgumentException("either 'endpoint' or 'control' must be specified for UDP.");

        var (initialTermId, termId, termOffset) = (InitialTermId(), TermId(), TermOffset());
        if (initialTermId is null && termId is null && termOffset is null)
            return this;

        if (initialTermId is null || termId is null || termOffset is null)
            throw new ArgumentException(
                "either all or none of the parameters ['initialTermId', 'termId', 'termOffset'] must be provided");

        if (unchecked(termId.Value - initialTermId.Value) < 0)
            throw new ArgumentException(
                $"difference greater than 2^31 - 1: termId={termId} - initialTermId={initialTermId}");

        if (termOffset > TermLength())
            throw new ArgumentException($"termOffset={termOffset} > termLength={TermLength()}");

        return this;
    }

    /// <summary>The channel, as it is written.</summary>
    public string Build()
    {
        var text = new StringBuilder();
        if (!string.IsNullOrEmpty(_prefix))
            text.Append(_prefix).Append(':');

        text.Append(ChannelUri.AERON_SCHEME).Append(':').Append(_media);
        var separator = '?';
        foreach (var (name, _) in Parameters)
        {
            if (Value(name) is not { } value)
                continue;

            var tag = name == SESSION_ID_PARAM_NAME && _isSessionIdTagged ? TAG_PREFIX : "";
            text.Append(separator).Append(name).Append('=').Append(tag).Append(value);
            separator = '|';
        }

        return text.ToString();
    }

    /// <inheritdoc cref="Build"/>
    public override string ToString() => Build();
}
