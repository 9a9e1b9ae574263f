using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>
/// Runs one agent's <c>DoWork</c> on a thread of its own until it is stopped or throws. How it idles is the strategy
/// handed in.
/// </summary>
public sealed class AgentThread(
    IHotAgent agent,
    IIdleStrategy idle,
    ThreadRoster roster,
    int processor,
    RingFault fault)
{
    private Thread? _thread;
    private bool _isStopping;

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
        // Partner: the volatile read in Run.
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
            fault.Report(exception);
        }
        finally
        {
            account.Close();
        }
    }

    private void TakeTurns()
    {
        // Partner: the volatile write in TryStop.
        while (!Volatile.Read(ref _isStopping))
            idle.Idle(agent.DoWork());
    }
}
