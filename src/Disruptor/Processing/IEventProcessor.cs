namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>A consumer with a thread of its own while it runs.</summary>
public interface IEventProcessor : IDisposable
{
    /// <summary>The last processed event.</summary>
    Sequence Sequence { get; }

    /// <summary>Whether it has been started and has not yet ended.</summary>
    bool IsRunning { get; }

    /// <summary>Starts on <paramref name="taskScheduler"/>, as a long-running task.</summary>
    /// <returns>Completes when the handler's OnStart has returned.</returns>
    /// <exception cref="InvalidOperationException">It runs already, or is disposed of.</exception>
    Task Start(TaskScheduler taskScheduler);

    /// <summary>Asks for the end, which comes after the batch that is being processed.</summary>
    /// <returns>Completes when the handler's OnShutdown has returned.</returns>
    Task Halt();
}
