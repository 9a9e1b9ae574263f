using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Rings;

[TestFixture(typeof(byte))]
[TestFixture(typeof(TestEvent))]
[TestFixture(typeof(WideEvent))]
public sealed class ValueRingBufferAlignmentTests<T>
    where T : struct
{
    [Test]
    public void ShouldStartOnAPageOrOnALineOfItsOwnWhenCreated([Values(1, 4, 1024, 8192)] int bufferSize)
    {
        var ring = ValueRingBuffer<T>.CreateSingleProducer(() => default, bufferSize);
        var alignment = Unsafe.SizeOf<T>() * bufferSize >= 4096 ? 4096 : 128;

        Assert.That(Unsafe.ByteOffset(ref Unsafe.NullRef<T>(), ref ring[0]) % alignment, Is.EqualTo((nint)0));
    }
}
