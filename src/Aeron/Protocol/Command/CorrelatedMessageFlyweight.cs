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
