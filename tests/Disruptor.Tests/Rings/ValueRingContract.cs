using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Rings;

/// <summary>What every ring does, wherever its memory is and whoever writes it.</summary>
public abstract class ValueRingContract<T>
    where T : struct, ITestEvent
{
    private const int BufferSize = 8;

    [Test]
    public void ShouldKeepEachEventInItsSlotWhenTheRingWraps([Values] ProducerType producerType)
    {
        var ring = NewRing(BufferSize, producerType);
        for (var value = 0; value < 3 * BufferSize + 5; value++)
            ring.PublishValues(value);

        for (var sequence = ring.Cursor - BufferSize + 1; sequence <= ring.Cursor; sequence++)
            Assert.That(ring[sequence].Value, Is.EqualTo(sequence));
    }

    [Test]
    public void ShouldGiveTheSameSlotWhenSequencesAreALapApart([Values] ProducerType producerType)
    {
        var ring = NewRing(BufferSize, producerType);
        ring[3].Value = 33;

        Assert.Multiple(() =>
        {
            Assert.That(ring[3 + BufferSize].Value, Is.EqualTo(33));
            Assert.That(ring[3 + BufferSize * (1L << 40)].Value, Is.EqualTo(33));
            Assert.That(ring[4].Value, Is.Zero);
        });
    }

    [Test]
    public void ShouldReportItsStateWhenAsked([Values] ProducerType producerType)
    {
        var ring = NewRing(BufferSize, producerType);
        var consumer = new Sequence();
        ring.AddGatingSequences(consumer);
        ring.PublishValues(1, 2, 3);

        Assert.Multiple(() =>
        {
            Assert.That(ring.BufferSize, Is.EqualTo(BufferSize));
            Assert.That(ring.Cursor, Is.EqualTo(2));
            Assert.That(ring.GetRemainingCapacity(), Is.EqualTo(5));
            Assert.That(ring.HasAvailableCapacity(5), Is.True);
            Assert.That(ring.HasAvailableCapacity(6), Is.False);
            Assert.That(ring.GetMinimumGatingSequence(), Is.EqualTo(-1));
            Assert.That(ring.RemoveGatingSequence(consumer), Is.True);
            Assert.That(ring.GetMinimumGatingSequence(), Is.EqualTo(2));
            Assert.That(ring.ToString(), Does.Contain(typeof(T).Name).And.Contain($"BufferSize={BufferSize}"));
        });
    }

    [Test]
    public void ShouldRefuseClaimsWhenTheConsumerIsALapBehind([Values] ProducerType producerType)
    {
        var ring = NewRing(BufferSize, producerType);
        var consumer = new Sequence();
        ring.AddGatingSequences(consumer);

        Assert.Multiple(() =>
        {
            Assert.That(ring.TryNext(BufferSize, out var hi), Is.True);
            Assert.That(hi, Is.EqualTo(BufferSize - 1));
            Assert.That(ring.TryNext(out _), Is.False);
            Assert.That(() => ring.Next(BufferSize + 1), Throws.ArgumentException);
            Assert.That(() => ring.TryNext(0, out _), Throws.ArgumentException);
        });
    }

    [Test]
    public void ShouldShowABatchWhenItIsPublished([Values] ProducerType producerType)
    {
        var ring = NewRing(BufferSize, producerType);
        var hi = ring.Next(4);
        for (var sequence = 0; sequence <= hi; sequence++)
            ring[sequence].Value = 10 + sequence;
        ring.Publish(0, hi);

        Assert.Multiple(() =>
        {
            Assert.That(ring.NewBarrier().WaitForPublishedSequence(0).AvailableSequence, Is.EqualTo(3));
            Assert.That(ring[3].Value, Is.EqualTo(13));
        });
    }

    protected abstract IValueRingBuffer<T> NewRing(int bufferSize, ProducerType producerType);
}
