using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Dsl;

public sealed class UnmanagedDisruptorTests : ValueTypeDisruptorContract
{
    // A handler's thread may end a moment after its disruptor, so what it reads stays until the test process ends.
    private static readonly List<UnmanagedRingBufferMemory> Memories = [];

    [Test]
    public void ShouldUseTheMemoryWhenItIsGiven()
    {
        var memory = NewMemory(16);
        using var disruptor = new UnmanagedDisruptor<TestEvent>(memory.PointerToFirstEvent, memory.EventSize, 16);
        using (var scope = disruptor.PublishEvent())
            scope.Event().Value = 5;

        Assert.Multiple(() =>
        {
            Assert.That(disruptor.BufferSize, Is.EqualTo(16));
            Assert.That(disruptor.Cursor, Is.Zero);
            Assert.That(disruptor[0].Value, Is.EqualTo(5));
            Assert.That(memory.ToArray<TestEvent>()[0].Value, Is.EqualTo(5));
        });
    }

    protected override ValueTypeDisruptor<TestEvent> NewDisruptor(
        int size,
        ProducerType producerType,
        IWaitStrategy waitStrategy)
    {
        return new UnmanagedDisruptor<TestEvent>(NewMemory(size), producerType, waitStrategy);
    }

    private static UnmanagedRingBufferMemory NewMemory(int size)
    {
        var memory = UnmanagedRingBufferMemory.Allocate(size, Unsafe.SizeOf<TestEvent>());
        Memories.Add(memory);
        return memory;
    }
}
