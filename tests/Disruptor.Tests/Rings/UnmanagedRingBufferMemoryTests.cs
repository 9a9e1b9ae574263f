using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Rings;

public sealed class UnmanagedRingBufferMemoryTests
{
    [TestCase(0, 8)]
    [TestCase(-4, 8)]
    [TestCase(6, 8)]
    [TestCase(4, 0)]
    public void ShouldBeRefusedWhenASizeIsImpossible(int eventCount, int eventSize)
    {
        Assert.That(() => UnmanagedRingBufferMemory.Allocate(eventCount, eventSize), Throws.ArgumentException);
    }

    [Test]
    public void ShouldStartOnAPageAndBeZeroWhenAllocated()
    {
        using var memory = UnmanagedRingBufferMemory.Allocate(1024, WideEvent.SizeBytes);

        Assert.Multiple(() =>
        {
            Assert.That(memory.PointerToFirstEvent % 4096, Is.EqualTo((nint)0));
            Assert.That(memory.EventCount, Is.EqualTo(1024));
            Assert.That(memory.EventSize, Is.EqualTo(WideEvent.SizeBytes));
            Assert.That(memory.ToArray<WideEvent>(), Has.All.Matches<WideEvent>(e => e.IsWhole && e.Value == 0));
        });
    }

    [Test]
    public void ShouldCallTheFactoryForEachEventWhenThereIsOne()
    {
        var made = 0;
        using var memory = UnmanagedRingBufferMemory.Allocate(4, () => new TestEvent { Value = made++ });

        Assert.That(Array.ConvertAll(memory.ToArray<TestEvent>(), e => e.Value), Is.EqualTo(new[] { 0L, 1L, 2L, 3L }));
    }

    [Test]
    public void ShouldNotBeReadWhenTheTypeIsAnother()
    {
        using var memory = UnmanagedRingBufferMemory.Allocate(4, 8);

        Assert.That(() => memory.ToArray<WideEvent>(), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldNotBeReadWhenReleased()
    {
        var memory = UnmanagedRingBufferMemory.Allocate(4, 8);
        memory.Dispose();

        Assert.That(() => memory.ToArray<TestEvent>(), Throws.TypeOf<ObjectDisposedException>());
    }
}
