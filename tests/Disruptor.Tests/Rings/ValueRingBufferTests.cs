using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Rings;

[TestFixture(typeof(TestEvent))]
[TestFixture(typeof(WideEvent))]
[TestFixture(typeof(TextEvent))]
public sealed class ValueRingBufferTests<T> : ValueRingContract<T>
    where T : struct, ITestEvent
{
    [Test]
    public void ShouldFillEachSlotWhenThereIsAFactory()
    {
        var made = 0;
        var ring = new ValueRingBuffer<T>(() => new T { Value = ++made }, 16);

        Assert.That(made, Is.EqualTo(16));
        for (var sequence = 0; sequence < 16; sequence++)
            Assert.That(ring[sequence].Value, Is.EqualTo(sequence + 1));
    }

    [Test]
    public void ShouldPublishAtTheEndOfTheScopeWhenThereIsOne()
    {
        var ring = ValueRingBuffer<T>.CreateSingleProducer(() => default, 4);
        using (var scope = ring.PublishEvent())
        {
            scope.Event().Value = 7;
            Assert.That(ring.Cursor, Is.EqualTo(-1));
        }

        using (var scope = ring.PublishEvents(2))
        {
            scope.Event(0).Value = 8;
            scope.Event(1).Value = 9;
            Assert.That((scope.StartSequence, scope.EndSequence), Is.EqualTo((1L, 2L)));
        }

        Assert.That(ring.Cursor, Is.EqualTo(2));
        Assert.That(new[] { ring[0].Value, ring[1].Value, ring[2].Value }, Is.EqualTo(new[] { 7L, 8L, 9L }));
    }

    [Test]
    public void ShouldPublishNothingWhenThereIsNoRoomForTheScope()
    {
        var ring = ValueRingBuffer<T>.CreateSingleProducer(() => default, 4);
        ring.AddGatingSequences(new Sequence());
        using (var scope = ring.TryPublishEvents(3))
        {
            Assert.That(scope.HasEvents && scope.TryGetEvents(out var events) && events.EndSequence == 2, Is.True);
        }

        using (var scope = ring.TryPublishEvents(2))
            Assert.That(scope.HasEvents || scope.TryGetEvents(out _), Is.False);

        using (var scope = ring.TryPublishEvent())
        {
            Assert.That(scope.HasEvent && scope.TryGetEvent(out var one) && one.Sequence == 3, Is.True);
        }

        using (var scope = ring.TryPublishEvent())
            Assert.That(scope.HasEvent || scope.TryGetEvent(out _), Is.False);

        Assert.That(ring.Cursor, Is.EqualTo(3));
    }

    [Test]
    public void ShouldLayEventsSideBySideWhenThereAreSeveral()
    {
        var ring = ValueRingBuffer<T>.CreateSingleProducer(() => default, 8);

        Assert.That(AddressOf(ref ring[5]) - AddressOf(ref ring[2]), Is.EqualTo(3 * Unsafe.SizeOf<T>()));
    }

    [Test]
    public void ShouldSurviveCollectionsWhenInUse()
    {
        var ring = ValueRingBuffer<T>.CreateSingleProducer(() => default, 64);
        var before = AddressOf(ref ring[0]);
        for (var round = 0; round < 3; round++)
        {
            ring.PublishValues(round);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.That(ring[round].Value, Is.EqualTo(round));
        }

        Assert.That(AddressOf(ref ring[0]), Is.EqualTo(before), "slots are pinned");
    }

    [Test]
    public void ShouldBeRefusedWhenTheKindOfProducersIsUnknown()
    {
        Assert.That(
            () => ValueRingBuffer<T>.Create((ProducerType)7, () => default, 8, new BusySpinWaitStrategy()),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ShouldClaimByNumberWhenFilledFromASnapshot()
    {
        var ring = ValueRingBuffer<T>.CreateSingleProducer(() => default, 8);
        ring.ClaimAndGetPreallocated(5).Value = 55;
        ring.Publish(5);

        Assert.Multiple(() =>
        {
            Assert.That(ring.Next(), Is.EqualTo(6));
            Assert.That(ring[5].Value, Is.EqualTo(55));
            Assert.That(ring.IsAvailable(5), Is.True);
        });
    }

    protected override IValueRingBuffer<T> NewRing(int bufferSize, ProducerType producerType)
    {
        return ValueRingBuffer<T>.Create(producerType, () => default, bufferSize, new BusySpinWaitStrategy());
    }

    /// <summary>Where the event is: its distance from null.</summary>
    private static long AddressOf(ref T slot) => Unsafe.ByteOffset(ref Unsafe.NullRef<T>(), ref slot);
}
