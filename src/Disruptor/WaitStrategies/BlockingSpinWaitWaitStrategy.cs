namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Sleeps until a producer signals, and behind other consumers waits with a <see cref="SpinWait"/>, which comes to
/// sleep: the strategy that takes least of the processor.
/// </summary>
public sealed class BlockingSpinWaitWaitStrategy : IWaitStrategy
{
    private readonly WaitGate _gate = new();

    /// <inheritdoc/>
    public bool IsBlockingStrategy => true;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new GateSequenceWaiter(_gate, dependentSequences, isSleepingBehindConsumers: true);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking() => _gate.SignalAll();
}
