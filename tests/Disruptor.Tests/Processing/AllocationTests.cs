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
        var before = GC.GetAllocatedBytesForCurrentThread();
        Publish(ring, MeasuredEvents);
        var published = GC.GetAllocatedBytesForCurrentThread() - before;
        Eventually.Completes(disruptor.Shutdown(Eventually.Limit), "shutdown");

        Assert.Multiple(() =>
        {
            Assert.That(published, Is.Zero, "bytes by the producer");
            Assert.That(handler.AllocatedBytes, Is.Zero, "bytes by the handler's thread");
            Assert.That(handler.WasMeasured, Is.True);
        });
    }

    [Test]
    public void ShouldSeeAllocationsWhenTheHandlerMakesThem()
    {
        using var disruptor = new ValueDisruptor<WideEvent>(() => default, 1024, new YieldingWaitStrategy());
        var handler = new MeasuringHandler { IsWasteful = true };
        disruptor.HandleEventsWith(handler);
        Eventually.Completes(disruptor.Start(), "start");
        Publish(disruptor.RingBuffer, WarmUpEvents + MeasuredEvents);
        Eventually.Completes(disruptor.Shutdown(Eventually.Limit), "shutdown");

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
        private long _bytesBefore;

        public bool IsWasteful { get; init; }

        public long AllocatedBytes { get; private set; }

        public bool WasMeasured { get; private set; }

        private object? Waste { get; set; }

        public void OnEvent(ref WideEvent data, long sequence, bool endOfBatch)
        {
            if (sequence == WarmUpEvents)
                _bytesBefore = GC.GetAllocatedBytesForCurrentThread();

            if (IsWasteful)
                Waste = new object();

            if (sequence != WarmUpEvents + MeasuredEvents - 1)
                return;

            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _bytesBefore;
            WasMeasured = Waste != null == IsWasteful;
        }
    }
}
