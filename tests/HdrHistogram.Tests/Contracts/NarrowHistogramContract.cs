namespace ExecutionPipeline.HdrHistogram.Tests.Contracts;

/// <summary>What histograms do whose counts have fewer bits than their total.</summary>
internal abstract class NarrowHistogramContract : HistogramContract
{
    [Test]
    public void ShouldTellOverflowWhenCountPassesItsBits()
    {
        var histogram = Create(1, 1_000_000, 2);
        histogram.RecordValueWithCount(4, (1L << (8 * CountBytes - 1)) - 1);
        Assert.That(histogram.HasOverflowed(), Is.False);

        histogram.RecordValue(4);
        var writer = new StringWriter();
        histogram.OutputPercentileDistribution(writer);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(histogram.HasOverflowed(), Is.True);
            Assert.That(writer.ToString(), Does.EndWith("# Histogram counts indicate OVERFLOW values"));
        }
    }
}
