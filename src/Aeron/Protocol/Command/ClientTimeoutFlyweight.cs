namespace ExecutionPipeline.Aeron.Protocol.Command;

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
