using System.Globalization;
using System.Text;
using ExecutionPipeline.Aeron.Buffers;
using static ExecutionPipeline.Aeron.Client.Aeron.Context;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// Puts a channel together, parameter by parameter. Each has three methods of one name: to set it (null removes it), to
/// take it from another channel, and to get it, null when it is not set.
/// </summary>
public sealed partial class ChannelUriStringBuilder
{
    /// <summary>What a tag's value begins with.</summary>
    public const string TAG_PREFIX = Aeron.Context.TAG_PREFIX;

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

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
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

    /// <summary>Removes everything.</summary>
    public ChannelUriStringBuilder Clear()
    {
        _prefix = null;
        _media = null;
        _isSessionIdTagged = false;
        _values.Clear();
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
            if (!_values.TryGetValue(name, out var value))
                continue;

            var tag = name == SESSION_ID_PARAM_NAME && _isSessionIdTagged ? TAG_PREFIX : "";
            text.Append(separator).Append(name).Append('=').Append(tag).Append(value);
            separator = '|';
        }

        return text.ToString();
    }

    /// <inheritdoc cref="Build"/>
    public override string ToString() => Build();

    private ChannelUriStringBuilder Set(string name, string? value)
    {
        if (value is null)
            _values.Remove(name);
        else
            _values[name] = value;

        return this;
    }

    private ChannelUriStringBuilder Set(string name, long? value) =>
        Set(name, value?.ToString(CultureInfo.InvariantCulture));

    private ChannelUriStringBuilder Set(string name, bool? value) =>
        Set(name, value is null ? null : value.Value ? "true" : "false");

    private ChannelUriStringBuilder SetSize(string name, int? value) =>
        Set(name, RequireNonNegative(name, value) is { } size ? SystemUtil.FormatSize(size) : null);

    private ChannelUriStringBuilder SetDurationNs(string name, long? value) =>
        Set(name, RequireNonNegative(name, value) is { } durationNs ? SystemUtil.FormatDuration(durationNs) : null);

    private string? Value(string name) => _values.GetValueOrDefault(name);

    private static int? ParseInt(string name, string? text) =>
        (int?)ParseNumber(name, text, int.MinValue, int.MaxValue);

    private static long? ParseLong(string name, string? text) =>
        ParseNumber(name, text, long.MinValue, long.MaxValue);

    private static long? ParseNumber(string name, string? text, long minimum, long maximum)
    {
        if (text is null)
            return null;

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= minimum && value <= maximum
            ? value
            : throw new ArgumentException($"'{name}' must be a valid integer, found: {text}");
    }

    private static bool? ParseBool(string name, string? text)
    {
        if (text is null)
            return null;

        return bool.TryParse(text, out var value)
            ? value
            : throw new ArgumentException($"'{name}' must be true or false, found: {text}");
    }

    private static int? ParseSize(string name, string? text)
    {
        if (text is null)
            return null;

        var size = SystemUtil.ParseSize(name, text);
        return size <= int.MaxValue
            ? (int)size
            : throw new ArgumentException($"'{name}' exceeds maximum permitted: value={size}");
    }

    private static long? ParseDurationNs(string name, string? text) =>
        text is null ? null : SystemUtil.ParseDuration(name, text);

    private static long? RequireNonNegative(string name, long? value) => value is null or >= 0
        ? value
        : throw new ArgumentException($"`{name}` value cannot be negative: {value}");
}
