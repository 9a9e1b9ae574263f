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
