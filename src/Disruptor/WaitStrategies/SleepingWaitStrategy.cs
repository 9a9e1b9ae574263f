namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Spins, then yields, then gives its time slice to any thread that is ready. Producers never signal, so publishing is
/// as cheap as it can be; the first event after a quiet time may come late.
/// </summary>
public sealed class SleepingWaitStrategy : IWaitStrategy
{
    private const int DefaultBusySpinCount = 100;
    private const int DefaultYieldCount = 100;

    private readonly int _yieldIndex;
    private readonly int _sleepIndex;

    /// <summary>Creates a strategy that spins 100 times and yields 100 times.</summary>
    public SleepingWaitStrategy()
        : this(DefaultBusySpinCount, DefaultYieldCount)
    {
    }

    /// <summary>Creates a strategy that spins and yields as often as given.</summary>
    public SleepingWaitStrategy(int busySpinCount, int yieldCount)
    {
        _yieldIndex = busySpinCount;
        _sleepIndex = busySpinCount + yieldCount;
    }

    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new SequenceWaiter(dependentSequences, _yieldIndex, _sleepIndex);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class SequenceWaiter(DependentSequenceGroup dependentSequences, int yieldIndex, int sleepIndex)
        : NonBlockingSequenceWaiter
    {
        public override SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            var turn = 0;
            long availableSequence;
            while ((availableSequence = dependentSequences.Value) < sequence)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Idle(ref turn);
            }

            return availableSequence;
        }

        private void Idle(ref int turn)
        {
            if (turn >= sleepIndex)
            {
                Thread.Sleep(0);
                return;
            }

            if (turn >= yieldIndex)
                Thread.Yield();

            turn++;
        }
    }
}
