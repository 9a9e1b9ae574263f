namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Sleeps until a producer signals. For consumers whose latency matters less than the processor's time. Behind other
/// consumers it waits with an <see cref="AggressiveSpinWait"/>, since only producers signal.
/// </summary>
public sealed class BlockingWaitStrategy : IWaitStrategy
{
    private readonly WaitGate _gate = new();

    /// <inheritdoc/>
    public bool IsBlockingStrategy => true;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new GateSequenceWaiter(_gate, dependentSequences);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking() => _gate.SignalAll();
}
