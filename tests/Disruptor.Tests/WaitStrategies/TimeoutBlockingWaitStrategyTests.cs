using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

public sealed class TimeoutBlockingWaitStrategyTests : TimeoutWaitStrategyContract
{
    [TestCase(-1.0)]
    [TestCase(int.MaxValue + 1.0)]
    public void ShouldBeRefusedWhenTheTimeoutIsOutOfRange(double timeoutMs)
    {
        Assert.That(
            () => new TimeoutBlockingWaitStrategy(TimeSpan.FromMilliseconds(timeoutMs)),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ShouldStillTimeOutWhenItIsWokenForNothing()
    {
        var cursor = new Sequence();
        var strategy = new TimeoutBlockingWaitStrategy(TimeSpan.FromMilliseconds(50));
        var group = new DependentSequenceGroup(cursor);
        var waiter = strategy.NewSequenceWaiter(SequenceWaiterOwner.Unknown, group);

        var wait = Task.Run(() => waiter.WaitFor(100, CancellationToken.None));
        var sequence = 0L;
        Eventually.Holds(
            () =>
            {
                // Below what is waited for: each signal wakes the waiter in vain.
                cursor.SetValue(sequence++ % 50);
                strategy.SignalAllWhenBlocking();
                return wait.IsCompleted;
            },
            "time-out");

        Assert.That(Eventually.Result(wait, "wait").IsTimeout, Is.True);
    }

    protected override IWaitStrategy NewWaitStrategy(TimeSpan timeout) => new TimeoutBlockingWaitStrategy(timeout);
}
