using System.Globalization;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>
/// Gives each long-running task, which is how handlers are started, a thread of its own with a name and a processor, in
/// the order in which the handlers were added. Other tasks run on the thread pool.
/// </summary>
public sealed class PinnedThreadTaskScheduler : TaskScheduler
{
    private readonly PinnedThreadOptions _options;
    private int _threadCount;
    private int _pinnedCount;

    /// <summary>Creates a scheduler.</summary>
    /// <exception cref="ArgumentException">A processor's number is negative, or the name is empty.</exception>
    public PinnedThreadTaskScheduler(PinnedThreadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>Threads started so far.</summary>
    public int ThreadCount => Volatile.Read(ref _threadCount);

    /// <summary>
    /// Threads that the system has let be pinned. Fewer than were asked for is worth a line in the log.
    /// </summary>
    public int PinnedCount => Volatile.Read(ref _pinnedCount);

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        if ((task.CreationOptions & TaskCreationOptions.LongRunning) == 0)
        {
            ThreadPool.QueueUserWorkItem(_ => TryExecuteTask(task));
            return;
        }

        var index = Interlocked.Increment(ref _threadCount) - 1;
        var thread = new Thread(() => Run(task, index))
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"{_options.ThreadName}-{index}"),
            Priority = _options.Priority,
        };
        thread.Start();
    }

    /// <summary>Never: a handler's loop would take the caller's thread for good.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void Run(Task task, int index)
    {
        if (index < _options.Processors.Count && ThreadAffinity.TryPin(_options.Processors[index]))
            Interlocked.Increment(ref _pinnedCount);

        TryExecuteTask(task);
    }
}
