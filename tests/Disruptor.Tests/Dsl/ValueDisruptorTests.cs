using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Dsl;

public sealed class ValueDisruptorTests : ValueTypeDisruptorContract
{
    [Test]
    public void ShouldGiveItsRingWhenAsked()
    {
        using var disruptor = new ValueDisruptor<TestEvent>(() => new TestEvent { Value = 3 }, 16);
        using (var scope = disruptor.PublishEvent())
            scope.Event().Value = 5;

        using (var scope = disruptor.PublishEvents(2))
            scope.Event(1).Value = 7;

        Assert.Multiple(() =>
        {
            Assert.That(disruptor.BufferSize, Is.EqualTo(16));
            Assert.That(disruptor.Cursor, Is.EqualTo(2));
            Assert.That((disruptor[0].Value, disruptor[1].Value, disruptor[2].Value), Is.EqualTo((5L, 3L, 7L)));
            Assert.That(disruptor.RingBuffer, Is.SameAs(((ValueTypeDisruptor<TestEvent>)disruptor).RingBuffer));
            Assert.That(disruptor.ToString(), Does.Contain("Created").And.Contain("BufferSize=16"));
        });
    }

    protected override ValueTypeDisruptor<TestEvent> NewDisruptor(
        int size,
        ProducerType producerType,
        IWaitStrategy waitStrategy)
    {
        return new ValueDisruptor<TestEvent>(() => default, size, TaskScheduler.Default, producerType, waitStrategy);
    }
}
