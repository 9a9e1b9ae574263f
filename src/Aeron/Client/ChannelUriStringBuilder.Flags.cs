using static ExecutionPipeline.Aeron.Client.Aeron.Context;

namespace ExecutionPipeline.Aeron.Client;

/// <content>What is true or false.</content>
public sealed partial class ChannelUriStringBuilder
{
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
}
