namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>A command that cannot be carried out, with the code that its sender is told.</summary>
public sealed class ControlProtocolException(ErrorCode errorCode, string message) : Exception(message)
{
    /// <summary>The code that the sender is told.</summary>
    public ErrorCode ErrorCode { get; } = errorCode;
}
