namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Says that a subscription lost an image.
/// <code>
///   0                8                              16          20               24
///   | correlation id | subscription registration id | stream id | channel length | channel |
/// </code>
/// </summary>
public sealed class ImageMessageFlyweight : ControlFlyweight
{
    /// <summary>Offset of the image.</summary>
    public const int CorrelationIdOffset = 0;

    /// <summary>Offset of the subscription.</summary>
    public const int SubscriptionRegistrationIdOffset = 8;

    /// <summary>Offset of the stream.</summary>
    public const int StreamIdOffset = 16;

    /// <summary>Offset of the length of the channel.</summary>
    public const int ChannelOffset = 20;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 24;

    /// <summary>The image: its publication's registration.</summary>
    public long CorrelationId
    {
        get => Buffer.GetLong(Offset + CorrelationIdOffset);
        set => Buffer.PutLong(Offset + CorrelationIdOffset, value);
    }

    /// <summary>The subscription.</summary>
    public long SubscriptionRegistrationId
    {
        get => Buffer.GetLong(Offset + SubscriptionRegistrationIdOffset);
        set => Buffer.PutLong(Offset + SubscriptionRegistrationIdOffset, value);
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
