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

    /// <summary>A control plane that was started later knows nothing of what came before it looked.</summary>
    [Test]
    public void ShouldTellOfNothingBeforeItsFirstLookWhenThePipelineIsOlderThanTheTime()
    {
        var history = new LatencyHistory();
        var now = DateTime.UtcNow;
        history.Take(LookAt(now, latencies: 1_000, startedAt: now - TimeSpan.FromDays(3)));
        Assert.That(history.Of(LatencyPart.EndToEnd, TimeSpan.FromMinutes(5)).Count, Is.Zero);

        history.Take(LookAt(now + TimeSpan.FromSeconds(10), latencies: 1_010, startedAt: now - TimeSpan.FromDays(3)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(history.Of(LatencyPart.EndToEnd, TimeSpan.FromMinutes(5)).Count, Is.EqualTo(10));
            Assert.That(history.Of(LatencyPart.EndToEnd, TimeSpan.FromDays(1)).Count, Is.EqualTo(10));
            Assert.That(
                history.Of(LatencyPart.EndToEnd, TimeSpan.FromDays(7)).Count, Is.EqualTo(1_010), "all of them");
        }
    }

    private static PipelineLook LookAt(DateTime at, long latencies, DateTime startedAt)
    {
        var figures = Enumerable.Range(0, LatencyTotals.BoundsNs.Count + 1).ToDictionary(
            static bound => (PipelineFigure.LatencyAtMost, bound), _ => latencies);
        figures[(PipelineFigure.StartedNs, 0)] =
            (startedAt - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return new PipelineLook(PipelineReading.Of(figures), null, at, at, 0);
    }
}
