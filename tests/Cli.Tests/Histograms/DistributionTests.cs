using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Tests.Histograms;

public sealed class DistributionTests
{
    [Test]
    public void ShouldBeZerosWhenThereIsNothing()
    {
        var nothing = Distribution.Of(new LongHistogram(1, 1_000, 3));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((nothing.Count, nothing.Min, nothing.Max, nothing.ValueAt(50)), Is.EqualTo((0, 0, 0, 0)));
            Assert.That((nothing.Mean, nothing.StandardDeviation), Is.EqualTo((0, 0)));
            Assert.That(nothing.Rows(5), Is.Empty);
            Assert.That(nothing.ShareUpTo(0), Is.EqualTo(1));
        }
    }

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(33.333, 1)]
    [TestCase(34, 2)]
    [TestCase(66.666, 2)]
    [TestCase(66.667, 3)]
    [TestCase(100, 3)]
    public void ShouldRoundRanksUpWhenAskedForAPercentile(double percentile, long expected) =>
        Assert.That(Of(1_000, 3, 1, 2, 3).ValueAt(percentile), Is.EqualTo(expected));

    [Test]
    public void ShouldAskForNoRankTooManyWhenAPercentileIsWhole()
    {
        var values = Of(100_000, 5, [.. Enumerable.Range(1, 1_000).Select(value => (long)value)]);

        Assert.That(
            new[] { 0.1, 12.3, 55.5, 70, 99, 99.9 }.Select(values.ValueAt),
            Is.EqualTo(new[] { 1, 123, 555, 700, 990, 999 }));
    }

    [TestCase(1L << 41)]
    [TestCase(1L << 42, Description = "where a width no longer fits 32 bits at three digits")]
    [TestCase(1L << 43)]
    [TestCase((1L << 55) + 12_345)]
    public void ShouldKeepWidthsWhenValuesAreLarge(long value)
    {
        var histogram = new LongHistogram(1, 1L << 60, 3);
        histogram.RecordValue(1);
        histogram.RecordValue(value);

        var read = HistogramPayload.Decode(HistogramPayload.Encode(histogram));

        foreach (var values in new[] { Distribution.Of(histogram), Distribution.Of(read) })
        {
            Assert.That(values.Count, Is.EqualTo(2));
            Assert.That(values.Max, Is.GreaterThanOrEqualTo(value).And.LessThan(value * 1.001));
            Assert.That(values.ValueAt(99), Is.EqualTo(values.Max));
            Assert.That(values.Mean, Is.EqualTo(value / 2.0).Within(0.1).Percent);
        }
    }

    [Test]
    public void ShouldAgreeWithTheSortedValuesWhenTheyAreRandom()
    {
        var random = new Random(TestSeed.Next());
        var values = Enumerable.Range(0, 5_000).Select(_ => (long)Math.Exp(random.NextDouble() * 30)).Order().ToList();
        var histogram = new LongHistogram(1, 1L << 45, 3);
        values.ForEach(histogram.RecordValue);

        var found = Distribution.Of(histogram);

        foreach (var percentile in (double[])[0.01, 1, 50, 90, 99, 99.9, 99.99, 100])
        {
            var rank = (int)Math.Ceiling(Math.BitDecrement(percentile) * values.Count / 100);
            Assert.That(
                found.ValueAt(percentile),
                Is.EqualTo((double)values[Math.Max(1, rank) - 1]).Within(0.1).Percent, $"{percentile}");
        }

        var rows = found.Rows(5).ToList();
        Assert.That(rows.Select(row => row.Percentile), Is.Ordered);
        Assert.That(rows.Select(row => row.Value), Is.Ordered);
        Assert.That(rows[^1], Is.EqualTo(new PercentileRow(100, found.Max, values.Count)));
        Assert.That(found.ShareUpTo(found.ValueAt(90)), Is.EqualTo(0.9).Within(0.001));
        Assert.That(found.ShareUpTo(found.Min - 1), Is.Zero);
    }

    private static Distribution Of(long highest, int digits, params long[] values)
    {
        var histogram = new LongHistogram(1, highest, digits);
        foreach (var value in values)
            histogram.RecordValue(value);
        return Distribution.Of(histogram);
    }
}
