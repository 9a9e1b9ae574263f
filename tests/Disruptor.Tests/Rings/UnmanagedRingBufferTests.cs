using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Rings;

[TestFixture(typeof(TestEvent))]
[TestFixture(typeof(WideEvent))]
public sealed class UnmanagedRingBufferTests<T> : ValueRingContract<T>
    where T : unmanaged, ITestEvent
{
    private readonly List<UnmanagedRingBufferMemory> _memories = [];

    [TearDown]
    public void ReleaseMemory()
    {
        _memories.ForEach(memory => memory.Dispose());
        _memories.Clear();
    }

    [TestCase(0)]
    [TestCase(-8)]
    [TestCase(4)]
    public void ShouldBeRefusedWhenTheEventDoesNotFit(int eventSize)
    {
        var memory = NewMemory(8);

        Assert.That(
            () => new UnmanagedRingBuffer<T>(memory.PointerToFirstEvent, eventSize, new SingleProducerSequencer(8)),
            Throws.ArgumentException);
    }

    [Test]
    public void ShouldWriteToTheMemoryWhenEventsArePublished()
    {
        var memory = NewMemory(4);
        var ring = new UnmanagedRingBuffer<T>(memory, ProducerType.Single, new BusySpinWaitStrategy());
        using (var scope = ring.PublishEvents(2))
        {
            scope.Event(0).Value = 5;
            scope.Event(1).Value = 6;
        }

        using (var scope = ring.TryPublishEvent())
        {
            if (scope.TryGetEvent(out var one))
                one.Event().Value = 7;
        }

        Assert.That(Array.ConvertAll(memory.ToArray<T>(), e => e.Value), Is.EqualTo(new[] { 5L, 6L, 7L, 0L }));
    }

    protected override IValueRingBuffer<T> NewRing(int bufferSize, ProducerType producerType)
    {
        return new UnmanagedRingBuffer<T>(NewMemory(bufferSize), producerType, new BusySpinWaitStrategy());
    }

    private UnmanagedRingBufferMemory NewMemory(int eventCount)
    {
        var memory = UnmanagedRingBufferMemory.Allocate(eventCount, Unsafe.SizeOf<T>());
        _memories.Add(memory);
        return memory;
    }
}
