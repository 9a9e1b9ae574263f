namespace ExecutionPipeline.Aeron.Protocol.Command;

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
