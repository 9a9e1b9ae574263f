namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Where a background thread reports what it cannot throw.</summary>
public interface IErrorHandler
{
    /// <summary>Takes one error. Must not throw.</summary>
    void OnError(Exception exception);
}
