namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>How the threads of a <see cref="PinnedThreadTaskScheduler"/> are made.</summary>
public sealed class PinnedThreadOptions
{
    /// <summary>
    /// The processor of each thread, in the order in which the threads are started. Threads beyond the list run
    /// anywhere. Default: none.
    /// </summary>
    public IReadOnlyList<int> Processors { get; init; } = [];

    /// <summary>The beginning of the threads' names; a hyphen and a number from 0 follow. Default: "handler".</summary>
    public string ThreadName { get; init; } = "handler";

    /// <summary>Default: normal.</summary>
    public ThreadPriority Priority { get; init; } = ThreadPriority.Normal;

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(ThreadName))
            throw new ArgumentException("ThreadName is empty: set the beginning of the threads' names");

        foreach (var processor in Processors)
        {
            if (processor < 0)
                throw new ArgumentException($"Processors contains {processor}: number processors from 0");
        }
    }
}
