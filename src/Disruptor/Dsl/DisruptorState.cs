namespace ExecutionPipeline.Disruptor.Dsl;

/// <summary>The life of a disruptor: created, started, halted, disposed of; each at most once, in this order.</summary>
internal sealed class DisruptorState
{
    private const int Created = 0;
    private const int Running = 1;
    private const int Halted = 2;
    private const int Disposed = 3;

    private int _state;

    // Acquire: pairs with the exchanges below.
    public bool HasStarted => Volatile.Read(ref _state) != Created;

    public bool IsRunning => Volatile.Read(ref _state) == Running;

    public void ThrowIfStartedOrDisposed()
    {
        switch (Volatile.Read(ref _state))
        {
            case Created:
                return;
            case Disposed:
                throw new InvalidOperationException("The disruptor is disposed.");
            default:
                throw new InvalidOperationException("The disruptor cannot be configured after start.");
        }
    }

    public void Start()
    {
        var message = Interlocked.CompareExchange(ref _state, Running, Created) switch
        {
            Created => null,
            Running => "The disruptor is already started.",
            Halted => "The disruptor is halted and cannot be restarted.",
            _ => "The disruptor is disposed.",
        };

        ThrowIfAny(message);
    }

    public void Halt()
    {
        var message = Interlocked.CompareExchange(ref _state, Halted, Running) switch
        {
            Created => "The disruptor is not started.",
            Running => null,
            Halted => "The disruptor is already halted.",
            _ => "The disruptor is disposed.",
        };

        ThrowIfAny(message);
    }

    public bool TryDispose() => Interlocked.Exchange(ref _state, Disposed) != Disposed;

    public override string ToString()
    {
        return Volatile.Read(ref _state) switch
        {
            Created => nameof(Created),
            Running => nameof(Running),
            Halted => nameof(Halted),
            _ => nameof(Disposed),
        };
    }

    private static void ThrowIfAny(string? message)
    {
        if (message != null)
            throw new InvalidOperationException(message);
    }
}
