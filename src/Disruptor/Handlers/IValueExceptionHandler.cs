namespace ExecutionPipeline.Disruptor;

/// <summary>Decides what becomes of a handler that has thrown. An exception thrown here ends the handler.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IValueExceptionHandler<T>
    where T : struct
{
    /// <summary>The handler has thrown at an event. When this returns, the event counts as processed.</summary>
    void HandleEventException(Exception ex, long sequence, ref T evt);

    /// <summary>The handler has thrown from <see cref="IEventHandler.OnTimeout"/>.</summary>
    void HandleOnTimeoutException(Exception ex, long sequence);

    /// <summary>The handler has thrown from <see cref="IEventHandler.OnStart"/>. When this returns, it runs.</summary>
    void HandleOnStartException(Exception ex);

    /// <summary>The handler has thrown from <see cref="IEventHandler.OnShutdown"/>.</summary>
    void HandleOnShutdownException(Exception ex);
}
