using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Polling;

[TestFixture(ProducerType.Single)]
[TestFixture(ProducerType.Multi)]
public sealed class ValueEventPollerTests(ProducerType producerType)
{
    private readonly List<(long Value, long Sequence, bool EndOfBatch)> _handled = [];
    private ValueRingBuffer<TestEvent> _ring = null!;

    [SetUp]
    public void CreateRing()
    {
        _handled.Clear();
        _ring = ValueRingBuffer<TestEvent>.Create(producerType, () => default, 8, new BusySpinWaitStrategy());
    }

    [Test]
    public void ShouldBeIdleWhenNothingIsPublished()
    {
        var poller = _ring.NewPoller();
        _ring.Publish(_ring.Next());
        poller.Poll(TryTakeAll);

        Assert.That(poller.Poll(TryTakeAll), Is.EqualTo(EventPoller.PollState.Idle));
    }

    [Test]
    public void ShouldHandleTheWholeBatchWhenTheHandlerGoesOn()
    {
        var poller = _ring.NewPoller();
        _ring.PublishValues(10, 11, 12);

        Assert.That(poller.Poll(TryTakeAll), Is.EqualTo(EventPoller.PollState.Processing));
        Assert.Multiple(() =>
        {
            Assert.That(_handled, Is.EqualTo(new[] { (10L, 0L, false), (11L, 1L, false), (12L, 2L, true) }));
            Assert.That(poller.Sequence.Value, Is.EqualTo(2));
        });
    }

    [Test]
    public void ShouldStopWhenTheHandlerSaysSo()
    {
        var poller = _ring.NewPoller();
        _ring.PublishValues(10, 11);
        poller.Poll(TryTakeOne);
        Assert.That(poller.Sequence.Value, Is.Zero);

        poller.Poll(TryTakeOne);
        Assert.That(_handled, Is.EqualTo(new[] { (10L, 0L, false), (11L, 1L, true) }));
    }

    [Test]
    public void ShouldBeGatedWhenTheConsumerBeforeIsBehind()
    {
        var before = _ring.NewPoller();
        var poller = _ring.NewPoller(before.Sequence);
        _ring.PublishValues(10, 11);
        Assert.That(poller.Poll(TryTakeAll), Is.EqualTo(EventPoller.PollState.Gating));

        before.Poll(TryTakeOne);
        Assert.That(poller.Poll(TryTakeAll), Is.EqualTo(EventPoller.PollState.Processing));
        Assert.That(poller.Sequence.Value, Is.Zero);
    }

    [Test]
    public void ShouldComeBackToTheEventWhenTheHandlerThrows()
    {
        var poller = _ring.NewPoller();
        _ring.PublishValues(10, 11);

        Assert.That(
            () => poller.Poll((ref TestEvent e, long _, bool _) =>
                e.Value == 10 ? true : throw new InvalidOperationException("boom")),
            Throws.InvalidOperationException);
        Assert.That(poller.Sequence.Value, Is.Zero);
    }

    [Test]
    public void ShouldHoldUpTheProducerWhenItsSequenceIsAGate()
    {
        var poller = _ring.NewPoller();
        _ring.AddGatingSequences(poller.Sequence);
        _ring.PublishValues(0, 1, 2, 3, 4, 5, 6, 7);
        Assert.That(_ring.TryNext(out _), Is.False);

        poller.Poll(TryTakeOne);
        Assert.That(_ring.TryNext(out _), Is.True);
    }

    [Test]
    public void ShouldChangeTheEventWhenTheHandlerDoes()
    {
        _ring.PublishValues(10);
        _ring.NewPoller().Poll((ref TestEvent e, long _, bool _) =>
        {
            e.Value = 20;
            return true;
        });

        Assert.That(_ring[0].Value, Is.EqualTo(20));
    }

    private bool TryTakeAll(ref TestEvent e, long sequence, bool endOfBatch)
    {
        _handled.Add((e.Value, sequence, endOfBatch));
        return true;
    }

    private bool TryTakeOne(ref TestEvent e, long sequence, bool endOfBatch)
    {
        TryTakeAll(ref e, sequence, endOfBatch);
        return false;
    }
}
