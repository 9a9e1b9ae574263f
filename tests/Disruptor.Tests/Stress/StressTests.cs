using System.Globalization;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Stress;

/// <summary>
/// Random graphs under load. XP_STRESS_EVENTS sets how many events to handle, XP_TEST_SEED repeats a run.
/// </summary>
public sealed class StressTests
{
    private const long DefaultEvents = 10_000_000;
    private const long EventsPerReport = 100_000_000;

    [Test]
    public void ShouldKeepEveryPromiseWhateverTheGraph()
    {
        var wanted = Environment.GetEnvironmentVariable("XP_STRESS_EVENTS") is { } given
            ? long.Parse(given, CultureInfo.InvariantCulture)
            : DefaultEvents;
        var seed = TestSeed.Next();
        var handled = 0L;

        for (var round = 0; handled < wanted; round++)
        {
            var plan = new StressPlan(unchecked(seed + round));
            var run = new StressRun(plan);
            Assert.That(run.Run(), Is.Empty, $"round {round} of seed {seed}: {plan}");

            var before = handled;
            handled += run.EventCount * plan.Dependencies.Length;
            if (handled / EventsPerReport != before / EventsPerReport)
                TestContext.Progress.WriteLine($"{handled} events handled in {round + 1} graphs");
        }

        TestContext.Out.WriteLine($"{handled} events handled");
    }

    [Test]
    public void ShouldLoseNothingWhenHandlersAreHaltedAndStartedAgain()
    {
        const int count = 20_000;
        var random = new Random(TestSeed.Next());
        var ring = ValueRingBuffer<StressEvent>.CreateSingleProducer(() => default, 64, new BlockingWaitStrategy());
        var handler = new StressHandler(0, [], producerCount: 1);
        using var processor = EventProcessorFactory.Create(ring, ring.NewBarrier(), handler);
        ring.AddGatingSequences(processor.Sequence);

        var producer = Task.Run(() =>
        {
            for (var number = 0L; number < count; number++)
            {
                var sequence = ring.Next();
                ring[sequence].Write(number);
                ring.Publish(sequence);
            }
        });

        while (handler.Count < count && handler.Violation == null)
        {
            var target = handler.Count + random.Next(1, 500);
            Eventually.Completes(processor.Start(), "start");
            Eventually.HoldsSoon(() => handler.Count >= Math.Min(target, count), "progress");
            Eventually.Completes(processor.Halt(), "halt");
        }

        Eventually.Completes(producer, "producer");
        Assert.That(handler.Violation, Is.Null);
        Assert.That(handler.Count, Is.EqualTo(count));
    }

    [Test]
    public void ShouldMissNothingFromThereOnWhenAConsumerJoinsAndLeaves()
    {
        var ring = ValueRingBuffer<StressEvent>.CreateMultiProducer(() => default, 64, new YieldingWaitStrategy());
        using var stop = new CancellationTokenSource();
        var producer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (!ring.TryNext(out var sequence))
                    continue;

                ring[sequence].Write(sequence);
                ring.Publish(sequence);
            }
        });

        for (var round = 0; round < 50; round++)
            FollowForAWhile(ring);

        stop.Cancel();
        Eventually.Completes(producer, "producer");
    }

    private static void FollowForAWhile(ValueRingBuffer<StressEvent> ring)
    {
        var poller = ring.NewPoller();
        ring.AddGatingSequences(poller.Sequence);
        var next = poller.Sequence.Value + 1;
        var last = next + 200;
        Eventually.HoldsSoon(
            () =>
            {
                poller.Poll((ref StressEvent e, long sequence, bool _) =>
                {
                    Assert.That(sequence, Is.EqualTo(next++));
                    Assert.That(e.Number == sequence && e.IsWhole(sequence), Is.True, $"event {sequence}");
                    return true;
                });
                return next > last;
            },
            "events");

        Assert.That(ring.RemoveGatingSequence(poller.Sequence), Is.True);
    }
}
