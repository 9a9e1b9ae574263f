namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Says that a command failed.
/// <code>
///   0                8            12               16
///   | correlation id | error code | message length | message |
/// </code>
/// </summary>
public sealed class ErrorResponseFlyweight : ControlFlyweight
{
    /// <summary>Offset of the command.</summary>
    public const int OffendingCommandCorrelationIdOffset = 0;

    /// <summary>Offset of the code.</summary>
    public const int ErrorCodeValueOffset = 8;

    /// <summary>Offset of the length of the message.</summary>
    public const int ErrorMessageOffset = 12;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 16;

    /// <summary>The command.</summary>
    public long OffendingCommandCorrelationId
    {
        get => Buffer.GetLong(Offset + OffendingCommandCorrelationIdOffset);
        set => Buffer.PutLong(Offset + OffendingCommandCorrelationIdOffset, value);
    }

    /// <summary>An <see cref="ErrorCode"/>.</summary>
    public int ErrorCodeValue
    {
        get => Buffer.GetInt(Offset + ErrorCodeValueOffset);
        set => Buffer.PutInt(Offset + ErrorCodeValueOffset, value);
    }

    /// <summary>What went wrong.</summary>
    public string ErrorMessage
    {
        get => GetString(ErrorMessageOffset);
        set => SetString(ErrorMessageOffset, value);
    }

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(ErrorMessageOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}

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

/// <summary>
/// Says that a command was carried out.
/// <code>
///   0                8
///   | correlation id |
/// </code>
/// </summary>
public sealed class OperationSucceededFlyweight : ControlFlyweight
{
    /// <summary>Offset of the command.</summary>
    public const int CorrelationIdOffset = 0;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 8;

    /// <summary>The command.</summary>
    public long CorrelationId
    {
        get => Buffer.GetLong(Offset + CorrelationIdOffset);
        set => Buffer.PutLong(Offset + CorrelationIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}

/// <summary>
/// Says that a counter is there, or gone.
/// <code>
///   0                8            12
///   | correlation id | counter id |
/// </code>
/// </summary>
public sealed class CounterUpdateFlyweight : ControlFlyweight
{
    /// <summary>Offset of the registration.</summary>
    public const int CorrelationIdOffset = 0;

    /// <summary>Offset of the counter.</summary>
    public const int CounterIdOffset = 8;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 12;

    /// <summary>The counter's registration.</summary>
    public long CorrelationId
    {
        get => Buffer.GetLong(Offset + CorrelationIdOffset);
        set => Buffer.PutLong(Offset + CorrelationIdOffset, value);
    }

    /// <summary>The counter.</summary>
    public int CounterId
    {
        get => Buffer.GetInt(Offset + CounterIdOffset);
        set => Buffer.PutInt(Offset + CounterIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}

/// <summary>
/// Says which session id is free.
/// <code>
///   0                8            12
///   | correlation id | session id |
/// </code>
/// </summary>
public sealed class NextAvailableSessionIdFlyweight : ControlFlyweight
{
    /// <summary>Offset of the command.</summary>
    public const int CorrelationIdOffset = 0;

    /// <summary>Offset of the session.</summary>
    public const int NextSessionIdOffset = 8;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 12;

    /// <summary>The command.</summary>
    public long CorrelationId
    {
        get => Buffer.GetLong(Offset + CorrelationIdOffset);
        set => Buffer.PutLong(Offset + CorrelationIdOffset, value);
    }

    /// <summary>The session id.</summary>
    public int NextSessionId
    {
        get => Buffer.GetInt(Offset + NextSessionIdOffset);
        set => Buffer.PutInt(Offset + NextSessionIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}

/// <summary>
/// Says that the driver gave a client up.
/// <code>
///   0           8
///   | client id |
/// </code>
/// </summary>
public sealed class ClientTimeoutFlyweight : ControlFlyweight
{
    /// <summary>Offset of the client.</summary>
    public const int ClientIdOffset = 0;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 8;

    /// <summary>The client.</summary>
    public long ClientId
    {
        get => Buffer.GetLong(Offset + ClientIdOffset);
        set => Buffer.PutLong(Offset + ClientIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}
