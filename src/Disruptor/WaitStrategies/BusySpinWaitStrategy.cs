namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Reads the sequence over and over. The lowest latency, at the price of a core for each consumer: with more waiting
/// threads than cores it is the slowest strategy of all.
/// </summary>
public sealed class BusySpinWaitStrategy : IWaitStrategy
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
        private StreamPause _streamPause;

        public override SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            _streamPause.OnWait(sequence);
            long availableSequence;
            while ((availableSequence = dependentSequences.Value) < sequence)
                cancellationToken.ThrowIfCancellationRequested();

            return availableSequence;
        }
    }
}
