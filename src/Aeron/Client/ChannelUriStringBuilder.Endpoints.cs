using System.Globalization;
using static ExecutionPipeline.Aeron.Client.Aeron.Context;

namespace ExecutionPipeline.Aeron.Client;

/// <content>Where the stream goes, what it is called and what it answers.</content>
public sealed partial class ChannelUriStringBuilder
{
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
}
