using System.Runtime.InteropServices;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Layout;

/// <summary>
/// The padding at the end is really there. A size declared for a class is not enough: the runtime leaves it out.
/// </summary>
public sealed class MeasuredLayoutTests
{
    // The runtime states how large an object is behind its type handle. What an allocation adds to the counters of a
    // thread would say the same, were there not collections that other threads cause in between.
    private const int SizeOffset = 4;
    private const int HeaderBytes = 16;

    [TestCase(typeof(Sequence), 248)]
    [TestCase(typeof(ValueRingBuffer<TestEvent>), 296)]
    [TestCase(typeof(UnmanagedRingBuffer<TestEvent>), 296)]
    [TestCase(typeof(object), 8, Description = "the smallest object there is")]
    public void ShouldTakeItsPaddingWhenAllocated(Type type, int fieldBytes) =>
        Assert.That(Marshal.ReadInt32(type.TypeHandle.Value, SizeOffset), Is.EqualTo(HeaderBytes + fieldBytes));
}
