namespace ExecutionPipeline.Aeron.Protocol.Command;

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
