using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Tests;

/// <summary>Figures of latencies from counts by bounds.</summary>
public sealed class LatencyCountsTests
{
    [Test]
    public void ShouldGoStraightBetweenBoundsWhenAPercentileIsAskedFor()
    {
        // 10 of at most 1 us, 90 of at most 2 us, and 100 in all: ten are beyond the last bound.
        var counts = new long[LatencyTotals.BoundsNs.Count + 1];
        Array.Fill(counts, 90);
        (counts[0], counts[^1]) = (10, 100);
        var window = new LatencyWindowCounts(counts, sumNs: 1_000_000);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(window.PercentileUs(50), Is.EqualTo(1.5).Within(1e-12));
            Assert.That(window.PercentileUs(10), Is.EqualTo(1).Within(1e-12));
            Assert.That(window.PercentileUs(99), Is.EqualTo(100_000), "as long as the last bound");
            Assert.That(window.MeanUs, Is.EqualTo(10));
            Assert.That(window.AbovePct(1_000_000), Is.EqualTo(10));
        }
    }

    [Test]
    public void ShouldTellNothingWhenThereWasNoSignal()
    {
        var window = new LatencyHistory().Of(LatencyPart.EndToEnd, TimeSpan.FromHours(1));

        Assert.That(window.Count, Is.Zero);
        Assert.That(window.PercentileUs(99), Is.Null);
        Assert.That(window.AbovePct(1_000_000), Is.Null);
    }
}
