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

/// <summary>A consumer of events that are value types.</summary>
public interface IValueEventProcessor<T> : IEventProcessor
    where T : struct
{
    /// <summary>Sets what decides when the handler throws. The default ends the processor.</summary>
    /// <exception cref="ArgumentNullException">The handler is null.</exception>
    void SetExceptionHandler(IValueExceptionHandler<T> exceptionHandler);
}

/// <summary>Where a batch ends that could be longer.</summary>
public interface IBatchSizeLimiter
{
    /// <summary>
    /// The last sequence of the batch that starts at <paramref name="nextSequence"/>, at most
    /// <paramref name="availableSequence"/>.
    /// </summary>
    long ApplyMaxBatchSize(long availableSequence, long nextSequence);
}

/// <summary>Whether a handler is told of a batch.</summary>
public interface IOnBatchStartEvaluator
{
    /// <summary>Whether the handler is told of the batch between these two sequences, which may be empty.</summary>
    bool ShouldInvokeOnBatchStart(long availableSequence, long nextSequence);
}

/// <summary>Starting a processor without saying where.</summary>
public static class EventProcessorExtensions
{
    /// <summary>Starts the processor on the default scheduler, which gives it a thread of its own.</summary>
    /// <inheritdoc cref="IEventProcessor.Start"/>
    public static Task Start(this IEventProcessor eventProcessor) => eventProcessor.Start(TaskScheduler.Default);

    internal static void StartLongRunningTask(this TaskScheduler taskScheduler, Action action)
    {
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, taskScheduler);
    }
}
