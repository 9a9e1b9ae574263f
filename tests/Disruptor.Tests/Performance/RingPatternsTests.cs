using ExecutionPipeline.Benchmarks.Rings;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Performance;

/// <summary>Every measured pattern runs, briefly, and checks what arrived; how fast it was is not asked here.</summary>
public sealed class RingPatternsTests
{
    private static readonly TimeSpan Briefly = TimeSpan.FromMilliseconds(1);

    private static IEnumerable<string> Patterns() => RingPatterns.All().Keys;

    [TestCaseSource(nameof(Patterns))]
    public void ShouldDeliverWhatWasSentWhenPlayedBriefly(string pattern)
    {
        var chunksNs = RingPatterns.All()[pattern](Briefly);

        Assert.That(chunksNs, Has.All.Positive);
    }

    [TestCase("ping-pong-blocking", 2)]
    [TestCase("1p1c-128-blocking", 1)]
    [TestCase("chain-4", 4)]
    public void ShouldTakeItsHandlersThreadsFromTheCurrentSchedulerWhenPlayed(string pattern, int handlers)
    {
        var scheduler = new PinnedThreadTaskScheduler(new PinnedThreadOptions());
        var play = Task.Factory.StartNew(
            () => RingPatterns.All()[pattern](Briefly),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            scheduler);

        Eventually.Completes(play, "pattern");
        Assert.That(scheduler.ThreadCount, Is.EqualTo(1 + handlers));
    }
}
