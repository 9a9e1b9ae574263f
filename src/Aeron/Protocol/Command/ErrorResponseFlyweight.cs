namespace ExecutionPipeline.Aeron.Protocol.Command;

/// <summary>
/// Says that a command failed.
/// <code>
///   0                8            12               16
///   | correlation id | error code | message length | message |
/// </code>
/// </summary>
public sealed class ErrorResponseFlyweight : ControlFlyweight
{
    /// <summary>Offset of the command.</summary>
    public const int OffendingCommandCorrelationIdOffset = 0;

    /// <summary>Offset of the code.</summary>
    public const int ErrorCodeValueOffset = 8;

    /// <summary>Offset of the length of the message.</summary>
    public const int ErrorMessageOffset = 12;

    /// <summary>Bytes of the fixed part.</summary>
    public const int FixedLength = 16;

    /// <summary>The command.</summary>
    public long OffendingCommandCorrelationId
    {
        get => Buffer.GetLong(Offset + OffendingCommandCorrelationIdOffset);
        set => Buffer.PutLong(Offset + OffendingCommandCorrelationIdOffset, value);
    }

    /// <summary>An <see cref="ErrorCode"/>.</summary>
    public int ErrorCodeValue
    {
        get => Buffer.GetInt(Offset + ErrorCodeValueOffset);
        set => Buffer.PutInt(Offset + ErrorCodeValueOffset, value);
    }

    /// <summary>What went wrong.</summary>
    public string ErrorMessage
    {
        get => GetString(ErrorMessageOffset);
        set => SetString(ErrorMessageOffset, value);
    }

    /// <summary>Bytes of the whole message.</summary>
    public int EncodedLength => StringEnd(ErrorMessageOffset);

    /// <inheritdoc/>
    protected override int MinimumLength => FixedLength;
}
