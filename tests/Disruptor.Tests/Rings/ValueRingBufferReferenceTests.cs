using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Rings;

public sealed class ValueRingBufferReferenceTests
{
    [Test]
    public void ShouldKeepWhatEventsReferToWhenNothingElseDoes()
    {
        var ring = ValueRingBuffer<TextEvent>.CreateSingleProducer(() => default, 64);
        for (var i = 0; i < 64; i++)
            ring[i].Text = new string((char)('a' + i % 26), 100);

        for (var round = 0; round < 5; round++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            _ = new byte[1_000_000];
        }

        for (var i = 0; i < 64; i++)
            Assert.That(ring[i].Text, Is.EqualTo(new string((char)('a' + i % 26), 100)));
    }
}
