namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Hands errors to a delegate.</summary>
public sealed class CallbackErrorHandler(ErrorHandler handler) : IErrorHandler
{
    /// <inheritdoc/>
    public void OnError(Exception exception) => handler(exception);
}
