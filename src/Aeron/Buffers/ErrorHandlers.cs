namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Where a background thread reports what it cannot throw.</summary>
public interface IErrorHandler
{
    /// <summary>Takes one error. Must not throw.</summary>
    void OnError(Exception exception);
}

/// <summary>The delegate form of <see cref="IErrorHandler"/>.</summary>
public delegate void ErrorHandler(Exception exception);

/// <summary>Hands errors to a delegate.</summary>
public sealed class CallbackErrorHandler(ErrorHandler handler) : IErrorHandler
{
    /// <inheritdoc/>
    public void OnError(Exception exception) => handler(exception);
}
