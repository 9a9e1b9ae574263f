using ExecutionPipeline.Benchmarks.Streams;

namespace ExecutionPipeline.Aeron.Tests.Performance;

/// <summary>
/// Every measured pattern runs, briefly, and checks what arrived; how fast it was is not asked here.
/// </summary>
public sealed class StreamPatternsTests : AeronTestBase
{
    private static readonly TimeSpan Briefly = TimeSpan.FromMilliseconds(1);

    private static IEnumerable<string> Patterns() => StreamPatterns.All().Keys;

    [TestCaseSource(nameof(Patterns))]
    public void ShouldDeliverWhatWasSentWhenPlayedBriefly(string pattern)
    {
        LaunchDriver();
        var (streams, run, bytes) = StreamPatterns.All()[pattern](Directory);
        Keep(streams);

        var timedNs = run(Briefly);

        Assert.That(timedNs, Has.All.Positive);
        Assert.That(bytes(), Is.Zero);
    }
}
