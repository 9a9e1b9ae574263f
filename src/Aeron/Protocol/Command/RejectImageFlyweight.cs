namespace ExecutionPipeline.Aeron.Protocol.Command;

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
