namespace ExecutionPipeline.Disruptor;

/// <summary>How consumers wait: for producers, and for the consumers before them.</summary>
public interface IWaitStrategy
{
    /// <summary>
    /// Whether waiters must be woken: producers call <see cref="SignalAllWhenBlocking"/> only then. It is asked once.
    /// </summary>
    bool IsBlockingStrategy { get; }

    /// <summary>Creates the waiter of one consumer, or of anything else that waits.</summary>
    ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences);

    /// <summary>Wakes the waiters: the cursor has moved.</summary>
    void SignalAllWhenBlocking();
}

/// <summary>Waits on behalf of one consumer.</summary>
public interface ISequenceWaiter : IDisposable
{
    /// <summary>Waits until <paramref name="sequence"/> is available or the strategy's time is over.</summary>
    /// <returns>The available sequence, which may be above the one asked for, or a time-out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken);

    /// <summary>Wakes the waiting thread, if it sleeps, so that it looks at its cancellation token.</summary>
    void Cancel();
}

/// <summary>On whose behalf a waiter waits, for strategies that treat consumers differently.</summary>
public class SequenceWaiterOwner
{
    private SequenceWaiterOwner(object? handler, SequenceWaiterOwnerType type)
    {
        Handler = handler;
        Type = type;
    }

    /// <summary>An owner that is not an event handler.</summary>
    public static SequenceWaiterOwner Unknown { get; } = new(null, SequenceWaiterOwnerType.Unknown);

    /// <summary>The event handler, or null.</summary>
    public object? Handler { get; }

    /// <summary>What the owner is.</summary>
    public SequenceWaiterOwnerType Type { get; }

    /// <summary>The owner that <paramref name="eventHandler"/> is.</summary>
    public static SequenceWaiterOwner EventHandler(IEventHandler eventHandler)
    {
        return new SequenceWaiterOwner(eventHandler, SequenceWaiterOwnerType.EventHandler);
    }
}

/// <summary>What a <see cref="SequenceWaiterOwner"/> is.</summary>
public enum SequenceWaiterOwnerType
{
    /// <summary>A custom processor, or code that waits on a barrier itself.</summary>
    Unknown,

    /// <summary>An event handler that a processor of this library drives.</summary>
    EventHandler,
}
