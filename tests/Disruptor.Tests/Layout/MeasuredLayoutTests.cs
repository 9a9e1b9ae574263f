using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Layout;

/// <summary>
/// The padding at the end is really there. A size declared for a class is not enough: the runtime leaves it out.
/// </summary>
public sealed class MeasuredLayoutTests
{
    [TestCase(typeof(Sequence), 248)]
    [TestCase(typeof(ValueRingBuffer<TestEvent>), 296)]
    [TestCase(typeof(UnmanagedRingBuffer<TestEvent>), 296)]
    public void ShouldTakeItsPaddingWhenAllocated(Type type, int fieldBytes)
    {
        const int count = 64;
        const int headerBytes = 16;
        var objects = new object[count];
        _ = RuntimeHelpers.GetUninitializedObject(type);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
            objects[i] = RuntimeHelpers.GetUninitializedObject(type);

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(objects, Is.All.InstanceOf(type));
        Assert.That(bytes, Is.EqualTo(count * (headerBytes + fieldBytes)));
    }
}
