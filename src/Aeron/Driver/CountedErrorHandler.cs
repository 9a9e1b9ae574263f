using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>Counts errors, logs them where tools look, and hands them on.</summary>
internal sealed class CountedErrorHandler(DistinctErrorLog log, AtomicCounter errors, IErrorHandler? next)
    : IErrorHandler
{
    private volatile bool _isClosed;

    public void OnError(Exception exception)
    {
        if (!_isClosed)
        {
            errors.Increment();
            log.TryRecord(exception);
        }

        next?.OnError(exception);
    }

    /// <summary>Hands errors on alone from now on: the memory of counter and log goes.</summary>
    public void Close() => _isClosed = true;
}
