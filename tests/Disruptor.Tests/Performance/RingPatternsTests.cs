using ExecutionPipeline.Benchmarks.Rings;

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
}
