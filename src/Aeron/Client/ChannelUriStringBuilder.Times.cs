using static ExecutionPipeline.Aeron.Client.Aeron.Context;

namespace ExecutionPipeline.Aeron.Client;

/// <content>How long: in nanoseconds, and with a unit in text.</content>
public sealed partial class ChannelUriStringBuilder
{
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
}
