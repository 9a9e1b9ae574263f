using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests.Buffers;

[TestFixtureSource(nameof(Strategies))]
public sealed class IdleStrategyTests(IIdleStrategy strategy)
{
    private static readonly IIdleStrategy[] Strategies =
    [
        new BusySpinIdleStrategy(),
        new NoOpIdleStrategy(),
        new YieldingIdleStrategy(),
        new SleepingIdleStrategy(1000),
        new BackoffIdleStrategy(1, 1, 1, 1000),
    ];

    [Test]
    public void ShouldAllocateNothingWhenIdling() =>
        Assert.That(AllocationMeter.FewestBytesOf(Idle), Is.Zero);

    private void Idle()
    {
        strategy.Reset();
        for (var i = 0; i < 20; i++)
        {
            strategy.Idle();
            strategy.Idle(i % 5);
        }
    }
}
