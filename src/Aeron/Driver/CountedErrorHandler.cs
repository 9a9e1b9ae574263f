using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>Counts errors, logs them where tools look, and hands them on.</summary>
internal sealed class CountedErrorHandler(DistinctErrorLog log, AtomicCounter errors, IErrorHandler? next)
    : IErrorHandler
{
    public void OnError(Exception exception)
    {
        errors.Increment();
        log.TryRecord(exception);
        next?.OnError(exception);
    }
}
