namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Says that a subscription is ready.
/// <code>
///   0                8                           12
///   | correlation id | channel status counter id |
/// </code>
/// </summary>
public sealed class SubscriptionReadyFlyweight : ControlFlyweight
{
    /// <summary>Offset of the command.</summary>
    public const int CorrelationIdOffset = 0;

    /// <summary>Offset of the counter.</summary>
    public const int ChannelStatusCounterIdOffset = 8;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 12;

    /// <summary>The command, and from now on the subscription.</summary>
    public long CorrelationId
    {
        get => Buffer.GetLong(Offset + CorrelationIdOffset);
        set => Buffer.PutLong(Offset + CorrelationIdOffset, value);
    }

    /// <summary>The counter of the channel's status, -1 for none.</summary>
    public int ChannelStatusCounterId
    {
        get => Buffer.GetInt(Offset + ChannelStatusCounterIdOffset);
        set => Buffer.PutInt(Offset + ChannelStatusCounterIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}
