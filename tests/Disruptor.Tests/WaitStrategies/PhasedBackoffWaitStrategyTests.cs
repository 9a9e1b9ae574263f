using System.Diagnostics;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

[TestFixture(true)]
[TestFixture(false)]
public sealed class PhasedBackoffWaitStrategyTests(bool withLock) : WaitStrategyContract
{
    private static readonly TimeSpan SpinTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan YieldTime = TimeSpan.FromMilliseconds(2);

    [Test]
    public void ShouldLeaveTheWaitingToTheFallbackWhenTimeIsOver()
    {
        var fallback = new CountingWaitStrategy(isBlocking: withLock);
        var strategy = new PhasedBackoffWaitStrategy(SpinTime, YieldTime, fallback);
        strategy.SignalAllWhenBlocking();

        Assert.Multiple(() =>
        {
            Assert.That(strategy.IsBlockingStrategy, Is.EqualTo(withLock));
            Assert.That(fallback.SignalCount, Is.EqualTo(1));
            Assert.That(strategy.SpinTimeout, Is.EqualTo(Stopwatch.Frequency / 1000));
            Assert.That(strategy.YieldTimeout, Is.EqualTo(Stopwatch.Frequency / 500));
        });
    }

    [Test]
    public void ShouldReturnTheTimeoutWhenTheFallbackTimesOut()
    {
        var fallback = new TimeoutBlockingWaitStrategy(TimeSpan.FromMilliseconds(1));
        var strategy = new PhasedBackoffWaitStrategy(SpinTime, YieldTime, fallback);
        var group = new DependentSequenceGroup(new Sequence());
        using var waiter = strategy.NewSequenceWaiter(SequenceWaiterOwner.Unknown, group);

        Assert.That(waiter.WaitFor(0, CancellationToken.None).IsTimeout, Is.True);
    }

    protected override IWaitStrategy NewWaitStrategy()
    {
        return withLock
            ? PhasedBackoffWaitStrategy.WithLock(SpinTime, YieldTime)
            : PhasedBackoffWaitStrategy.WithSleep(SpinTime, YieldTime);
    }
}
