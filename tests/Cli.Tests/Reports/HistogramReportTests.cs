using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Tests.Reports;

public sealed class HistogramReportTests
{
    [Test]
    public void ShouldSummariseWhatWasRecorded()
    {
        var summary = HistogramFigures.Summarise(OneToTenThousand());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.Count, Is.EqualTo(10_000));
            Assert.That(summary.Mean, Is.EqualTo(5000.5).Within(0.1).Percent);
            Assert.That(summary.P50, Is.EqualTo(5000).Within(0.1).Percent);
            Assert.That(summary.P90, Is.EqualTo(9000).Within(0.1).Percent);
            Assert.That(summary.P99, Is.EqualTo(9900).Within(0.1).Percent);
            Assert.That(summary.P999, Is.EqualTo(9990).Within(0.1).Percent);
            Assert.That(summary.P9999, Is.EqualTo(9999).Within(0.1).Percent);
            Assert.That(summary.Max, Is.EqualTo(10_000).Within(0.1).Percent);
        }
    }

    [Test]
    public void ShouldBeZerosWhenNothingWasRecorded()
    {
        var empty = new LongHistogram(1_000_000, 3);

        Assert.That(HistogramFigures.Summarise(empty), Is.EqualTo(new LatencySummary()));
        Assert.That(HistogramFigures.CurveOf(new StageHistogram("x", empty)).Points, Is.Empty);
    }

    [Test]
    public void ShouldBeLateWhenEitherIsWhenTwoDelaysAreNeeded()
    {
        // One is late in 1 of 100 cases, the other in 2 of 100: one of them in 2.98 of 100.
        var (one, other) = (new LongHistogram(1, 1_000_000, 3), new LongHistogram(1, 1_000_000, 3));
        one.RecordValueWithCount(10, 99);
        one.RecordValueWithCount(500, 1);
        other.RecordValueWithCount(20, 98);
        other.RecordValueWithCount(900, 2);

        var later = HistogramFigures.SummariseLater([one, other]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((later.P50, later.P90, later.P99, later.Max), Is.EqualTo((20, 20, 900, 900)));
            Assert.That(later.Mean, Is.EqualTo(0.9702 * 20 + 0.0098 * 500 + 0.02 * 900).Within(0.5));
            Assert.That(HistogramFigures.SummariseLater([one]).P99, Is.EqualTo(HistogramFigures.Summarise(one).P99));
            Assert.That(HistogramFigures.SummariseLater([]), Is.EqualTo(new LatencySummary()));
        }
    }

    [Test]
    public void ShouldGiveAnAscendingCurveWhenValuesDiffer()
    {
        var curve = HistogramFigures.CurveOf(new StageHistogram("inference", OneToTenThousand()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(curve.Name, Is.EqualTo("inference"));
            Assert.That(curve.Points.Select(point => point.Percentile), Is.Ordered);
            Assert.That(curve.Points.Select(point => point.ValueNs), Is.Ordered);
            Assert.That(curve.Points[^1].Percentile, Is.EqualTo(100));
            Assert.That(curve.Points, Has.Count.GreaterThan(50));
        }
    }

    [Test]
    public void ShouldDecodeTheSameHistogramWhenEncoded()
    {
        var decoded = HistogramPayload.Decode(HistogramPayload.Encode(OneToTenThousand()));

        Assert.That(
            HistogramFigures.Summarise(decoded), Is.EqualTo(HistogramFigures.Summarise(OneToTenThousand())));
    }

    [TestCase("not base64!")]
    [TestCase("")]
    [TestCase("AAAA")]
    [TestCase("HISTFAAAABB42pNpmSzMwMDAxMDAwAAAAhYBEA==")]
    public void ShouldSayThatItIsNoHistogramWhenTextIsDamaged(string text)
    {
        Assert.That(() => HistogramPayload.Decode(text), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void ShouldWriteEveryFileWhenTheFolderIsMissing()
    {
        var root = Directory.CreateTempSubdirectory("xp-tests-").FullName;
        try
        {
            var folder = Path.Combine(root, "a", "b");
            StageHistogram[] stages =
            [
                new("end_to_end", OneToTenThousand()), new("risk", new LongHistogram(1_000_000, 3)),
            ];

            var second = OneToTenThousand();
            second.Tag = "end_to_end";
            (second.StartTimeStamp, second.EndTimeStamp) = (1_700_000_000_250, 1_700_000_001_250);

            var page = ReportFolder.Write(
                folder, isForced: false, Samples.Report(), stages, [second, second]);

            string[] files = ["latency.hlog", "percentiles.txt", "report.html", "report.json"];
            Assert.That(page, Is.EqualTo(Path.Combine(folder, "report.html")));
            Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(files));
            var log = File.ReadAllLines(Path.Combine(folder, "latency.hlog"));
            Assert.That(log[0], Does.StartWith("#[Histogram log format version 1."));
            Assert.That(log, Has.Exactly(2).StartsWith("Tag=end_to_end,1700000000.250,1.000,"));
            var text = File.ReadAllText(Path.Combine(folder, "percentiles.txt"));
            Assert.That(text, Does.Contain("end to end, us").And.Contain("risk, us"));
            Assert.That(text, Does.Contain("nothing was recorded"));
            Assert.That(text, Does.Match(@"10\.0\d\d? 1\.0000+\s+10000"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static LongHistogram OneToTenThousand()
    {
        var histogram = new LongHistogram(1, 1_000_000_000, 3);
        for (var value = 1; value <= 10_000; value++)
            histogram.RecordValue(value);
        return histogram;
    }
}
