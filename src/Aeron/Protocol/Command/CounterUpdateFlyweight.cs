namespace ExecutionPipeline.Aeron.Protocol.Command;

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
