namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Asks for a subscription.
/// <code>
///   0           8                16                24          28               32
///   | client id | correlation id | registration id | stream id | channel length | channel |
/// </code>
/// </summary>
public sealed class SubscriptionMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the registration.</summary>
    public const int RegistrationCorrelationIdOffset = 16;

    /// <summary>Offset of the stream.</summary>
    public const int StreamIdOffset = 24;

    /// <summary>Offset of the length of the channel.</summary>
    public const int ChannelOffset = 28;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 32;

    /// <summary>An earlier registration, -1 for none.</summary>
    public long RegistrationCorrelationId
    {
        get => Buffer.GetLong(Offset + RegistrationCorrelationIdOffset);
        set => Buffer.PutLong(Offset + RegistrationCorrelationIdOffset, value);
    }

    /// <summary>The stream.</summary>
    public int StreamId
    {
        get => Buffer.GetInt(Offset + StreamIdOffset);
        set => Buffer.PutInt(Offset + StreamIdOffset, value);
    }

    /// <summary>The channel, a URI.</summary>
    public string Channel
    {
        get => GetString(ChannelOffset);
        set => SetString(ChannelOffset, value);
    }

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(ChannelOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}
