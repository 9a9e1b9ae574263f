using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Stress;

/// <summary>
/// Small programs with one forbidden outcome. Each is also run on a variant that is broken on purpose, on which the
/// outcome must show: a test that cannot fail proves nothing.
/// </summary>
public sealed class LitmusTests
{
    private const int Rounds = 100_000;

    [Test]
    public void ShouldNotShowAnEventBeforeItIsWrittenWhenPolled()
    {
        Assert.That(FindStaleEvent(sequencer => sequencer), Is.Null);
    }

    [Test]
    public void ShouldBeFoundOutWhenEventsArePublishedBeforeTheyAreWritten()
    {
        Assert.That(
            FindStaleEvent(inner => new BrokenSequencer(inner, BrokenSequencer.Fault.PublishesBeforeTheWrite)),
            Is.Not.Null);
    }

    [Test]
    public void ShouldNotOverwriteAnEventWhenTheConsumerIsSlow()
    {
        Assert.That(FindOverwrittenEvent(sequencer => sequencer), Is.Null);
    }

    [Test]
    public void ShouldBeFoundOutWhenProducersDoNotWaitForConsumers()
    {
        Assert.That(
            FindOverwrittenEvent(inner => new BrokenSequencer(inner, BrokenSequencer.Fault.IgnoresConsumers)),
            Is.Not.Null);
    }

    [Test]
    public void ShouldNeverBothMissTheOtherWhenTwoThreadsAnnounceThenLook()
    {
        Assert.That(CountMutualMisses((sequence, value) => sequence.SetValueVolatile(value)), Is.Zero);
    }

    [Test]
    public void ShouldSometimesBothMissTheOtherWhenTheFenceIsLeftOut()
    {
        if (Environment.ProcessorCount < 2)
            Assert.Ignore("One processor does not reorder what its own threads see.");

        var misses = 0;
        Eventually.Holds(
            () => (misses = CountMutualMisses((sequence, value) => sequence.SetValue(value))) > 0,
            "a store that was overtaken by a later load");

        Assert.That(misses, Is.Positive);
    }

    /// <summary>
    /// A producer publishes and then looks at the consumers; a consumer puts itself on the list and then looks where
    /// the ring is. If each missed the other, an event would be claimed over that the consumer begins with.
    /// </summary>
    [Test]
    public void ShouldNotClaimOverAnEventWhenItsConsumerIsAddedMeanwhile()
    {
        Assert.That(CountLostBeginnings(), Is.Zero);
    }

    /// <summary>
    /// Polls between the claim and the write, on one thread: what is seen then is the last lap's event.
    /// </summary>
    private static string? FindStaleEvent(Func<ISequencer, ISequencer> wrap)
    {
        var ring = new ValueRingBuffer<StressEvent>(wrap(new SingleProducerSequencer(8, new BusySpinWaitStrategy())));
        var handler = new StressHandler(0, [], producerCount: 1);
        var poller = ring.NewPoller();
        ring.AddGatingSequences(poller.Sequence);
        for (var number = 0; number < 32; number++)
        {
            var sequence = ring.Next();
            Poll(poller, handler);
            ring[sequence].Write(number);
            ring.Publish(sequence);
            Poll(poller, handler);
        }

        return handler.Violation;
    }

    /// <summary>Publishes until the ring is full, or, when it never is, for two laps; then consumes.</summary>
    private static string? FindOverwrittenEvent(Func<ISequencer, ISequencer> wrap)
    {
        var ring = new ValueRingBuffer<StressEvent>(wrap(new SingleProducerSequencer(8, new BusySpinWaitStrategy())));
        var handler = new StressHandler(0, [], producerCount: 1);
        var poller = ring.NewPoller();
        ring.AddGatingSequences(poller.Sequence);
        for (var number = 0; number < 16 && ring.TryNext(out var sequence); number++)
        {
            ring[sequence].Write(number);
            ring.Publish(sequence);
        }

        Poll(poller, handler);
        return handler.Violation;
    }

    private static void Poll(ValueEventPoller<StressEvent> poller, StressHandler handler)
    {
        poller.Poll((ref StressEvent e, long sequence, bool _) =>
        {
            handler.OnBatchStart(1);
            handler.OnEvent(ref e, sequence, endOfBatch: true);
            return true;
        });
    }

    /// <summary>
    /// Two threads set a sequence of their own and then read the other's. Without a fence between, each may read before
    /// its own write is seen: that is how a producer and a consumer that falls asleep would miss each other.
    /// </summary>
    private static int CountMutualMisses(Action<Sequence, long> announce)
    {
        var (left, right) = (new Sequence(0), new Sequence(0));
        var (seenByLeft, seenByRight) = (new long[Rounds + 1], new long[Rounds + 1]);
        using var barrier = new Barrier(2);

        void Play(Sequence own, Sequence other, long[] seen)
        {
            barrier.SignalAndWait(Eventually.Limit);
            for (var round = 1L; round <= Rounds; round++)
            {
                announce(own, round);
                seen[round] = other.Value;
                WaitForRound(other, round);
            }
        }

        var players = new[]
        {
            Task.Factory.StartNew(() => Play(left, right, seenByLeft), TaskCreationOptions.LongRunning),
            Task.Factory.StartNew(() => Play(right, left, seenByRight), TaskCreationOptions.LongRunning),
        };
        Eventually.Completes(Task.WhenAll(players), "players");

        return Enumerable.Range(1, Rounds).Count(round => seenByLeft[round] < round && seenByRight[round] < round);
    }

    /// <summary>
    /// In a ring of one event each claim looks at the consumers. The producer holds a claim; it publishes it and tries
    /// the next one while a consumer is added, a little earlier or later in each round.
    /// </summary>
    private static int CountLostBeginnings()
    {
        var sequencer = new SingleProducerSequencer(1, new BusySpinWaitStrategy());
        var (produced, added) = (new Sequence(0), new Sequence(0));
        var (claims, beginnings) = (new long[Rounds + 1], new long[Rounds + 1]);

        void Produce()
        {
            var claimed = sequencer.Next();
            for (var round = 1L; round <= Rounds; round++)
            {
                WaitForRound(added, 2 * round - 1);
                Thread.SpinWait((int)(round % 16));
                sequencer.Publish(claimed);
                var isClaimed = sequencer.TryNext(out var next);
                claims[round] = isClaimed ? next : claimed;
                produced.SetValueVolatile(round);
                WaitForRound(added, 2 * round);
                claimed = isClaimed ? next : sequencer.Next();
            }
        }

        void Add()
        {
            for (var round = 1L; round <= Rounds; round++)
            {
                var consumer = new Sequence();
                added.SetValueVolatile(2 * round - 1);
                Thread.SpinWait((int)(round / 16 % 16));
                sequencer.AddGatingSequences(consumer);
                beginnings[round] = consumer.Value;
                WaitForRound(produced, round);
                sequencer.RemoveGatingSequence(consumer);
                added.SetValueVolatile(2 * round);
            }
        }

        var players = new[]
        {
            Task.Factory.StartNew(Produce, TaskCreationOptions.LongRunning),
            Task.Factory.StartNew(Add, TaskCreationOptions.LongRunning),
        };
        Eventually.Completes(Task.WhenAll(players), "producer and adder");

        return Enumerable.Range(1, Rounds).Count(round => claims[round] - sequencer.BufferSize > beginnings[round]);
    }

    private static void WaitForRound(Sequence other, long round)
    {
        var spinWait = new AggressiveSpinWait();
        var spins = 0;
        while (other.Value < round)
        {
            if (++spins > 200)
                spinWait.SpinOnce();
        }
    }
}
