namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// What every message to the driver starts with; alone, a client's keepalive or farewell.
/// <code>
///   0           8                16
///   | client id | correlation id |
/// </code>
/// </summary>
public class CorrelatedMessageFlyweight : ControlFlyweight
{
    /// <summary>Offset of the client.</summary>
    public const int ClientIdOffset = 0;

    /// <summary>Offset of the message's number.</summary>
    public const int CorrelationIdOffset = 8;

    /// <summary>Bytes of this part.</summary>
    public const int CorrelatedLength = 16;

    /// <summary>Who sends the message.</summary>
    public long ClientId
    {
        get => Buffer.GetLong(Offset + ClientIdOffset);
        set => Buffer.PutLong(Offset + ClientIdOffset, value);
    }

    /// <summary>The message's number, which the answer bears.</summary>
    public long CorrelationId
    {
        get => Buffer.GetLong(Offset + CorrelationIdOffset);
        set => Buffer.PutLong(Offset + CorrelationIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => CorrelatedLength;
}

/// <summary>
/// Asks for a publication.
/// <code>
///   0           8                16          20               24
///   | client id | correlation id | stream id | channel length | channel |
/// </code>
/// </summary>
public sealed class PublicationMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the stream.</summary>
    public const int StreamIdOffset = 16;

    /// <summary>Offset of the length of the channel.</summary>
    public const int ChannelOffset = 20;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 24;

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

/// <summary>
/// Removes a publication, subscription or counter. The flags may be absent, and are a publication's alone.
/// <code>
///   0           8                16                24      32
///   | client id | correlation id | registration id | flags |
/// </code>
/// </summary>
public sealed class RemoveMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the registration.</summary>
    public const int RegistrationIdOffset = 16;

    /// <summary>Offset of the flags.</summary>
    public const int FlagsOffset = 24;

    /// <summary>Bytes without flags.</summary>
    public const int FixedLength = 24;

    /// <summary>Bytes with flags.</summary>
    public const int LengthWithFlags = 32;

    private const long RevokeFlag = 1;

    /// <summary>What to remove.</summary>
    public long RegistrationId
    {
        get => Buffer.GetLong(Offset + RegistrationIdOffset);
        set => Buffer.PutLong(Offset + RegistrationIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;

    /// <summary>
    /// True when a message of this length asks to revoke: to drop what subscribers have not read yet.
    /// </summary>
    public bool IsRevoke(int messageLength) =>
        messageLength >= LengthWithFlags && (Buffer.GetLong(Offset + FlagsOffset) & RevokeFlag) != 0;

    /// <summary>Sets whether to revoke.</summary>
    public void SetRevoke(bool isRevoke) => Buffer.PutLong(Offset + FlagsOffset, isRevoke ? RevokeFlag : 0);
}

/// <summary>
/// Adds a destination to a publication or subscription, or removes it.
/// <code>
///   0           8                16                24               28
///   | client id | correlation id | registration id | channel length | channel |
/// </code>
/// </summary>
public sealed class DestinationMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the registration.</summary>
    public const int RegistrationCorrelationIdOffset = 16;

    /// <summary>Offset of the length of the channel.</summary>
    public const int ChannelOffset = 24;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 28;

    /// <summary>The publication or subscription.</summary>
    public long RegistrationCorrelationId
    {
        get => Buffer.GetLong(Offset + RegistrationCorrelationIdOffset);
        set => Buffer.PutLong(Offset + RegistrationCorrelationIdOffset, value);
    }

    /// <summary>The destination, a URI.</summary>
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
/// Removes a destination by its number.
/// <code>
///   0           8                16                24                     32
///   | client id | correlation id | publication id  | destination id       |
/// </code>
/// </summary>
public sealed class DestinationByIdMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the publication.</summary>
    public const int ResourceRegistrationIdOffset = 16;

    /// <summary>Offset of the destination.</summary>
    public const int DestinationRegistrationIdOffset = 24;

    /// <summary>Bytes of the message.</summary>
    public const int FixedLength = 32;

    /// <summary>The publication.</summary>
    public long ResourceRegistrationId
    {
        get => Buffer.GetLong(Offset + ResourceRegistrationIdOffset);
        set => Buffer.PutLong(Offset + ResourceRegistrationIdOffset, value);
    }

    /// <summary>The destination: the correlation id of the command that added it.</summary>
    public long DestinationRegistrationId
    {
        get => Buffer.GetLong(Offset + DestinationRegistrationIdOffset);
        set => Buffer.PutLong(Offset + DestinationRegistrationIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}

/// <summary>
/// Rejects an image.
/// <code>
///   0           8                16                     24         32              36
///   | client id | correlation id | image correlation id | position | reason length | reason |
/// </code>
/// </summary>
public sealed class RejectImageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the image.</summary>
    public const int ImageCorrelationIdOffset = 16;

    /// <summary>Offset of the position.</summary>
    public const int PositionOffset = 24;

    /// <summary>Offset of the length of the reason.</summary>
    public const int ReasonOffset = 32;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 36;

    /// <summary>The image.</summary>
    public long ImageCorrelationId
    {
        get => Buffer.GetLong(Offset + ImageCorrelationIdOffset);
        set => Buffer.PutLong(Offset + ImageCorrelationIdOffset, value);
    }

    /// <summary>Where the subscriber was.</summary>
    public long Position
    {
        get => Buffer.GetLong(Offset + PositionOffset);
        set => Buffer.PutLong(Offset + PositionOffset, value);
    }

    /// <summary>Why, for the publisher.</summary>
    public string Reason
    {
        get => GetString(ReasonOffset);
        set => SetString(ReasonOffset, value);
    }

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(ReasonOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}
