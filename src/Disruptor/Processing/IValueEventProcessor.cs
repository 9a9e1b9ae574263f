namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>A consumer of events that are value types.</summary>
public interface IValueEventProcessor<T> : IEventProcessor
    where T : struct
{
    /// <summary>Sets what decides when the handler throws. The default ends the processor.</summary>
    /// <exception cref="ArgumentNullException">The handler is null.</exception>
    void SetExceptionHandler(IValueExceptionHandler<T> exceptionHandler);
}
