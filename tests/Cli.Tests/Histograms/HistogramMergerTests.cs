using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Tests.Histograms;

public sealed class HistogramMergerTests
{
    [Test]
    public void ShouldSumAllWhenMerged()
    {
        var merger = new HistogramMerger();
        merger.Add(Interval(1, 100_000, 3, "a", 20, 1, 2_000));
        merger.Add(Interval(1, 100_000, 3, "a", 10, 2_000));
        var merged = merger.Merged!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(merger.IntervalCount, Is.EqualTo(2));
            Assert.That(merged.TotalCount, Is.EqualTo(3));
            Assert.That((merged.GetCountAtValue(1), merged.GetCountAtValue(2_000)), Is.EqualTo((1, 2)));
            Assert.That((merged.StartTimeStamp, merged.EndTimeStamp, merged.Tag), Is.EqualTo((10, 25, "a")));
        }
    }

    [Test]
    public void ShouldLeaveTheFirstAsItIsWhenMoreAreAdded()
    {
        var first = Interval(1, 100_000, 3, "a", 20, 1);
        var merger = new HistogramMerger();
        merger.Add(first);
        merger.Add(first);

        Assert.That((first.TotalCount, merger.Merged!.TotalCount), Is.EqualTo((1, 2)));
    }

    [Test]
    public void ShouldGrowWhenSettingsDiffer()
    {
        var narrow = Interval(10, 1_000, 2, "a", 5, 30);

        // Above what it was asked to track, yet within its last slots.
        narrow.RecordValue(1_010);
        var merger = new HistogramMerger();
        merger.Add(narrow);
        merger.Add(Interval(5, 500, 3, "a", 9, 100));
        merger.Add(Interval(1, 9_000_000, 3, "b", 0, 7, 8_000_000));
        merger.Add(Interval(5, 500, 1, null, 9, 100));
        var merged = merger.Merged!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(merged.TotalCount, Is.EqualTo(6));
            Assert.That(merged.LowestTrackableValue, Is.EqualTo(1));
            Assert.That(merged.HighestTrackableValue, Is.EqualTo(9_000_000));
            Assert.That(merged.NumberOfSignificantValueDigits, Is.EqualTo(3));
            Assert.That(merged.Tag, Is.Null);
            Assert.That(Distribution.Of(merged).Max, Is.EqualTo(8_003_583).Within(4_096));
            Assert.That((merged.StartTimeStamp, merged.EndTimeStamp), Is.EqualTo((0, 14)));
        }
    }

    [Test]
    public void ShouldOverflowNothingWhenNarrowCountsAreAddedUp()
    {
        var narrow = new ShortHistogram(1, 1_000, 3);
        narrow.RecordValueWithCount(10, short.MaxValue);
        var merger = new HistogramMerger();
        for (var i = 0; i < 10; i++)
            merger.Add(narrow);

        Assert.That(merger.Merged!.GetCountAtValue(10), Is.EqualTo(10L * short.MaxValue));
    }

    [Test]
    public void ShouldHaveNothingWhenNothingIsMerged() => Assert.That(new HistogramMerger().Merged, Is.Null);

    [Test]
    public void ShouldShowBothSidesWhenCompared()
    {
        var baseline = Interval(1, 10_000, 3, null, 0, 100, 200, 0);
        var candidate = Interval(1, 10_000, 3, null, 0, 100, 300, 50);
        var rows = PercentileComparison.Compare(baseline, candidate);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rows.Select(row => row.Percentile), Is.EqualTo(new[] { 50, 90, 99, 99.9, 99.99, 100 }));
            Assert.That(rows[0], Is.EqualTo(new PercentileComparison(50, 100, 100)));
            Assert.That(rows[5], Is.EqualTo(new PercentileComparison(100, 200, 300)));
            Assert.That((rows[5].Difference, rows[5].Ratio), Is.EqualTo((100, 1.5)));
            Assert.That(new PercentileComparison(50, 0, 0).Ratio, Is.EqualTo(1));
            Assert.That(new PercentileComparison(50, 0, 1).Ratio, Is.Null);
        }
    }

    private static LongHistogram Interval(
        long lowest, long highest, int digits, string? tag, long startMs, params long[] values)
    {
        var histogram = new LongHistogram(lowest, highest, digits)
        {
            Tag = tag,
            StartTimeStamp = startMs,
            EndTimeStamp = startMs + 5,
        };
        foreach (var value in values)
            histogram.RecordValue(value);
        return histogram;
    }
}
