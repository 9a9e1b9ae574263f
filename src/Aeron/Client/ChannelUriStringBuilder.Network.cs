using System.Globalization;
using static ExecutionPipeline.Aeron.Client.Aeron.Context;

namespace ExecutionPipeline.Aeron.Client;

/// <content>What the network is to do.</content>
public sealed partial class ChannelUriStringBuilder
{
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
