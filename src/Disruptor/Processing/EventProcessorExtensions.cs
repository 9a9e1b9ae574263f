namespace ExecutionPipeline.Disruptor.Processing;

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
