namespace ExecutionPipeline.HdrHistogram.Tests.Contracts;

/// <summary>Which values share a slot.</summary>
[TestFixture]
internal sealed class HistogramLayoutTests
{
    private const long HourNs = 3_600_000_000_000;

    [TestCase(0, 2)]
    [TestCase(1, 32)]
    [TestCase(2, 256)]
    [TestCase(3, 2_048)]
    [TestCase(4, 32_768)]
    [TestCase(5, 262_144)]
    public void ShouldHaveSubBucketsForTheDigitsWhenMade(int digits, int subBuckets)
        => Assert.That(new LongHistogram(HourNs, digits).SubBucketCount, Is.EqualTo(subBuckets));

    [TestCase(1, 1)]
    [TestCase(2_047, 1)]
    [TestCase(2_048, 2)]
    [TestCase(8_191, 4)]
    [TestCase(8_192, 8)]
    [TestCase(1L << 40, 1L << 30)]
    public void ShouldDoubleTheStepWhenBucketChanges(long value, long size)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new LongHistogram(HourNs, 3).SizeOfEquivalentValueRange(value), Is.EqualTo(size));
            Assert.That(
                new LongHistogram(1_024, HourNs, 3).SizeOfEquivalentValueRange(value * 1_024),
                Is.EqualTo(size * 1_024));
        }
    }

    [TestCase(10_007, 10_000, 10_007, 10_004, 10_008)]
    [TestCase(10_008, 10_008, 10_015, 10_012, 10_016)]
    [TestCase(4_000, 4_000, 4_001, 4_001, 4_002)]
    [TestCase(5, 5, 5, 5, 6)]
    public void ShouldNameTheBoundsOfASlotWhenAsked(long value, long lowest, long highest, long median, long next)
    {
        var histogram = new LongHistogram(HourNs, 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(histogram.LowestEquivalentValue(value), Is.EqualTo(lowest));
            Assert.That(histogram.HighestEquivalentValue(value), Is.EqualTo(highest));
            Assert.That(histogram.MedianEquivalentValue(value), Is.EqualTo(median));
            Assert.That(histogram.NextNonEquivalentValue(value), Is.EqualTo(next));
        }
    }

    [Test]
    public void ShouldKeepTheStatedPrecisionWhenValuesGrow([Values(1, 2, 3, 4, 5)] int digits)
    {
        var histogram = new LongHistogram(long.MaxValue, digits);
        var relativeErrorMax = Math.Pow(10, -digits);
        for (var value = 1.0; value < 4e18; value *= 1.37)
        {
            var size = histogram.SizeOfEquivalentValueRange((long)value);
            Assert.That(size, Is.LessThanOrEqualTo(Math.Max(1.0, value * relativeErrorMax)), $"at {value}");
        }
    }

    [Test]
    public void ShouldTileAllValuesWhenSlotsAreWalked([Values(0, 1, 3)] int digits, [Values(1, 7, 1_000)] long lowest)
    {
        var histogram = new LongHistogram(lowest, 5_000_000, digits);
        histogram.RecordValue(5_000_000);
        var next = 0L;
        foreach (var step in histogram.AllValues())
        {
            Assert.That(histogram.LowestEquivalentValue(step.ValueIteratedTo), Is.EqualTo(next));
            Assert.That(histogram.HighestEquivalentValue(next), Is.EqualTo(step.ValueIteratedTo));
            next = step.ValueIteratedTo + 1;
        }

        Assert.That(next, Is.GreaterThan(5_000_000));
    }

    [TestCase(1, 2_047, 1)]
    [TestCase(1, 2_048, 2)]
    [TestCase(1, 4_094, 2)]
    [TestCase(1_000, HourNs, 23)]
    [TestCase(1, long.MaxValue, 53)]
    public void ShouldHaveAsManyBucketsAsTheRangeNeedsWhenMade(long lowest, long highest, int buckets)
        => Assert.That(new LongHistogram(lowest, highest, 3).BucketCount, Is.EqualTo(buckets));
}
