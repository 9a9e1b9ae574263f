namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Spins, then offers its time slice to other threads at each turn. Low latency with more waiting threads than cores.
/// </summary>
public sealed class YieldingWaitStrategy : IWaitStrategy
{
    private const int DefaultBusySpinCount = 100;

    private readonly int _busySpinCount;

    /// <summary>Creates a strategy that spins 100 times before it yields.</summary>
    public YieldingWaitStrategy()
        : this(DefaultBusySpinCount)
    {
    }

    /// <summary>Creates a strategy that spins <paramref name="busySpinCount"/> times before it yields.</summary>
    public YieldingWaitStrategy(int busySpinCount)
    {
        _busySpinCount = busySpinCount;
    }

    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new SequenceWaiter(dependentSequences, _busySpinCount);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class SequenceWaiter(DependentSequenceGroup dependentSequences, int busySpinCount)
        : NonBlockingSequenceWaiter
    {
        public override SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            var spinsLeft = busySpinCount;
            long availableSequence;
            while ((availableSequence = dependentSequences.Value) < sequence)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (spinsLeft > 0)
                    spinsLeft--;
                else
                    Thread.Yield();
            }

            return availableSequence;
        }
    }
}
