namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>Counts signals and remembers for whom it was asked; its waiters return at once.</summary>
public sealed class CountingWaitStrategy(bool isBlocking) : IWaitStrategy
{
    public bool IsBlockingStrategy => isBlocking;

    public int SignalCount { get; private set; }

    public SequenceWaiterOwner? LastOwner { get; private set; }

    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        LastOwner = owner;
        return new BusySpinWaitStrategy().NewSequenceWaiter(owner, dependentSequences);
    }

    public void SignalAllWhenBlocking() => SignalCount++;
}
