using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// The account of one hot thread: where it runs and what it allocated over the measured events. Its own thread writes
/// it; others read it after that thread has closed it.
/// </summary>
public sealed class HotThread(string name, int? processor)
{
    private long _allocatedAtStart = -1;
    private long _allocatedBytes = -1;

    public string Name => name;

    /// <summary>The processor it is pinned to, or null where it is not pinned.</summary>
    public int? Processor => processor;

    /// <summary>Bytes allocated from the first measured event to the last, or 0 when nothing was measured.</summary>
    public long AllocatedBytes => Math.Max(0, Volatile.Read(ref _allocatedBytes));

    /// <summary>Whether the thread is between the first measured event and the last; for the thread itself.</summary>
    public bool IsMeasuring => _allocatedAtStart >= 0 && _allocatedBytes < 0;

    /// <summary>Opens the account: the first measured event is about to be handled. On the thread itself.</summary>
    public void Open()
    {
        if (_allocatedAtStart < 0)
            Volatile.Write(ref _allocatedAtStart, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>
    /// Closes the account, where it is open: the last measured event has been handled, or the thread ends. On the
    /// thread itself.
    /// </summary>
    public void Close()
    {
        if (_allocatedAtStart >= 0 && _allocatedBytes < 0)
            Volatile.Write(ref _allocatedBytes, GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart);
    }
}

/// <summary>The hot threads of a pipeline. Each enlists itself when it starts.</summary>
public sealed class ThreadRoster
{
    /// <summary>Given as processor, means: leave the thread where the system puts it.</summary>
    public const int Unpinned = -1;

    private readonly Lock _lock = new();
    private readonly List<HotThread> _threads = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<HotThread> Threads
    {
        get
        {
            lock (_lock)
                return [.. _threads];
        }
    }

    /// <summary>One line for each thread that could not be pinned as asked.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_lock)
                return [.. _warnings];
        }
    }

    /// <summary>Pins the calling thread where asked and opens its account.</summary>
    public HotThread Enlist(string name, int processor)
    {
        var isPinned = processor != Unpinned && ThreadAffinity.TryPin(processor);
        var thread = new HotThread(name, isPinned ? processor : null);
        lock (_lock)
        {
            _threads.Add(thread);
            if (processor != Unpinned && !isPinned)
                _warnings.Add($"thread {name} could not be pinned to processor {processor}; it runs unpinned");
        }

        return thread;
    }
}
