namespace ExecutionPipeline.HdrHistogram.Tests.Contracts;

[TestFixture]
internal sealed class PercentileTests
{
    [TestCase(PercentileRank.Nearest, 0.0, 1)]
    [TestCase(PercentileRank.Nearest, 33.3, 3)]
    [TestCase(PercentileRank.Nearest, 34.9, 3)]
    [TestCase(PercentileRank.Nearest, 35.0, 4)]
    [TestCase(PercentileRank.Nearest, 100.0, 10)]
    [TestCase(PercentileRank.Nearest, 250.0, 10)]
    [TestCase(PercentileRank.Next, -5.0, 1)]
    [TestCase(PercentileRank.Next, 30.0, 3)]
    [TestCase(PercentileRank.Next, 30.1, 4)]
    [TestCase(PercentileRank.Next, 99.0, 10)]
    [TestCase(PercentileRank.Next, 100.0, 10)]
    public void ShouldNameSampleByRankWhenPercentileIsBetweenTwo(PercentileRank rank, double percentile, long expected)
    {
        var histogram = new LongHistogram(1_000, 3) { PercentileRank = rank };
        for (var value = 1; value <= 10; value++)
            histogram.RecordValue(value);
        Assert.That(histogram.GetValueAtPercentile(percentile), Is.EqualTo(expected));
    }

    [Test]
    public void ShouldRefuseWhenPercentileIsNotANumber()
        => Assert.That(
            () => new LongHistogram(1_000, 3).GetValueAtPercentile(double.NaN),
            Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void ShouldFindEverySampleWhenShareIsComputedFromRank([Values(7, 49, 1_000, 2_047)] int count)
    {
        var histogram = new LongHistogram(10_000, 3) { PercentileRank = PercentileRank.Next };
        for (var value = 1; value <= count; value++)
            histogram.RecordValue(value);
        for (var rank = 1; rank <= count; rank++)
        {
            Assert.That(histogram.GetValueAtPercentile(100.0 * rank / count), Is.EqualTo(rank));
            Assert.That(
                histogram.GetValueAtPercentile(histogram.GetPercentileAtOrBelowValue(rank)), Is.EqualTo(rank));
        }
    }

    [Test]
    public void ShouldStayInRangeWhenTotalPassesTheDigitsOfADouble()
    {
        var histogram = new LongHistogram(1_000, 3);
        histogram.RecordValueWithCount(5, long.MaxValue - 1);
        histogram.RecordValue(6);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(histogram.GetValueAtPercentile(100), Is.EqualTo(6));
            Assert.That(histogram.GetMean(), Is.EqualTo(5.0).Within(1e-9));
        }
    }

    [TestCase(-1, 0.0)]
    [TestCase(0, 0.0)]
    [TestCase(99, 0.0)]
    [TestCase(100, 25.0)]
    [TestCase(250, 50.0)]
    [TestCase(400, 100.0)]
    [TestCase(long.MaxValue, 100.0)]
    public void ShouldStateShareAtOrBelowWhenValueIsGiven(long value, double expected)
    {
        var histogram = new LongHistogram(1_000, 3);
        foreach (var recorded in new[] { 100, 200, 300, 400 })
            histogram.RecordValue(recorded);
        Assert.That(histogram.GetPercentileAtOrBelowValue(value), Is.EqualTo(expected));
    }
}
