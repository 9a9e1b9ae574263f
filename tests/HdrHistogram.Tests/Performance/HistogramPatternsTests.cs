using ExecutionPipeline.Benchmarks.Histograms;

namespace ExecutionPipeline.HdrHistogram.Tests.Performance;

/// <summary>Every measured pattern runs, briefly, and checks what it counted; how fast is not asked here.</summary>
public sealed class HistogramPatternsTests
{
    private static IEnumerable<string> Patterns() => HistogramPatterns.All().Keys;

    [TestCaseSource(nameof(Patterns))]
    public void ShouldCountEveryCallWhenPlayedBriefly(string pattern)
    {
        var play = HistogramPatterns.All()[pattern]();

        Assert.That(play() + play(), Is.GreaterThanOrEqualTo(2));
    }
}
