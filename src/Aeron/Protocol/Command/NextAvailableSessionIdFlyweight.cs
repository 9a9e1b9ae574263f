namespace ExecutionPipeline.Aeron.Protocol.Command;

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
