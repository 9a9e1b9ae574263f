using ExecutionPipeline.HdrHistogram.Analysis;
using ExecutionPipeline.HdrHistogram.Tests.Support;

namespace ExecutionPipeline.HdrHistogram.Tests.Analysis;

[TestFixture]
internal sealed class LogAnalysisTests
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
            Assert.That(HistogramSnapshot.CountsOf(merged), Is.EqualTo(new[] { (1L, 1L), (2_000, 2) }));
            Assert.That((merged.StartTimeStamp, merged.EndTimeStamp, merged.Tag), Is.EqualTo((10, 25, "a")));
        }
    }

    [Test]
    public void ShouldGrowWhenSettingsDiffer()
    {
        var narrow = Interval(10, 1_000, 2, "a", 5, 30);

        // Above what it was asked to track, yet within its last slots.
        narrow.RecordValue(1_010);
        var merger = new HistogramMerger();
        merger.Add(narrow);
        merger.Add(Interval(1, 9_000_000, 3, "b", 0, 7, 8_000_000));
        merger.Add(Interval(5, 500, 1, null, 9, 100));
        var merged = merger.Merged!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(merged.TotalCount, Is.EqualTo(5));
            Assert.That(merged.LowestTrackableValue, Is.EqualTo(1));
            Assert.That(merged.HighestTrackableValue, Is.EqualTo(9_000_000));
            Assert.That(merged.NumberOfSignificantValueDigits, Is.EqualTo(3));
            Assert.That(merged.Tag, Is.Null);
            Assert.That(merged.GetMaxValue(), Is.EqualTo(8_003_583).Within(4_096));
            Assert.That((merged.StartTimeStamp, merged.EndTimeStamp), Is.EqualTo((0, 14)));
        }
    }

    [Test]
    public void ShouldHaveNothingWhenNothingIsMerged() => Assert.That(new HistogramMerger().Merged, Is.Null);

    [Test]
    public void ShouldTakeByTagAndTimeWhenFiltered()
    {
        HistogramBase[] log =
        [
            Interval(1, 100, 1, "a", 10),
            Interval(1, 100, 1, null, 20),
            Interval(1, 100, 1, "b", 30),
            Interval(1, 100, 1, "a", 40),
        ];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(StartsOf(new HistogramLogFilter()), Is.EqualTo(new[] { 10, 20, 30, 40 }));
            Assert.That(StartsOf(new() { Tags = new HashSet<string> { "a" } }), Is.EqualTo(new[] { 10, 40 }));
            Assert.That(StartsOf(new() { Tags = new HashSet<string> { "", "b" } }), Is.EqualTo(new[] { 20, 30 }));
            Assert.That(StartsOf(new() { FromMs = 20, UntilMs = 40 }), Is.EqualTo(new[] { 20, 30 }));
        }

        IEnumerable<long> StartsOf(HistogramLogFilter filter)
            => log.Where(filter.IsMatch).Select(interval => interval.StartTimeStamp);
    }

    [Test]
    public void ShouldShowBothSidesWhenCompared()
    {
        var baseline = Interval(1, 10_000, 3, null, 0, 100, 200, 0);
        var candidate = Interval(1, 10_000, 3, null, 0, 100, 300, 50);
        var rows = PercentileComparison.Compare(baseline, candidate, [1.0, 50.0, 100.0]);
        Assert.That(
            rows.Select(row => (row.Percentile, row.Baseline, row.Candidate, row.Difference, row.Ratio)),
            Is.EqualTo(new[]
            {
                (1.0, 0L, 50L, 50L, double.PositiveInfinity),
                (50.0, 100L, 100L, 0L, 1.0),
                (100.0, 200L, 300L, 100L, 1.5),
            }));
    }

    [Test]
    public void ShouldStateAllFiguresWhenSummedUp()
    {
        var histogram = new LongHistogram(100_000, 4);
        for (var value = 1; value <= 10_000; value++)
            histogram.RecordValue(value);
        var summary = HistogramSummary.Of(histogram);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                summary with { StdDeviation = 0 },
                Is.EqualTo(new HistogramSummary(
                    10_000, 1, 5_000.5, 0, 5_000, 9_000, 9_900, 9_990, 9_999, 10_000)));
            Assert.That(summary.StdDeviation, Is.EqualTo(Math.Sqrt((1e8 - 1) / 12)).Within(1e-6));
        }
    }

    [Test]
    public void ShouldBeZeroWhenNothingIsSummedUp()
        => Assert.That(
            HistogramSummary.Of(new LongHistogram(1_000, 100_000, 3)),
            Is.EqualTo(new HistogramSummary(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));

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
