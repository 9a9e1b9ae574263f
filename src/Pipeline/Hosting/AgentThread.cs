using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Work that a thread of its own does in turns.</summary>
public interface IHotAgent
{
    string Name { get; }

    /// <summary>Called once on the thread, before the first turn, with the thread's account.</summary>
    void OnStart(HotThread thread)
    {
    }

    /// <summary>One turn, which never waits. Returns how much was done; 0 lets the thread idle.</summary>
    int DoWork();
}

/// <summary>
/// Runs one agent's <c>DoWork</c> on a thread of its own until it is stopped, throws, or something else on the path has
/// failed. How it idles is the strategy handed in.
/// </summary>
/// <param name="agent">Does the work.</param>
/// <param name="idle">What the thread does between two turns.</param>
/// <param name="roster">Where the thread enlists.</param>
/// <param name="processor">The one to pin to.</param>
/// <param name="fault">Told of what the agent throws.</param>
/// <param name="onFault">Done on the thread, last of all, when something has failed.</param>
public sealed class AgentThread(
    IHotAgent agent,
    IIdleStrategy idle,
    ThreadRoster roster,
    int processor,
    TradingFault fault,
    Action onFault)
{
    private Thread? _thread;
    private bool _isStopping;

    /// <summary>Whether the thread has been started.</summary>
    public bool IsStarted => _thread != null;

    /// <summary>Whether the thread has not ended.</summary>
    public bool IsAlive => _thread is { IsAlive: true };

    public void Start()
    {
        if (_thread != null)
            throw new InvalidOperationException($"{agent.Name} has been started before");

        _thread = new Thread(Run) { Name = agent.Name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Lets the agent finish its turn and ends the thread. False when it did not end in time.</summary>
    public bool TryStop(TimeSpan timeout)
    {
        // Partner: the volatile read in TakeTurns.
        Volatile.Write(ref _isStopping, true);
        return _thread == null || _thread.Join(timeout);
    }

    private void Run()
    {
        var account = roster.Enlist(agent.Name, processor);
        try
        {
            agent.OnStart(account);
            TakeTurns();
        }
        catch (Exception exception)
        {
            fault.Latch(agent.Name, exception);
        }
        finally
        {
            account.Close();
        }

        if (fault.IsLatched)
            onFault();
    }

    private void TakeTurns()
    {
        // Partner: the volatile write in TryStop.
        while (!Volatile.Read(ref _isStopping) && !fault.IsLatched)
            idle.Idle(agent.DoWork());
    }
}
