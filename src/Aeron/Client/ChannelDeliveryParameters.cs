using System.Globalization;
using ExecutionPipeline.Aeron.Buffers;
using static ExecutionPipeline.Aeron.Client.ChannelParameterNames;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// The parameters of a channel that say where its messages go and how they are delivered. They are used as those of
/// <see cref="ChannelUriStringBuilder"/>, which alone derives from this.
/// </summary>
public abstract class ChannelDeliveryParameters
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private protected ChannelDeliveryParameters()
    {
    }

    private ChannelUriStringBuilder Self => (ChannelUriStringBuilder)this;

    /// <summary>Address and port of the stream's receivers.</summary>
    public ChannelUriStringBuilder Endpoint(string? endpoint) => Set(ENDPOINT_PARAM_NAME, endpoint);

    /// <inheritdoc cref="Endpoint(string?)"/>
    public ChannelUriStringBuilder Endpoint(ChannelUri channelUri) => Endpoint(channelUri.Get(ENDPOINT_PARAM_NAME));

    /// <inheritdoc cref="Endpoint(string?)"/>
    public string? Endpoint() => Value(ENDPOINT_PARAM_NAME);

    /// <summary>The network interface.</summary>
    public ChannelUriStringBuilder NetworkInterface(string? networkInterface) =>
        Set(INTERFACE_PARAM_NAME, networkInterface);

    /// <inheritdoc cref="NetworkInterface(string?)"/>
    public ChannelUriStringBuilder NetworkInterface(ChannelUri channelUri) =>
        NetworkInterface(channelUri.Get(INTERFACE_PARAM_NAME));

    /// <inheritdoc cref="NetworkInterface(string?)"/>
    public string? NetworkInterface() => Value(INTERFACE_PARAM_NAME);

    /// <summary>Address and port for control messages of several destinations.</summary>
    public ChannelUriStringBuilder ControlEndpoint(string? controlEndpoint) =>
        Set(MDC_CONTROL_PARAM_NAME, controlEndpoint);

    /// <inheritdoc cref="ControlEndpoint(string?)"/>
    public ChannelUriStringBuilder ControlEndpoint(ChannelUri channelUri) =>
        ControlEndpoint(channelUri.Get(MDC_CONTROL_PARAM_NAME));

    /// <inheritdoc cref="ControlEndpoint(string?)"/>
    public string? ControlEndpoint() => Value(MDC_CONTROL_PARAM_NAME);

    /// <summary>How destinations come and go: manual, dynamic or response.</summary>
    public ChannelUriStringBuilder ControlMode(string? controlMode) =>
        controlMode is null or MDC_CONTROL_MODE_MANUAL or MDC_CONTROL_MODE_DYNAMIC or CONTROL_MODE_RESPONSE
            ? Set(MDC_CONTROL_MODE_PARAM_NAME, controlMode)
            : throw new ArgumentException($"invalid control mode: {controlMode}");

    /// <inheritdoc cref="ControlMode(string?)"/>
    public ChannelUriStringBuilder ControlMode(ChannelUri channelUri) =>
        ControlMode(channelUri.Get(MDC_CONTROL_MODE_PARAM_NAME));

    /// <inheritdoc cref="ControlMode(string?)"/>
    public string? ControlMode() => Value(MDC_CONTROL_MODE_PARAM_NAME);

    /// <summary>A name for people.</summary>
    public ChannelUriStringBuilder Alias(string? alias) => Set(ALIAS_PARAM_NAME, alias);

    /// <inheritdoc cref="Alias(string?)"/>
    public ChannelUriStringBuilder Alias(ChannelUri channelUri) => Alias(channelUri.Get(ALIAS_PARAM_NAME));

    /// <inheritdoc cref="Alias(string?)"/>
    public string? Alias() => Value(ALIAS_PARAM_NAME);

    /// <summary>The tags of the channel, and of the publication or subscription.</summary>
    /// <exception cref="ArgumentException">There is a second tag and no first.</exception>
    public ChannelUriStringBuilder Tags(long? channelTag, long? pubSubTag)
    {
        if (channelTag is null && pubSubTag is not null)
            throw new ArgumentException("null == channelTag && null != pubSubTag");

        return pubSubTag is null
            ? Set(TAGS_PARAM_NAME, channelTag)
            : Tags(string.Create(CultureInfo.InvariantCulture, $"{channelTag},{pubSubTag}"));
    }

    /// <summary>The tags, parted by a comma.</summary>
    public ChannelUriStringBuilder Tags(string? tags) => Set(TAGS_PARAM_NAME, tags);

    /// <inheritdoc cref="Tags(string?)"/>
    public ChannelUriStringBuilder Tags(ChannelUri channelUri) => Tags(channelUri.Get(TAGS_PARAM_NAME));

    /// <inheritdoc cref="Tags(string?)"/>
    public string? Tags() => Value(TAGS_PARAM_NAME);

    /// <summary>Address and port for responses.</summary>
    public ChannelUriStringBuilder ResponseEndpoint(string? responseEndpoint) =>
        Set(RESPONSE_ENDPOINT_PARAM_NAME, responseEndpoint);

    /// <inheritdoc cref="ResponseEndpoint(string?)"/>
    public ChannelUriStringBuilder ResponseEndpoint(ChannelUri channelUri) =>
        ResponseEndpoint(channelUri.Get(RESPONSE_ENDPOINT_PARAM_NAME));

    /// <inheritdoc cref="ResponseEndpoint(string?)"/>
    public string? ResponseEndpoint() => Value(RESPONSE_ENDPOINT_PARAM_NAME);

    /// <summary>What a response stream answers: an image's correlation id.</summary>
    public ChannelUriStringBuilder ResponseCorrelationId(long? responseCorrelationId) =>
        Set(RESPONSE_CORRELATION_ID_PARAM_NAME, responseCorrelationId);

    /// <summary>What a response stream answers: a number from -1 on, or "prototype".</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public ChannelUriStringBuilder ResponseCorrelationId(string? responseCorrelationId)
    {
        if (responseCorrelationId != PROTOTYPE_CORRELATION_ID
            && ParseLong(RESPONSE_CORRELATION_ID_PARAM_NAME, responseCorrelationId) < -1)
            throw new ArgumentException(
                "responseCorrelationId must be a number greater than or equal to -1, or the value "
                + $"'{PROTOTYPE_CORRELATION_ID}' found: {responseCorrelationId}");

        return Set(RESPONSE_CORRELATION_ID_PARAM_NAME, responseCorrelationId);
    }

    /// <inheritdoc cref="ResponseCorrelationId(string?)"/>
    public ChannelUriStringBuilder ResponseCorrelationId(ChannelUri channelUri) =>
        ResponseCorrelationId(channelUri.Get(RESPONSE_CORRELATION_ID_PARAM_NAME));

    /// <inheritdoc cref="ResponseCorrelationId(string?)"/>
    public string? ResponseCorrelationId() => Value(RESPONSE_CORRELATION_ID_PARAM_NAME);

    /// <summary>Whether loss is repaired.</summary>
    public ChannelUriStringBuilder Reliable(bool? isReliable) => Set(RELIABLE_STREAM_PARAM_NAME, isReliable);

    /// <inheritdoc cref="Reliable(bool?)"/>
    public ChannelUriStringBuilder Reliable(ChannelUri channelUri) =>
        Reliable(ParseBool(RELIABLE_STREAM_PARAM_NAME, channelUri.Get(RELIABLE_STREAM_PARAM_NAME)));

    /// <inheritdoc cref="Reliable(bool?)"/>
    public bool? Reliable() => ParseBool(RELIABLE_STREAM_PARAM_NAME, Value(RELIABLE_STREAM_PARAM_NAME));

    /// <summary>Whether the log's file is sparse.</summary>
    public ChannelUriStringBuilder Sparse(bool? isSparse) => Set(SPARSE_PARAM_NAME, isSparse);

    /// <inheritdoc cref="Sparse(bool?)"/>
    public ChannelUriStringBuilder Sparse(ChannelUri channelUri) =>
        Sparse(ParseBool(SPARSE_PARAM_NAME, channelUri.Get(SPARSE_PARAM_NAME)));

    /// <inheritdoc cref="Sparse(bool?)"/>
    public bool? Sparse() => ParseBool(SPARSE_PARAM_NAME, Value(SPARSE_PARAM_NAME));

    /// <summary>Whether the end of the stream is signalled.</summary>
    public ChannelUriStringBuilder Eos(bool? eos) => Set(EOS_PARAM_NAME, eos);

    /// <inheritdoc cref="Eos(bool?)"/>
    public ChannelUriStringBuilder Eos(ChannelUri channelUri) =>
        Eos(ParseBool(EOS_PARAM_NAME, channelUri.Get(EOS_PARAM_NAME)));

    /// <inheritdoc cref="Eos(bool?)"/>
    public bool? Eos() => ParseBool(EOS_PARAM_NAME, Value(EOS_PARAM_NAME));

    /// <summary>Whether a slow subscriber holds the publisher back.</summary>
    public ChannelUriStringBuilder Tether(bool? tether) => Set(TETHER_PARAM_NAME, tether);

    /// <inheritdoc cref="Tether(bool?)"/>
    public ChannelUriStringBuilder Tether(ChannelUri channelUri) =>
        Tether(ParseBool(TETHER_PARAM_NAME, channelUri.Get(TETHER_PARAM_NAME)));

    /// <inheritdoc cref="Tether(bool?)"/>
    public bool? Tether() => ParseBool(TETHER_PARAM_NAME, Value(TETHER_PARAM_NAME));

    /// <summary>Whether the receivers are a group.</summary>
    public ChannelUriStringBuilder Group(bool? group) => Set(GROUP_PARAM_NAME, group);

    /// <inheritdoc cref="Group(bool?)"/>
    public ChannelUriStringBuilder Group(ChannelUri channelUri) =>
        Group(ParseBool(GROUP_PARAM_NAME, channelUri.Get(GROUP_PARAM_NAME)));

    /// <inheritdoc cref="Group(bool?)"/>
    public bool? Group() => ParseBool(GROUP_PARAM_NAME, Value(GROUP_PARAM_NAME));

    /// <summary>Whether a subscriber left behind joins again.</summary>
    public ChannelUriStringBuilder Rejoin(bool? rejoin) => Set(REJOIN_PARAM_NAME, rejoin);

    /// <inheritdoc cref="Rejoin(bool?)"/>
    public ChannelUriStringBuilder Rejoin(ChannelUri channelUri) =>
        Rejoin(ParseBool(REJOIN_PARAM_NAME, channelUri.Get(REJOIN_PARAM_NAME)));

    /// <inheritdoc cref="Rejoin(bool?)"/>
    public bool? Rejoin() => ParseBool(REJOIN_PARAM_NAME, Value(REJOIN_PARAM_NAME));

    /// <summary>Whether spies count as subscribers.</summary>
    public ChannelUriStringBuilder SpiesSimulateConnection(bool? spiesSimulateConnection) =>
        Set(SPIES_SIMULATE_CONNECTION_PARAM_NAME, spiesSimulateConnection);

    /// <inheritdoc cref="SpiesSimulateConnection(bool?)"/>
    public ChannelUriStringBuilder SpiesSimulateConnection(ChannelUri channelUri) =>
        SpiesSimulateConnection(
            ParseBool(SPIES_SIMULATE_CONNECTION_PARAM_NAME, channelUri.Get(SPIES_SIMULATE_CONNECTION_PARAM_NAME)));

    /// <inheritdoc cref="SpiesSimulateConnection(bool?)"/>
    public bool? SpiesSimulateConnection() =>
        ParseBool(SPIES_SIMULATE_CONNECTION_PARAM_NAME, Value(SPIES_SIMULATE_CONNECTION_PARAM_NAME));

    /// <summary>The congestion control.</summary>
    public ChannelUriStringBuilder CongestionControl(string? congestionControl) =>
        Set(CONGESTION_CONTROL_PARAM_NAME, congestionControl);

    /// <inheritdoc cref="CongestionControl(string?)"/>
    public ChannelUriStringBuilder CongestionControl(ChannelUri channelUri) =>
        CongestionControl(channelUri.Get(CONGESTION_CONTROL_PARAM_NAME));

    /// <inheritdoc cref="CongestionControl(string?)"/>
    public string? CongestionControl() => Value(CONGESTION_CONTROL_PARAM_NAME);

    /// <summary>The flow control.</summary>
    public ChannelUriStringBuilder FlowControl(string? flowControl) => Set(FLOW_CONTROL_PARAM_NAME, flowControl);

    /// <inheritdoc cref="FlowControl(string?)"/>
    public ChannelUriStringBuilder FlowControl(ChannelUri channelUri) =>
        FlowControl(channelUri.Get(FLOW_CONTROL_PARAM_NAME));

    /// <inheritdoc cref="FlowControl(string?)"/>
    public string? FlowControl() => Value(FLOW_CONTROL_PARAM_NAME);

    /// <summary>Flow control by the receivers of a group, of which there must be some number.</summary>
    public ChannelUriStringBuilder TaggedFlowControl(long? groupTag, int? minGroupSize, string? timeout) =>
        FlowControl("tagged", Number(groupTag), minGroupSize, timeout);

    /// <summary>Flow control by the slowest receiver, of which there must be some number.</summary>
    public ChannelUriStringBuilder MinFlowControl(int? minGroupSize, string? timeout) =>
        FlowControl("min", "", minGroupSize, timeout);

    /// <summary>A receiver's group for flow control.</summary>
    public ChannelUriStringBuilder GroupTag(long? groupTag) => Set(GROUP_TAG_PARAM_NAME, groupTag);

    /// <inheritdoc cref="GroupTag(long?)"/>
    public ChannelUriStringBuilder GroupTag(ChannelUri channelUri) =>
        GroupTag(ParseLong(GROUP_TAG_PARAM_NAME, channelUri.Get(GROUP_TAG_PARAM_NAME)));

    /// <inheritdoc cref="GroupTag(long?)"/>
    public long? GroupTag() => ParseLong(GROUP_TAG_PARAM_NAME, Value(GROUP_TAG_PARAM_NAME));

    /// <summary>Where in a message to put the network card's receive time: a number, or "reserved".</summary>
    public ChannelUriStringBuilder MediaReceiveTimestampOffset(string? timestampOffset) =>
        SetTimestampOffset(MEDIA_RCV_TIMESTAMP_OFFSET_PARAM_NAME, timestampOffset);

    /// <inheritdoc cref="MediaReceiveTimestampOffset(string?)"/>
    public ChannelUriStringBuilder MediaReceiveTimestampOffset(ChannelUri channelUri) =>
        MediaReceiveTimestampOffset(channelUri.Get(MEDIA_RCV_TIMESTAMP_OFFSET_PARAM_NAME));

    /// <inheritdoc cref="MediaReceiveTimestampOffset(string?)"/>
    public string? MediaReceiveTimestampOffset() => Value(MEDIA_RCV_TIMESTAMP_OFFSET_PARAM_NAME);

    /// <summary>Where in a message to put the driver's receive time: a number, or "reserved".</summary>
    public ChannelUriStringBuilder ChannelReceiveTimestampOffset(string? timestampOffset) =>
        SetTimestampOffset(CHANNEL_RECEIVE_TIMESTAMP_OFFSET_PARAM_NAME, timestampOffset);

    /// <inheritdoc cref="ChannelReceiveTimestampOffset(string?)"/>
    public ChannelUriStringBuilder ChannelReceiveTimestampOffset(ChannelUri channelUri) =>
        ChannelReceiveTimestampOffset(channelUri.Get(CHANNEL_RECEIVE_TIMESTAMP_OFFSET_PARAM_NAME));

    /// <inheritdoc cref="ChannelReceiveTimestampOffset(string?)"/>
    public string? ChannelReceiveTimestampOffset() => Value(CHANNEL_RECEIVE_TIMESTAMP_OFFSET_PARAM_NAME);

    /// <summary>Where in a message to put the driver's send time: a number, or "reserved".</summary>
    public ChannelUriStringBuilder ChannelSendTimestampOffset(string? timestampOffset) =>
        SetTimestampOffset(CHANNEL_SEND_TIMESTAMP_OFFSET_PARAM_NAME, timestampOffset);

    /// <inheritdoc cref="ChannelSendTimestampOffset(string?)"/>
    public ChannelUriStringBuilder ChannelSendTimestampOffset(ChannelUri channelUri) =>
        ChannelSendTimestampOffset(channelUri.Get(CHANNEL_SEND_TIMESTAMP_OFFSET_PARAM_NAME));

    /// <inheritdoc cref="ChannelSendTimestampOffset(string?)"/>
    public string? ChannelSendTimestampOffset() => Value(CHANNEL_SEND_TIMESTAMP_OFFSET_PARAM_NAME);

    /// <summary>Nanoseconds that a closed publication is kept for its readers.</summary>
    public ChannelUriStringBuilder Linger(long? lingerNs) => SetDurationNs(LINGER_PARAM_NAME, lingerNs);

    /// <inheritdoc cref="Linger(long?)"/>
    public ChannelUriStringBuilder Linger(ChannelUri channelUri) =>
        Linger(ParseDurationNs(LINGER_PARAM_NAME, channelUri.Get(LINGER_PARAM_NAME)));

    /// <inheritdoc cref="Linger(long?)"/>
    public long? Linger() => ParseDurationNs(LINGER_PARAM_NAME, Value(LINGER_PARAM_NAME));

    /// <summary>How long to wait before asking for lost frames, as 10us and the like.</summary>
    public ChannelUriStringBuilder NakDelay(string? nakDelay) =>
        NakDelay(ParseDurationNs(NAK_DELAY_PARAM_NAME, nakDelay));

    /// <summary>Nanoseconds to wait before asking for lost frames.</summary>
    public ChannelUriStringBuilder NakDelay(long? nakDelayNs) => SetDurationNs(NAK_DELAY_PARAM_NAME, nakDelayNs);

    /// <inheritdoc cref="NakDelay(long?)"/>
    public ChannelUriStringBuilder NakDelay(ChannelUri channelUri) =>
        NakDelay(ParseDurationNs(NAK_DELAY_PARAM_NAME, channelUri.Get(NAK_DELAY_PARAM_NAME)));

    /// <inheritdoc cref="NakDelay(long?)"/>
    public long? NakDelay() => ParseDurationNs(NAK_DELAY_PARAM_NAME, Value(NAK_DELAY_PARAM_NAME));

    /// <summary>How long an untethered subscriber may be slow, as 5ms and the like.</summary>
    public ChannelUriStringBuilder UntetheredWindowLimitTimeout(string? timeout) =>
        UntetheredWindowLimitTimeoutNs(ParseDurationNs(UNTETHERED_WINDOW_LIMIT_TIMEOUT_PARAM_NAME, timeout));

    /// <inheritdoc cref="UntetheredWindowLimitTimeout(string?)"/>
    public ChannelUriStringBuilder UntetheredWindowLimitTimeout(ChannelUri channelUri) =>
        UntetheredWindowLimitTimeout(channelUri.Get(UNTETHERED_WINDOW_LIMIT_TIMEOUT_PARAM_NAME));

    /// <summary>How long an untethered subscriber may be slow, in nanoseconds.</summary>
    public ChannelUriStringBuilder UntetheredWindowLimitTimeoutNs(long? timeout) =>
        SetDurationNs(UNTETHERED_WINDOW_LIMIT_TIMEOUT_PARAM_NAME, timeout);

    /// <inheritdoc cref="UntetheredWindowLimitTimeoutNs(long?)"/>
    public long? UntetheredWindowLimitTimeoutNs() =>
        ParseDurationNs(UNTETHERED_WINDOW_LIMIT_TIMEOUT_PARAM_NAME, Value(UNTETHERED_WINDOW_LIMIT_TIMEOUT_PARAM_NAME));

    /// <summary>How long an untethered subscriber that was slow may read on, as 5ms and the like.</summary>
    public ChannelUriStringBuilder UntetheredLingerTimeout(string? timeout) =>
        UntetheredLingerTimeoutNs(ParseDurationNs(UNTETHERED_LINGER_TIMEOUT_PARAM_NAME, timeout));

    /// <inheritdoc cref="UntetheredLingerTimeout(string?)"/>
    public ChannelUriStringBuilder UntetheredLingerTimeout(ChannelUri channelUri) =>
        UntetheredLingerTimeout(channelUri.Get(UNTETHERED_LINGER_TIMEOUT_PARAM_NAME));

    /// <summary>How long an untethered subscriber that was slow may read on, in nanoseconds.</summary>
    public ChannelUriStringBuilder UntetheredLingerTimeoutNs(long? timeout) =>
        SetDurationNs(UNTETHERED_LINGER_TIMEOUT_PARAM_NAME, timeout);

    /// <inheritdoc cref="UntetheredLingerTimeoutNs(long?)"/>
    public long? UntetheredLingerTimeoutNs() =>
        ParseDurationNs(UNTETHERED_LINGER_TIMEOUT_PARAM_NAME, Value(UNTETHERED_LINGER_TIMEOUT_PARAM_NAME));

    /// <summary>How long an untethered subscriber that was slow rests, as 5ms and the like.</summary>
    public ChannelUriStringBuilder UntetheredRestingTimeout(string? timeout) =>
        UntetheredRestingTimeoutNs(ParseDurationNs(UNTETHERED_RESTING_TIMEOUT_PARAM_NAME, timeout));

    /// <inheritdoc cref="UntetheredRestingTimeout(string?)"/>
    public ChannelUriStringBuilder UntetheredRestingTimeout(ChannelUri channelUri) =>
        UntetheredRestingTimeout(channelUri.Get(UNTETHERED_RESTING_TIMEOUT_PARAM_NAME));

    /// <summary>How long an untethered subscriber that was slow rests, in nanoseconds.</summary>
    public ChannelUriStringBuilder UntetheredRestingTimeoutNs(long? timeout) =>
        SetDurationNs(UNTETHERED_RESTING_TIMEOUT_PARAM_NAME, timeout);

    /// <inheritdoc cref="UntetheredRestingTimeoutNs(long?)"/>
    public long? UntetheredRestingTimeoutNs() =>
        ParseDurationNs(UNTETHERED_RESTING_TIMEOUT_PARAM_NAME, Value(UNTETHERED_RESTING_TIMEOUT_PARAM_NAME));

    private protected void ClearValues() => _values.Clear();

    private protected ChannelUriStringBuilder Set(string name, string? value)
    {
        if (value is null)
            _values.Remove(name);
        else
            _values[name] = value;

        return Self;
    }

    private protected ChannelUriStringBuilder Set(string name, long? value) =>
        Set(name, value?.ToString(CultureInfo.InvariantCulture));

    private protected ChannelUriStringBuilder Set(string name, bool? value) =>
        Set(name, value is null ? null : value.Value ? "true" : "false");

    private protected ChannelUriStringBuilder SetSize(string name, int? value) =>
        Set(name, RequireNonNegative(name, value) is { } size ? SystemUtil.FormatSize(size) : null);

    private protected ChannelUriStringBuilder SetDurationNs(string name, long? value) =>
        Set(name, RequireNonNegative(name, value) is { } durationNs ? SystemUtil.FormatDuration(durationNs) : null);

    private protected string? Value(string name) => _values.GetValueOrDefault(name);

    private protected static int? ParseInt(string name, string? text) =>
        (int?)ParseNumber(name, text, int.MinValue, int.MaxValue);

    private protected static long? ParseLong(string name, string? text) =>
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

    private protected static int? ParseSize(string name, string? text)
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

    private protected static long? RequireNonNegative(string name, long? value) => value is null or >= 0
        ? value
        : throw new ArgumentException($"`{name}` value cannot be negative: {value}");

    private ChannelUriStringBuilder SetTimestampOffset(string name, string? offset)
    {
        if (offset != RESERVED_OFFSET)
            ParseInt(name, offset);

        return Set(name, offset);
    }

    private ChannelUriStringBuilder FlowControl(string strategy, string group, int? minGroupSize, string? timeout)
    {
        if (minGroupSize is not null)
            group += "/" + Number(minGroupSize);

        return FlowControl(
            strategy + (group.Length > 0 ? ",g:" + group : "") + (timeout is null ? "" : ",t:" + timeout));
    }

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
