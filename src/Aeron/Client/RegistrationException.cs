using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>The driver refused a command.</summary>
public sealed class RegistrationException(long correlationId, int errorCodeValue, ErrorCode code, string message)
    : AeronException(
        message, code == Protocol.ErrorCode.RESOURCE_TEMPORARILY_UNAVAILABLE ? Category.WARN : Category.ERROR)
{
    /// <inheritdoc/>
    public override string Message =>
        $"correlationId={correlationId}, errorCodeValue={errorCodeValue}, {base.Message}";

    /// <summary>The command.</summary>
    public long CorrelationId() => correlationId;

    /// <summary>Why.</summary>
    public ErrorCode ErrorCode() => code;

    /// <summary>Why, as it was sent.</summary>
    public int ErrorCodeValue() => errorCodeValue;
}
