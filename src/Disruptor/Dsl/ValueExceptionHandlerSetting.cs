using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>The second half of <c>disruptor.HandleExceptionsFor(handler).With(exceptionHandler)</c>.</summary>
public class ValueExceptionHandlerSetting<T>
    where T : struct
{
    private readonly IValueEventProcessor<T> _eventProcessor;

    internal ValueExceptionHandlerSetting(IValueEventProcessor<T> eventProcessor)
    {
        _eventProcessor = eventProcessor;
    }

    /// <summary>Sets what decides when the handler throws.</summary>
    public void With(IValueExceptionHandler<T> exceptionHandler)
    {
        _eventProcessor.SetExceptionHandler(exceptionHandler);
    }
}
