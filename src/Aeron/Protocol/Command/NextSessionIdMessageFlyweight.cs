namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Asks which session id is free.
/// <code>
///   0           8                16          20
///   | client id | correlation id | stream id |
/// </code>
/// </summary>
public sealed class NextSessionIdMessageFlyweight : CorrelatedMessageFlyweight
{
    /// <summary>Offset of the stream.</summary>
    public const int StreamIdOffset = 16;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 20;

    /// <summary>The stream.</summary>
    public int StreamId
    {
        get => Buffer.GetInt(Offset + StreamIdOffset);
        set => Buffer.PutInt(Offset + StreamIdOffset, value);
    }

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}
