using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Sequencing;

/// <summary>What every sequencer does, whoever writes its ring.</summary>
public abstract class SequencerContract
{
    private const int BufferSize = 8;

    protected abstract ISequencer NewSequencer(int bufferSize, IWaitStrategy waitStrategy);

    [TestCase(0)]
    [TestCase(-8)]
    [TestCase(7)]
    public void ShouldBeRefusedWhenTheSizeIsNoPowerOfTwo(int bufferSize)
    {
        Assert.That(() => NewSequencer(bufferSize, new BusySpinWaitStrategy()), Throws.ArgumentException);
    }

    [Test]
    public void ShouldClaimInARowWhenThereIsRoom()
    {
        var sequencer = NewSequencer();

        Assert.Multiple(() =>
        {
            Assert.That(sequencer.Cursor, Is.EqualTo(-1));
            Assert.That(sequencer.Next(), Is.Zero);
            Assert.That(sequencer.Next(4), Is.EqualTo(4));
            Assert.That(sequencer.TryNext(out var one), Is.True);
            Assert.That(one, Is.EqualTo(5));
            Assert.That(sequencer.TryNext(2, out var two), Is.True);
            Assert.That(two, Is.EqualTo(7));
        });
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(int.MinValue)]
    [TestCase(BufferSize + 1)]
    public void ShouldThrowWhenTheClaimCanNeverBeMet(int n)
    {
        var sequencer = NewSequencer();

        Assert.Multiple(() =>
        {
            Assert.That(() => sequencer.Next(n), Throws.ArgumentException);
            Assert.That(() => sequencer.TryNext(n, out _), Throws.ArgumentException);
        });
    }

    [Test]
    public void ShouldClaimNothingWhenThereIsNoRoom()
    {
        var (sequencer, consumer) = NewGatedSequencer();
        PublishNext(sequencer, 6);

        Assert.Multiple(() =>
        {
            Assert.That(sequencer.TryNext(3, out _), Is.False);
            Assert.That(sequencer.GetRemainingCapacity(), Is.EqualTo(2));
            Assert.That(sequencer.HasAvailableCapacity(2), Is.True);
            Assert.That(sequencer.HasAvailableCapacity(3), Is.False);
        });

        consumer.SetValue(0);
        Assert.Multiple(() =>
        {
            Assert.That(sequencer.TryNext(3, out var sequence), Is.True);
            Assert.That(sequence, Is.EqualTo(8));
            Assert.That(sequencer.TryNext(out _), Is.False);
            Assert.That(sequencer.GetRemainingCapacity(), Is.Zero);
        });
    }

    [Test]
    public void ShouldWaitWhenTheRingIsFull()
    {
        var (sequencer, consumer) = NewGatedSequencer();
        PublishNext(sequencer, BufferSize);

        var claim = Task.Run(sequencer.Next);
        Assert.That(claim.IsCompleted, Is.False);

        consumer.SetValue(0);
        Assert.That(Eventually.Result(claim, "claim after a slot is free"), Is.EqualTo(BufferSize));
    }

    [Test]
    public void ShouldNotShowClaimedEventsWhenTheRingIsFull()
    {
        var (sequencer, _) = NewGatedSequencer();
        PublishNext(sequencer, 3);
        sequencer.Next(5);

        Assert.That(sequencer.TryNext(out _), Is.False);
        Assert.Multiple(() =>
        {
            Assert.That(sequencer.GetHighestPublishedSequence(0, Math.Min(sequencer.Cursor, 7)), Is.EqualTo(2));
            Assert.That(sequencer.IsAvailable(2), Is.True);
            Assert.That(sequencer.IsAvailable(3), Is.False);
        });
    }

    [Test]
    public void ShouldShowPublishedEventsWhenABatchIsPublished()
    {
        var sequencer = NewSequencer();
        var hi = sequencer.Next(5);
        sequencer.Publish(0, hi);

        Assert.Multiple(() =>
        {
            Assert.That(sequencer.Cursor, Is.EqualTo(4));
            Assert.That(sequencer.GetHighestPublishedSequence(0, sequencer.Cursor), Is.EqualTo(4));
            Assert.That(sequencer.IsAvailable(0), Is.True);
            Assert.That(sequencer.IsAvailable(4), Is.True);
            Assert.That(sequencer.IsAvailable(5), Is.False);
        });
    }

    [Test]
    public void ShouldForgetEventsWhenTheyAreOverwritten()
    {
        var sequencer = NewSequencer();
        PublishNext(sequencer, 2 * BufferSize + 3);

        Assert.Multiple(() =>
        {
            Assert.That(sequencer.IsAvailable(10), Is.False);
            Assert.That(sequencer.IsAvailable(11), Is.True);
            Assert.That(sequencer.IsAvailable(18), Is.True);
            Assert.That(sequencer.IsAvailable(19), Is.False);
        });
    }

    [Test]
    public void ShouldStartNewConsumersAtTheCursorWhenTheyAreAdded()
    {
        var (sequencer, first) = NewGatedSequencer();
        PublishNext(sequencer, 5);
        first.SetValue(4);

        var second = new Sequence(1000);
        sequencer.AddGatingSequences(second);

        Assert.Multiple(() =>
        {
            Assert.That(second.Value, Is.EqualTo(4));
            Assert.That(sequencer.GetMinimumSequence(), Is.EqualTo(4));
        });
    }

    [Test]
    public void ShouldWaitForTheSlowestWhenThereAreSeveralConsumers()
    {
        var (sequencer, slow) = NewGatedSequencer();
        var fast = new Sequence();
        sequencer.AddGatingSequences(fast);
        PublishNext(sequencer, BufferSize);
        fast.SetValue(7);
        slow.SetValue(2);

        Assert.Multiple(() =>
        {
            Assert.That(sequencer.GetMinimumSequence(), Is.EqualTo(2));
            Assert.That(sequencer.GetRemainingCapacity(), Is.EqualTo(3));
            Assert.That(sequencer.RemoveGatingSequence(slow), Is.True);
            Assert.That(sequencer.RemoveGatingSequence(slow), Is.False);
            Assert.That(sequencer.GetMinimumSequence(), Is.EqualTo(7));
            Assert.That(sequencer.GetRemainingCapacity(), Is.EqualTo(BufferSize));
        });
    }

    [Test]
    public void ShouldNeverBeFullWhenNobodyConsumes()
    {
        var sequencer = NewSequencer();
        PublishNext(sequencer, 100 * BufferSize);

        Assert.Multiple(() =>
        {
            Assert.That(sequencer.Cursor, Is.EqualTo(100 * BufferSize - 1));
            Assert.That(sequencer.GetRemainingCapacity(), Is.EqualTo(BufferSize));
        });
    }

    [Test]
    public void ShouldGoOnAfterTheSequenceWhenItIsClaimedByNumber()
    {
        var (sequencer, consumer) = NewGatedSequencer();
        PublishNext(sequencer, 20, consumer);
        sequencer.Claim(3);
        consumer.SetValue(3);

        Assert.That(sequencer.Next(), Is.EqualTo(4));
    }

    [Test]
    public void ShouldSignalOnlyWhenTheStrategyBlocks([Values] bool isBlocking)
    {
        var strategy = new CountingWaitStrategy(isBlocking);
        var sequencer = NewSequencer(BufferSize, strategy);
        sequencer.Publish(sequencer.Next());
        sequencer.Publish(1, sequencer.Next(2));

        Assert.That(strategy.SignalCount, Is.EqualTo(isBlocking ? 2 : 0));
    }

    [Test]
    public void ShouldGiveTheOwnerToTheStrategyWhenABarrierIsMade()
    {
        var strategy = new CountingWaitStrategy(isBlocking: false);
        var owner = SequenceWaiterOwner.EventHandler(new RecordingHandler<TestEvent>());
        NewSequencer(BufferSize, strategy).NewBarrier(owner);

        Assert.That(strategy.LastOwner, Is.SameAs(owner));
    }

    protected ISequencer NewSequencer() => NewSequencer(BufferSize, new BusySpinWaitStrategy());

    private (ISequencer Sequencer, Sequence Consumer) NewGatedSequencer()
    {
        var sequencer = NewSequencer();
        var consumer = new Sequence();
        sequencer.AddGatingSequences(consumer);
        return (sequencer, consumer);
    }

    private static void PublishNext(ISequencer sequencer, int count, Sequence? consumer = null)
    {
        for (var i = 0; i < count; i++)
        {
            var sequence = sequencer.Next();
            sequencer.Publish(sequence);
            consumer?.SetValue(sequence);
        }
    }
}
