using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Says that a subscription has an image.
/// <code>
///   0                8            12          16                             24                    28
///   | correlation id | session id | stream id | subscription registration id | position counter id |
///   28                32             aligned to 4
///   | log name length | log file name | source length | source identity |
/// </code>
/// </summary>
public sealed class ImageBuffersReadyFlyweight : ControlFlyweight
{
    /// <summary>Offset of the image.</summary>
    public const int CorrelationIdOffset = 0;

    /// <summary>Offset of the session.</summary>
    public const int SessionIdOffset = 8;

    /// <summary>Offset of the stream.</summary>
    public const int StreamIdOffset = 12;

    /// <summary>Offset of the subscription.</summary>
    public const int SubscriptionRegistrationIdOffset = 16;

    /// <summary>Offset of the position's counter.</summary>
    public const int SubscriberPositionIdOffset = 24;

    /// <summary>Offset of the length of the log's file name.</summary>
    public const int LogFileNameOffset = 28;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 32;

    /// <summary>The image: its publication's registration.</summary>
    public long CorrelationId
    {
        get => Buffer.GetLong(Offset + CorrelationIdOffset);
        set => Buffer.PutLong(Offset + CorrelationIdOffset, value);
    }

    /// <summary>The session.</summary>
    public int SessionId
    {
        get => Buffer.GetInt(Offset + SessionIdOffset);
        set => Buffer.PutInt(Offset + SessionIdOffset, value);
    }

    /// <summary>The stream.</summary>
    public int StreamId
    {
        get => Buffer.GetInt(Offset + StreamIdOffset);
        set => Buffer.PutInt(Offset + StreamIdOffset, value);
    }

    /// <summary>The subscription.</summary>
    public long SubscriptionRegistrationId
    {
        get => Buffer.GetLong(Offset + SubscriptionRegistrationIdOffset);
        set => Buffer.PutLong(Offset + SubscriptionRegistrationIdOffset, value);
    }

    /// <summary>The counter of up to where the subscriber has read.</summary>
    public int SubscriberPositionId
    {
        get => Buffer.GetInt(Offset + SubscriberPositionIdOffset);
        set => Buffer.PutInt(Offset + SubscriberPositionIdOffset, value);
    }

    /// <summary>The log's file.</summary>
    public string LogFileName
    {
        get => GetString(LogFileNameOffset);
        set => SetString(LogFileNameOffset, value);
    }

    /// <summary>Where the stream comes from. Set after the file name.</summary>
    public string SourceIdentity
    {
        get => GetString(SourceIdentityOffset);
        set => SetString(SourceIdentityOffset, value);
    }

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(SourceIdentityOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;

    private int SourceIdentityOffset => BitUtil.Align(StringEnd(LogFileNameOffset), sizeof(int));
}

/// <summary>
/// Says that a publication is ready.
/// <code>
///   0                8                 16           20          24              28               32
///   | correlation id | registration id | session id | stream id | limit counter | status counter | log file name |
/// </code>
/// </summary>
public sealed class PublicationBuffersReadyFlyweight : ControlFlyweight
{
    /// <summary>Offset of the command.</summary>
    public const int CorrelationIdOffset = 0;

    /// <summary>Offset of the publication.</summary>
    public const int RegistrationIdOffset = 8;

    /// <summary>Offset of the session.</summary>
    public const int SessionIdOffset = 16;

    /// <summary>Offset of the stream.</summary>
    public const int StreamIdOffset = 20;

    /// <summary>Offset of the limit's counter.</summary>
    public const int PublicationLimitCounterIdOffset = 24;

    /// <summary>Offset of the status counter.</summary>
    public const int ChannelStatusCounterIdOffset = 28;

    /// <summary>Offset of the length of the log's file.</summary>
    public const int LogFileNameOffset = 32;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 36;

    /// <summary>The command, and from now on this use of the publication.</summary>
    public long CorrelationId
    {
        get => Buffer.GetLong(Offset + CorrelationIdOffset);
        set => Buffer.PutLong(Offset + CorrelationIdOffset, value);
    }

    /// <summary>The publication itself: the command that created it.</summary>
    public long RegistrationId
    {
        get => Buffer.GetLong(Offset + RegistrationIdOffset);
        set => Buffer.PutLong(Offset + RegistrationIdOffset, value);
    }

    /// <summary>The session.</summary>
    public int SessionId
    {
        get => Buffer.GetInt(Offset + SessionIdOffset);
        set => Buffer.PutInt(Offset + SessionIdOffset, value);
    }

    /// <summary>The stream.</summary>
    public int StreamId
    {
        get => Buffer.GetInt(Offset + StreamIdOffset);
        set => Buffer.PutInt(Offset + StreamIdOffset, value);
    }

    /// <summary>The counter of up to where may be written.</summary>
    public int PublicationLimitCounterId
    {
        get => Buffer.GetInt(Offset + PublicationLimitCounterIdOffset);
        set => Buffer.PutInt(Offset + PublicationLimitCounterIdOffset, value);
    }

    /// <summary>The counter of the channel's status, -1 for none.</summary>
    public int ChannelStatusCounterId
    {
        get => Buffer.GetInt(Offset + ChannelStatusCounterIdOffset);
        set => Buffer.PutInt(Offset + ChannelStatusCounterIdOffset, value);
    }

    /// <summary>The log's file.</summary>
    public string LogFileName
    {
        get => GetString(LogFileNameOffset);
        set => SetString(LogFileNameOffset, value);
    }

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(LogFileNameOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}
