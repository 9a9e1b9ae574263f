namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

/// <summary>What every strategy with a time-out does beside the rest.</summary>
public abstract class TimeoutWaitStrategyContract : WaitStrategyContract
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(20)]
    public void ShouldTimeOutWhenNothingComes(int timeoutMs)
    {
        var timeout = TimeSpan.FromMilliseconds(timeoutMs);
        var group = new DependentSequenceGroup(new Sequence());
        var waiter = NewWaitStrategy(timeout).NewSequenceWaiter(SequenceWaiterOwner.Unknown, group);

        var start = TimeProvider.System.GetTimestamp();
        var result = waiter.WaitFor(0, CancellationToken.None);

        // The coarse clock of the blocking strategy may be a tick early.
        var clockTick = TimeSpan.FromMilliseconds(16);
        Assert.That(result.IsTimeout, Is.True);
        Assert.That(TimeProvider.System.GetElapsedTime(start), Is.GreaterThanOrEqualTo(timeout - clockTick));
    }

    protected sealed override IWaitStrategy NewWaitStrategy() => NewWaitStrategy(TimeSpan.FromMinutes(5));

    protected abstract IWaitStrategy NewWaitStrategy(TimeSpan timeout);
}
