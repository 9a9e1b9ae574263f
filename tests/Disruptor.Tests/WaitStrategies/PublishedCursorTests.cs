using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.WaitStrategies;

/// <summary>
/// A ring publishes by the shortest way that its wait strategy allows, and wakes sleepers where there are any.
/// </summary>
public sealed class PublishedCursorTests
{
    [Test]
    public void ShouldSignalExactlyWhenTheStrategyBlocks([Values] ProducerType producerType, [Values] bool isBlocking)
    {
        var strategy = new CountingWaitStrategy(isBlocking);
        var ring = ValueRingBuffer<TestEvent>.Create(producerType, () => default, 16, strategy);
        ring.PublishValues(1, 2);
        ring.Publish(2, ring.Next(3));

        Assert.Multiple(() =>
        {
            Assert.That(strategy.SignalCount, Is.EqualTo(isBlocking ? 3 : 0));
            Assert.That(ring.Cursor, Is.EqualTo(4));
            Assert.That(ring.IsAvailable(4), Is.True);
        });
    }
}
