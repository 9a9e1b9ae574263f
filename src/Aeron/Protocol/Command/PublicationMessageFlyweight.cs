namespace ExecutionPipeline.Aeron.Protocol.Command;

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
