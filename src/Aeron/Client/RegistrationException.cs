using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>The driver refused a command.</summary>
public sealed class RegistrationException(
    long correlationId, int errorCodeValue, ErrorCode errorCode, string message)
    : AeronException($"ERROR - {message}, errorCodeValue={errorCodeValue}")
{
    /// <summary>The command.</summary>
    public long CorrelationId { get; } = correlationId;

    /// <summary>Why.</summary>
    public ErrorCode ErrorCode { get; } = errorCode;

    /// <summary>Why, as it was sent.</summary>
    public int ErrorCodeValue { get; } = errorCodeValue;
}
