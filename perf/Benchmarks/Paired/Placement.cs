using ExecutionPipeline.Disruptor.Dsl;

namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>
/// Which processors the threads of a pattern run on, the thread that plays it first. With more threads than processors
/// the list begins again; an empty list leaves the threads to the system.
/// </summary>
internal sealed class Placement(int[] processors)
{
    /// <summary>More than any pattern has.</summary>
    private const int ThreadsMax = 8;

    public static Placement Anywhere { get; } = new([]);

    /// <summary>
    /// Runs what takes its long-running threads from the current task scheduler; that need not know of processors, so
    /// that other libraries can be placed too.
    /// </summary>
    /// <exception cref="InvalidOperationException">The system has not let all threads be pinned.</exception>
    public T Run<T>(Func<T> run)
    {
        if (processors.Length == 0)
            return run();

        var threads = new PinnedThreadTaskScheduler(new PinnedThreadOptions
        {
            Processors = [.. Enumerable.Range(0, ThreadsMax).Select(thread => processors[thread % processors.Length])],
        });
        var result = Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, threads)
            .GetAwaiter().GetResult();
        return threads.PinnedCount == threads.ThreadCount
            ? result
            : throw new InvalidOperationException(
                $"{threads.PinnedCount} of {threads.ThreadCount} threads could be pinned: leave out --pin here");
    }
}
