using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Tests.Histograms;

public sealed class IntervalSeriesTests
{
    [TestCase(1)]
    [TestCase(IntervalSeries.MaxPoints)]
    [TestCase(IntervalSeries.MaxPoints + 1)]
    [TestCase(5 * IntervalSeries.MaxPoints + 3)]
    public void ShouldKeepEverySpikeInBoundedMemoryWhenThereAreManyIntervals(int intervals)
    {
        var series = new IntervalSeries();
        for (var i = 0; i < intervals; i++)
            series.Add(LogFolder.Interval("a", i, i == intervals / 2 ? 9_000 : 1_000));

        var points = series.Points;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(points, Has.Count.LessThanOrEqualTo(IntervalSeries.MaxPoints));
            Assert.That(points, Has.Count.GreaterThanOrEqualTo(Math.Min(intervals, IntervalSeries.MaxPoints / 2)));
            Assert.That(points.Select(point => point.EndMs), Is.Ordered);
            Assert.That(points.Count(point => point.Max > 8_000), Is.EqualTo(1));
            Assert.That(points[^1].EndMs, Is.EqualTo(LogFolder.StartMs + intervals * 1000L));
        }
    }

    [Test]
    public void ShouldBeZeroWhenAnIntervalIsEmpty() =>
        Assert.That(
            IntervalPoint.Of(LogFolder.Interval("a", 0)),
            Is.EqualTo(new IntervalPoint(LogFolder.StartMs + 1000, 0, 0, 0, 0)));
}
