namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Waits with a <see cref="SpinWait"/>: pauses, yields, and comes to sleep for a millisecond at a time.
/// </summary>
public sealed class SpinWaitWaitStrategy : IWaitStrategy
{
    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new SequenceWaiter(dependentSequences);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class SequenceWaiter(DependentSequenceGroup dependentSequences) : NonBlockingSequenceWaiter
    {
        public override SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            return dependentSequences.SpinWaitFor(sequence, cancellationToken);
        }
    }
}
