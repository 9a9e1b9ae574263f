using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Processing;

public sealed class AllocationTests
{
    private const int WarmUpEvents = 20_000;
    private const int MeasuredEvents = 50_000;

    [Test]
    public void ShouldAllocateNothingWhenEventsPass(
        [Values] ProducerType producerType,
        [Values(typeof(YieldingWaitStrategy), typeof(BlockingWaitStrategy))] Type waitStrategyType)
    {
        var waitStrategy = (IWaitStrategy)Activator.CreateInstance(waitStrategyType)!;
        using var disruptor = new ValueDisruptor<WideEvent>(
            () => default,
            1024,
            TaskScheduler.Default,
            producerType,
            waitStrategy);
        var handler = new MeasuringHandler();
        disruptor.HandleEventsWith(handler);
        Eventually.Completes(disruptor.Start(), "start");

        var ring = disruptor.RingBuffer;
        Publish(ring, WarmUpEvents);
        var producer = new AllocationMeter();
        for (var i = 0; i < AllocationMeter.Repetitions; i++)
        {
            producer.Begin();
            Publish(ring, MeasuredEvents);
            producer.End();
        }

        Eventually.Completes(disruptor.Shutdown(Eventually.Limit), "shutdown");

        Assert.Multiple(() =>
        {
            Assert.That(producer.FewestBytes, Is.Zero, "bytes by the producer");
            Assert.That(handler.AllocatedBytes, Is.Zero, "bytes by the handler's thread");
            Assert.That(handler.Measurements, Is.EqualTo(AllocationMeter.Repetitions));
        });
    }

    [Test]
    public void ShouldSeeAllocationsWhenTheHandlerMakesThem()
    {
        using var disruptor = new ValueDisruptor<WideEvent>(() => default, 1024, new YieldingWaitStrategy());
        var handler = new MeasuringHandler { IsWasteful = true };
        disruptor.HandleEventsWith(handler);
        Eventually.Completes(disruptor.Start(), "start");
        Publish(disruptor.RingBuffer, WarmUpEvents + AllocationMeter.Repetitions * MeasuredEvents);
        Eventually.Completes(disruptor.Shutdown(Eventually.Limit), "shutdown");

        Assert.That(handler.Waste, Is.Not.Null);
        Assert.That(handler.AllocatedBytes, Is.GreaterThan(MeasuredEvents));
    }

    private static void Publish(ValueRingBuffer<WideEvent> ring, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!ring.TryNext(out var sequence))
                sequence = ring.Next();

            ring[sequence].Value = sequence;
            ring.Publish(sequence);
        }
    }

    private sealed class MeasuringHandler : IValueEventHandler<WideEvent>
    {
        private readonly AllocationMeter _meter = new();

        public bool IsWasteful { get; init; }

        public long AllocatedBytes => _meter.FewestBytes;

        public int Measurements { get; private set; }

        public object? Waste { get; private set; }

        public void OnEvent(ref WideEvent data, long sequence, bool endOfBatch)
        {
            var index = sequence - WarmUpEvents;
            if (index >= 0 && index % MeasuredEvents == 0)
                _meter.Begin();

            if (IsWasteful)
                Waste = new object();

            if (index < 0 || index % MeasuredEvents != MeasuredEvents - 1)
                return;

            _meter.End();
            Measurements++;
        }
    }
}
