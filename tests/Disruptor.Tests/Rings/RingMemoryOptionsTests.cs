using System.Globalization;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Dsl;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Rings;

[Platform("Linux")]
public sealed class RingMemoryOptionsTests
{
    private const int SmallRing = 1024;

    [Test]
    public void ShouldLockTheMemoryOfAManagedRingWhenAsked()
    {
        var before = LockedKiB();
        var ring = new ValueRingBuffer<TestEvent>(NewSequencer(), new RingMemoryOptions { LockMemory = true });

        Assert.That(LockedKiB() - before, Is.GreaterThanOrEqualTo(SmallRing * sizeof(long) / 1024));
        GC.KeepAlive(ring);
    }

    [Test]
    public void ShouldUnlockUnmanagedMemoryWhenItIsReleased()
    {
        var before = LockedKiB();
        using (UnmanagedRingBufferMemory.Allocate(SmallRing, 64, new RingMemoryOptions { LockMemory = true }))
            Assert.That(LockedKiB() - before, Is.GreaterThanOrEqualTo(SmallRing * 64 / 1024));

        Assert.That(LockedKiB(), Is.EqualTo(before));
    }

    [Test]
    public void ShouldPlayOnHugePagesWhenAsked()
    {
        Assume.That(
            File.Exists("/sys/kernel/mm/transparent_hugepage/enabled"),
            "this system has no transparent huge pages");

        using var disruptor = new ValueDisruptor<WideEvent>(
            65_536,
            TaskScheduler.Default,
            ProducerType.Single,
            new BlockingWaitStrategy(),
            new RingMemoryOptions { UseHugePages = true });

        ref var first = ref disruptor.RingBuffer[0];
        Assert.That(Unsafe.ByteOffset(ref Unsafe.NullRef<WideEvent>(), ref first) % (2 << 20), Is.EqualTo((nint)0));
    }

    private static SingleProducerSequencer NewSequencer() => new(SmallRing, new BlockingWaitStrategy());

    private static long LockedKiB()
    {
        const string name = "VmLck:";
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length).Trim("\t kB"), CultureInfo.InvariantCulture);
    }
}
