using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Hosting;

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
