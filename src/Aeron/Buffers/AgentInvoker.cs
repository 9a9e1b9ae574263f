namespace ExecutionPipeline.Aeron.Buffers;

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
