namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>A loop's body: called over and over by one thread, or by whoever owns the invoker.</summary>
public interface IAgent
{
    /// <summary>Called once, on the agent's thread, before the first <see cref="DoWork"/>.</summary>
    void OnStart();

    /// <summary>Does what there is to do without waiting; returns how much that was, zero to idle.</summary>
    int DoWork();

    /// <summary>Called once, on the agent's thread, after the last <see cref="DoWork"/>.</summary>
    void OnClose();

    /// <summary>The thread's name.</summary>
    string RoleName();
}

/// <summary>Runs an agent on a thread of its own until disposed, idling by a strategy.</summary>
public sealed class AgentRunner : IDisposable
{
    private readonly IIdleStrategy _idleStrategy;
    private readonly IErrorHandler _errorHandler;
    private readonly IAgent _agent;
    private volatile bool _isRunning = true;
    private volatile bool _isClosed;
    private Thread? _thread;

    /// <summary>Takes what to run; <see cref="StartOnThread"/> starts it.</summary>
    public AgentRunner(IIdleStrategy idleStrategy, IErrorHandler errorHandler, IAgent agent)
    {
        ArgumentNullException.ThrowIfNull(idleStrategy);
        ArgumentNullException.ThrowIfNull(errorHandler);
        ArgumentNullException.ThrowIfNull(agent);
        _idleStrategy = idleStrategy;
        _errorHandler = errorHandler;
        _agent = agent;
    }

    /// <summary>True once the agent's <see cref="IAgent.OnClose"/> has run.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Starts the runner on a new background thread named for the agent's role.</summary>
    public static Thread StartOnThread(AgentRunner runner)
    {
        ArgumentNullException.ThrowIfNull(runner);
        var thread = new Thread(runner.Run) { Name = runner._agent.RoleName(), IsBackground = true };
        if (Interlocked.CompareExchange(ref runner._thread, thread, null) is not null)
            throw new InvalidOperationException("the runner has been started");

        thread.Start();
        return thread;
    }

    /// <summary>Ends the loop and waits for the agent to close.</summary>
    public void Dispose()
    {
        _isRunning = false;
        if (_thread is null)
            Close();
        else if (_thread != Thread.CurrentThread)
            _thread.Join();
    }

    private void Run()
    {
        if (HasStarted())
        {
            while (_isRunning && HasRunDutyCycle())
            {
            }
        }

        Close();
    }

    private bool HasStarted()
    {
        try
        {
            _agent.OnStart();
            return true;
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
            return false;
        }
    }

    private bool HasRunDutyCycle()
    {
        try
        {
            _idleStrategy.Idle(_agent.DoWork());
        }
        catch (AgentTerminationException)
        {
            return false;
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
            // A loop that fails on each turn must not take the core with it.
            _idleStrategy.Idle(0);
        }

        return true;
    }

    private void Close()
    {
        if (_isClosed)
            return;

        try
        {
            _agent.OnClose();
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
        }
        finally
        {
            _isClosed = true;
        }
    }
}

/// <summary>Runs an agent by calls of its owner, without a thread. Not thread-safe.</summary>
public sealed class AgentInvoker : IDisposable
{
    private readonly IErrorHandler _errorHandler;
    private readonly IAgent _agent;

    /// <summary>Takes what to run.</summary>
    public AgentInvoker(IErrorHandler errorHandler, IAgent agent)
    {
        ArgumentNullException.ThrowIfNull(errorHandler);
        ArgumentNullException.ThrowIfNull(agent);
        _errorHandler = errorHandler;
        _agent = agent;
    }

    /// <summary>True once <see cref="Start"/> was called.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>True between start and close.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>True once closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Starts the agent on the calling thread.</summary>
    public void Start()
    {
        if (IsStarted)
            return;

        IsStarted = true;
        try
        {
            _agent.OnStart();
            IsRunning = true;
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
            Dispose();
        }
    }

    /// <summary>Calls the agent once; returns the work it did.</summary>
    public int Invoke()
    {
        if (!IsRunning)
            return 0;

        try
        {
            return _agent.DoWork();
        }
        catch (AgentTerminationException)
        {
            Dispose();
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
        }

        return 0;
    }

    /// <summary>Closes the agent.</summary>
    public void Dispose()
    {
        if (IsClosed)
            return;

        IsRunning = false;
        IsClosed = true;
        try
        {
            _agent.OnClose();
        }
        catch (Exception exception)
        {
            _errorHandler.OnError(exception);
        }
    }
}

/// <summary>Thrown by an agent to end its loop.</summary>
public sealed class AgentTerminationException(string message = "agent terminated") : Exception(message);
