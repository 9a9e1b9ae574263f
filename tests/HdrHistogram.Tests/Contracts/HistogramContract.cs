using ExecutionPipeline.HdrHistogram.Tests.Support;

namespace ExecutionPipeline.HdrHistogram.Tests.Contracts;

/// <summary>What every kind of histogram does.</summary>
internal abstract class HistogramContract
{
    private const long HourNs = 3_600_000_000_000;

    protected abstract int CountBytes { get; }

    protected abstract HistogramBase Create(long lowest, long highest, int digits);

    [TestCase(0, 2, 3, "lowestTrackableValue")]
    [TestCase(1, 1, 3, "highestTrackableValue")]
    [TestCase(5, 9, 3, "highestTrackableValue")]
    [TestCase(1, HourNs, 6, "numberOfSignificantValueDigits")]
    [TestCase(1, HourNs, -1, "numberOfSignificantValueDigits")]
    [TestCase(1L << 62, long.MaxValue, 0, "highestTrackableValue")]
    [TestCase(1L << 61, long.MaxValue, 3, "lowestTrackableValue")]
    public void ShouldRefuseSettingsWhenOneIsOutOfRange(long lowest, long highest, int digits, string parameter)
        => Assert.That(
            () => Create(lowest, highest, digits),
            Throws.ArgumentException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(parameter));

    [Test]
    public void ShouldCountInOneSlotWhenValuesAreEquivalent()
    {
        var histogram = Create(1, HourNs, 3);
        histogram.RecordValue(10_000);
        histogram.RecordValue(10_007);
        histogram.RecordValue(10_008);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(histogram.GetCountAtValue(10_004), Is.EqualTo(2));
            Assert.That(histogram.GetCountAtValue(10_008), Is.EqualTo(1));
            Assert.That(histogram.TotalCount, Is.EqualTo(3));
        }
    }

    [TestCase(-1)]
    [TestCase(long.MinValue)]
    [TestCase(HourNs * 3)]
    [TestCase(long.MaxValue)]
    public void ShouldThrowAndCountNothingWhenValueIsOutsideRange(long value)
    {
        var histogram = Create(1, HourNs, 3);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => histogram.RecordValue(value), Throws.TypeOf<IndexOutOfRangeException>());
            Assert.That(() => histogram.RecordValueWithCount(value, 2), Throws.TypeOf<IndexOutOfRangeException>());
            Assert.That(() => histogram.GetCountAtValue(value), Throws.TypeOf<IndexOutOfRangeException>());
            Assert.That(histogram.TotalCount, Is.Zero);
            Assert.That(histogram.RecordedValues(), Is.Empty);
        }
    }

    [Test]
    public void ShouldThrowForNegativeValuesWhenRangeIsTheWidest(
        [Values(0, 1, 2, 3, 4, 5)] int digits, [Values(1, 1024)] long lowest)
    {
        var histogram = Create(lowest, long.MaxValue, digits);
        histogram.RecordValue(long.MaxValue);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => histogram.RecordValue(-1), Throws.TypeOf<IndexOutOfRangeException>());
            Assert.That(() => histogram.RecordValue(long.MinValue), Throws.TypeOf<IndexOutOfRangeException>());
            Assert.That(histogram.GetMaxValue(), Is.EqualTo(long.MaxValue));
            Assert.That(histogram.TotalCount, Is.EqualTo(1));
        }
    }

    [Test]
    public void ShouldAddMissedValuesWhenIntervalIsExpected()
    {
        var histogram = Create(1, HourNs, 3);
        histogram.RecordValueWithExpectedInterval(1_000, 250);
        histogram.RecordValueWithExpectedInterval(700, 0);

        Assert.That(
            HistogramSnapshot.CountsOf(histogram),
            Is.EqualTo(new[] { (250L, 1L), (500, 1), (700, 1), (750, 1), (1_000, 1) }));
    }

    [Test]
    public void ShouldAddMissedValuesWhenCorrectingAfterwards()
    {
        var histogram = Create(1, HourNs, 3);
        histogram.RecordValueWithCount(1_000, 3);
        histogram.RecordValue(100);
        var corrected = histogram.CopyCorrectedForCoordinatedOmission(400);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                HistogramSnapshot.CountsOf(corrected),
                Is.EqualTo(new[] { (100L, 1L), (600, 3), (1_000, 3) }));
            Assert.That(histogram.TotalCount, Is.EqualTo(4));
        }
    }

    [Test]
    public void ShouldBeEmptyWhenReset()
    {
        var histogram = Create(1, HourNs, 3);
        histogram.RecordValueWithCount(77, 5);
        histogram.Reset();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(histogram.TotalCount, Is.Zero);
            Assert.That(histogram.RecordedValues(), Is.Empty);
            Assert.That(histogram.GetValueAtPercentile(99), Is.Zero);
            Assert.That(histogram.GetMean(), Is.Zero);
            Assert.That(histogram.GetStdDeviation(), Is.Zero);
            Assert.That(histogram.GetMaxValue(), Is.Zero);
            Assert.That(histogram.GetMinValue(), Is.Zero);
        }
    }

    [Test]
    public void ShouldBeIndependentWhenCopied()
    {
        var histogram = Create(10, HourNs, 2);
        histogram.RecordValueWithCount(12_345, 6);
        histogram.Tag = "stage";
        histogram.StartTimeStamp = 11;
        histogram.EndTimeStamp = 22;
        var copy = histogram.Copy();
        histogram.RecordValue(5);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(copy, Is.TypeOf(histogram.GetType()));
            Assert.That(copy.TotalCount, Is.EqualTo(6));
            Assert.That(copy.GetCountAtValue(12_345), Is.EqualTo(6));
            Assert.That((copy.Tag, copy.StartTimeStamp, copy.EndTimeStamp), Is.EqualTo(("stage", 11, 22)));
            Assert.That(copy.LowestTrackableValue, Is.EqualTo(10));
        }
    }

    [Test]
    public void ShouldReplaceCountsWhenCopiedInto()
    {
        var source = Create(1, HourNs, 3);
        source.RecordValue(500);
        source.StartTimeStamp = 5;
        source.EndTimeStamp = 9;
        var target = Create(1, HourNs, 3);
        target.RecordValue(1);
        source.CopyInto(target);

        HistogramSnapshot.AssertSame(target, source);
        Assert.That((target.StartTimeStamp, target.EndTimeStamp), Is.EqualTo((5, 9)));
    }

    [Test]
    public void ShouldTellOverflowWhenTotalWrapsAround()
    {
        var histogram = Create(1, HourNs, 2);
        Assert.That(histogram.HasOverflowed(), Is.False);

        histogram.RecordValueWithCount(4, long.MaxValue);
        histogram.RecordValueWithCount(4_096, long.MaxValue);
        Assert.That(histogram.HasOverflowed(), Is.True);
    }

    [Test]
    public void ShouldAllocateNothingWhenRecording()
    {
        var histogram = Create(1, HourNs, 3);
        Record(histogram);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Record(histogram);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        static void Record(HistogramBase histogram)
        {
            for (var value = 1L; value < 20_000; value += 7)
            {
                histogram.RecordValue(value * value);
                histogram.RecordValueWithCount(value, 2);
                histogram.RecordValueWithExpectedInterval(value, 1_000);
            }
        }
    }

    [Test]
    public void ShouldStateFootprintWhenAsked()
    {
        // 2048 slots of single units, and half as many for each of the further buckets that cover an hour.
        const int slots = (32 + 1) * 1024;
        Assert.That(Create(1, HourNs, 3).GetEstimatedFootprintInBytes(), Is.EqualTo(512 + CountBytes * slots));
    }

    [TestCase("with space")]
    [TestCase("comma,")]
    [TestCase("\r")]
    [TestCase("two\nlines")]
    public void ShouldRefuseTagWhenLogsCannotHoldIt(string tag)
        => Assert.That(() => Create(1, HourNs, 3).Tag = tag, Throws.ArgumentException);
}
