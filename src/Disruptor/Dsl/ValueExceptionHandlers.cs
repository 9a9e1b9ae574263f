using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>
/// What the processors of a disruptor hold until they are given an exception handler of their own, so that the default
/// can be changed after they have been created.
/// </summary>
public class ValueExceptionHandlerWrapper<T> : IValueExceptionHandler<T>
    where T : struct
{
    private IValueExceptionHandler<T> _handler = new ValueFatalExceptionHandler<T>();

    /// <summary>Changes the default.</summary>
    public void SwitchTo(IValueExceptionHandler<T> exceptionHandler) => _handler = exceptionHandler;

    /// <inheritdoc/>
    public void HandleEventException(Exception ex, long sequence, ref T evt)
    {
        _handler.HandleEventException(ex, sequence, ref evt);
    }

    /// <inheritdoc/>
    public void HandleOnTimeoutException(Exception ex, long sequence)
    {
        _handler.HandleOnTimeoutException(ex, sequence);
    }

    /// <inheritdoc/>
    public void HandleOnStartException(Exception ex) => _handler.HandleOnStartException(ex);

    /// <inheritdoc/>
    public void HandleOnShutdownException(Exception ex) => _handler.HandleOnShutdownException(ex);
}

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
