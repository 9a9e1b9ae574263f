namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// The parameters of channels and their special values. They are read as those of <see cref="Aeron.Context"/>.
/// </summary>
public abstract class ChannelParameterNames
{
    private protected ChannelParameterNames()
    {
    }

    /// <summary>The channel of streams within a machine.</summary>
    public const string IPC_CHANNEL = "aeron:ipc";

    /// <summary>The channel of streams over a network.</summary>
    public const string UDP_CHANNEL = "aeron:udp";

    /// <summary>The medium of streams within a machine.</summary>
    public const string IPC_MEDIA = "ipc";

    /// <summary>The medium of streams over a network.</summary>
    public const string UDP_MEDIA = "udp";

    /// <summary>What a spy's channel begins with.</summary>
    public const string SPY_PREFIX = "aeron-spy:";

    /// <summary>What a tag's value begins with.</summary>
    public const string TAG_PREFIX = "tag:";

    /// <summary>Control mode: the application adds and removes destinations.</summary>
    public const string MDC_CONTROL_MODE_MANUAL = "manual";

    /// <summary>Control mode: receivers add themselves.</summary>
    public const string MDC_CONTROL_MODE_DYNAMIC = "dynamic";

    /// <summary>Control mode: a stream of responses.</summary>
    public const string CONTROL_MODE_RESPONSE = "response";

    /// <summary>Timestamp offset: the frame's reserved value.</summary>
    public const string RESERVED_OFFSET = "reserved";

    /// <summary>Response correlation id: that of a publication made before any request.</summary>
    public const string PROTOTYPE_CORRELATION_ID = "prototype";

    /// <summary>No session.</summary>
    public const int NULL_SESSION_ID = Aeron.NULL_VALUE;

    /// <summary>Parameter: address and port of the stream's receivers.</summary>
    public const string ENDPOINT_PARAM_NAME = "endpoint";

    /// <summary>Parameter: the network interface.</summary>
    public const string INTERFACE_PARAM_NAME = "interface";

    /// <summary>Parameter: the stream's first term.</summary>
    public const string INITIAL_TERM_ID_PARAM_NAME = "init-term-id";

    /// <summary>Parameter: the term to start in.</summary>
    public const string TERM_ID_PARAM_NAME = "term-id";

    /// <summary>Parameter: where to start in that term.</summary>
    public const string TERM_OFFSET_PARAM_NAME = "term-offset";

    /// <summary>Parameter: bytes of a term.</summary>
    public const string TERM_LENGTH_PARAM_NAME = "term-length";

    /// <summary>Parameter: bytes of the longest frame.</summary>
    public const string MTU_LENGTH_PARAM_NAME = "mtu";

    /// <summary>Parameter: hops that a multicast packet lives.</summary>
    public const string TTL_PARAM_NAME = "ttl";

    /// <summary>Parameter: address and port for control messages of several destinations.</summary>
    public const string MDC_CONTROL_PARAM_NAME = "control";

    /// <summary>Parameter: how destinations come and go.</summary>
    public const string MDC_CONTROL_MODE_PARAM_NAME = "control-mode";

    /// <summary>Parameter: the session, or a tag whose session to take.</summary>
    public const string SESSION_ID_PARAM_NAME = "session-id";

    /// <summary>Parameter: how long a closed publication is kept for its readers.</summary>
    public const string LINGER_PARAM_NAME = "linger";

    /// <summary>Parameter: whether loss is repaired.</summary>
    public const string RELIABLE_STREAM_PARAM_NAME = "reliable";

    /// <summary>Parameter: names for the channel and the publication or subscription.</summary>
    public const string TAGS_PARAM_NAME = "tags";

    /// <summary>Parameter: whether the log's file is sparse.</summary>
    public const string SPARSE_PARAM_NAME = "sparse";

    /// <summary>Parameter: a name for people.</summary>
    public const string ALIAS_PARAM_NAME = "alias";

    /// <summary>Parameter: whether the end of the stream is signalled.</summary>
    public const string EOS_PARAM_NAME = "eos";

    /// <summary>Parameter: whether a slow subscriber holds the publisher back.</summary>
    public const string TETHER_PARAM_NAME = "tether";

    /// <summary>Parameter: whether the receivers are a group.</summary>
    public const string GROUP_PARAM_NAME = "group";

    /// <summary>Parameter: whether a subscriber left behind joins again.</summary>
    public const string REJOIN_PARAM_NAME = "rejoin";

    /// <summary>Parameter: the congestion control.</summary>
    public const string CONGESTION_CONTROL_PARAM_NAME = "cc";

    /// <summary>Parameter: the flow control.</summary>
    public const string FLOW_CONTROL_PARAM_NAME = "fc";

    /// <summary>Parameter: a receiver's group for flow control.</summary>
    public const string GROUP_TAG_PARAM_NAME = "gtag";

    /// <summary>Parameter: whether spies count as subscribers.</summary>
    public const string SPIES_SIMULATE_CONNECTION_PARAM_NAME = "ssc";

    /// <summary>Parameter: bytes of the socket's send buffer.</summary>
    public const string SOCKET_SNDBUF_PARAM_NAME = "so-sndbuf";

    /// <summary>Parameter: bytes of the socket's receive buffer.</summary>
    public const string SOCKET_RCVBUF_PARAM_NAME = "so-rcvbuf";

    /// <summary>Parameter: bytes that a receiver lets its sender be ahead.</summary>
    public const string RECEIVER_WINDOW_LENGTH_PARAM_NAME = "rcv-wnd";

    /// <summary>Parameter: where to put the network card's receive time.</summary>
    public const string MEDIA_RCV_TIMESTAMP_OFFSET_PARAM_NAME = "media-rcv-ts-offset";

    /// <summary>Parameter: where to put the driver's receive time.</summary>
    public const string CHANNEL_RECEIVE_TIMESTAMP_OFFSET_PARAM_NAME = "channel-rcv-ts-offset";

    /// <summary>Parameter: where to put the driver's send time.</summary>
    public const string CHANNEL_SEND_TIMESTAMP_OFFSET_PARAM_NAME = "channel-snd-ts-offset";

    /// <summary>Parameter: address and port for responses.</summary>
    public const string RESPONSE_ENDPOINT_PARAM_NAME = "response-endpoint";

    /// <summary>Parameter: what a response stream answers.</summary>
    public const string RESPONSE_CORRELATION_ID_PARAM_NAME = "response-correlation-id";

    /// <summary>Parameter: how long to wait before asking for lost frames.</summary>
    public const string NAK_DELAY_PARAM_NAME = "nak-delay";

    /// <summary>Parameter: how long an untethered subscriber may be slow.</summary>
    public const string UNTETHERED_WINDOW_LIMIT_TIMEOUT_PARAM_NAME = "untethered-window-limit-timeout";

    /// <summary>Parameter: how long it may then read on.</summary>
    public const string UNTETHERED_LINGER_TIMEOUT_PARAM_NAME = "untethered-linger-timeout";

    /// <summary>Parameter: how long it then rests.</summary>
    public const string UNTETHERED_RESTING_TIMEOUT_PARAM_NAME = "untethered-resting-timeout";

    /// <summary>Parameter: the most resends at a time.</summary>
    public const string MAX_RESEND_PARAM_NAME = "max-resend";

    /// <summary>Parameter: the stream.</summary>
    public const string STREAM_ID_PARAM_NAME = "stream-id";

    /// <summary>Parameter: bytes that a publisher may be ahead of its subscribers.</summary>
    public const string PUBLICATION_WINDOW_LENGTH_PARAM_NAME = "pub-wnd";
}
