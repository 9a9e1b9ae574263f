using ExecutionPipeline.HdrHistogram.Iteration;

namespace ExecutionPipeline.HdrHistogram.Tests.Iteration;

[TestFixture]
internal sealed class IterationTests
{
    [Test]
    public void ShouldStepThroughSlotsWithCountsWhenRecordedValuesAreAsked()
    {
        var steps = Recorded(3, 3, 100, 5_000).RecordedValues().ToArray();

        Assert.That(
            steps.Select(step => (
                step.ValueIteratedFrom,
                step.ValueIteratedTo,
                step.CountAtValueIteratedTo,
                step.CountAddedInThisIterationStep,
                step.TotalCountToThisValue,
                step.TotalValueToThisValue,
                step.Percentile)),
            Is.EqualTo(new[]
            {
                (0L, 3L, 2L, 2L, 2L, 6L, 50.0),
                (3L, 100L, 1L, 1L, 3L, 106L, 75.0),

                // From 4,096 on four values share a slot, and each counts as the middle one.
                (100L, 5_003L, 1L, 1L, 4L, 5_108L, 100.0),
            }));
    }

    [Test]
    public void ShouldStepThroughAllSlotsUpToTheLastCountWhenAllValuesAreAsked()
    {
        var steps = Recorded(0, 2, 2, 4).AllValues().ToArray();
        Assert.That(
            steps.Select(step => (step.ValueIteratedTo, step.CountAtValueIteratedTo)),
            Is.EqualTo(new[] { (0L, 1L), (1, 0), (2, 2), (3, 0), (4, 1) }));
    }

    [Test]
    public void ShouldStepThroughEqualRangesWhenLinear()
    {
        var steps = Recorded(1, 11, 12, 35).LinearBucketValues(10).ToArray();
        Assert.That(
            steps.Select(step => (step.ValueIteratedTo, step.CountAddedInThisIterationStep)),
            Is.EqualTo(new[] { (9L, 1L), (19, 2), (29, 0), (39, 1) }));
    }

    [Test]
    public void ShouldEndInTheLastSlotWhenLinearRangesAreNarrowerThanSlots()
    {
        // 4,100 shares its slot with 4,101 to 4,103; each of them is a step, though only the first adds a count.
        var steps = Recorded(4_100).LinearBucketValues(1).Skip(4_098).ToArray();
        Assert.That(
            steps.Select(step => (step.ValueIteratedTo, step.CountAddedInThisIterationStep)),
            Is.EqualTo(new[] { (4_098L, 0L), (4_099, 0), (4_100, 1), (4_101, 0), (4_102, 0), (4_103, 0) }));
    }

    [Test]
    public void ShouldStepThroughGrowingRangesWhenLogarithmic()
    {
        var steps = Recorded(1, 11, 12, 35).LogarithmicBucketValues(5, 2.0).ToArray();
        Assert.That(
            steps.Select(step => (step.ValueIteratedTo, step.CountAddedInThisIterationStep)),
            Is.EqualTo(new[] { (4L, 1L), (9, 0), (19, 2), (39, 1) }));
    }

    [Test]
    public void ShouldEndWhenRangesPassTheHighestLong()
    {
        var histogram = new LongHistogram(long.MaxValue, 1);
        histogram.RecordValue(long.MaxValue);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(histogram.LinearBucketValues(long.MaxValue / 2).Last().TotalCountToThisValue, Is.EqualTo(1));
            Assert.That(histogram.LogarithmicBucketValues(1, 10).Last().TotalCountToThisValue, Is.EqualTo(1));
        }
    }

    [Test]
    public void ShouldHalveTheDistanceWhenPercentiles()
    {
        var steps = Recorded([.. Enumerable.Range(1, 8).Select(value => (long)value)]).Percentiles(1).ToArray();
        Assert.That(
            steps.Select(step => (step.PercentileLevelIteratedTo, step.ValueIteratedTo)),
            Is.EqualTo(new[] { (0.0, 1L), (50.0, 4), (75.0, 6), (87.5, 7), (93.75, 8), (100.0, 8) }));
        Assert.That(
            steps.Select(step => step.IsLastValue()),
            Is.EqualTo(new[] { false, false, false, false, false, true }));
    }

    [Test]
    public void ShouldEndAtOneHundredPercentWhenTotalsPassTheDigitsOfADouble()
    {
        var histogram = new LongHistogram(1_000, 3);
        histogram.RecordValueWithCount(5, long.MaxValue - 1);
        histogram.RecordValue(900);
        Assert.That(histogram.Percentiles(5).Last().ValueIteratedTo, Is.EqualTo(900));
    }

    [Test]
    public void ShouldKeepStepsApartWhenTheyAreCollected()
    {
        var steps = Recorded(1, 2, 3).RecordedValues().ToList();
        Assert.That(steps.Select(step => step.ValueIteratedTo), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void ShouldStartAfreshWhenEnumeratedAgain()
    {
        var histogram = Recorded(1, 2);
        var values = histogram.RecordedValues();
        var before = values.Count();
        histogram.RecordValue(3);
        Assert.That((before, values.Count()), Is.EqualTo((2, 3)));
    }

    [Test]
    public void ShouldThrowWhenHistogramChangesMeanwhile()
    {
        var histogram = Recorded(1, 2, 3);
        using var steps = histogram.RecordedValues().GetEnumerator();
        steps.MoveNext();
        histogram.RecordValue(4);
        Assert.That(() => steps.MoveNext(), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldThrowWhenNoStepIsReached()
    {
        using var steps = Recorded(1).RecordedValues().GetEnumerator();
        Assert.That(() => steps.Current, Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldHaveNoStepsWhenNothingIsRecorded()
    {
        var histogram = new LongHistogram(1_000, 3);
        IEnumerable<HistogramIterationValue>[] iterations =
        [
            histogram.RecordedValues(),
            histogram.AllValues(),
            histogram.Percentiles(5),
            histogram.LinearBucketValues(10),
            histogram.LogarithmicBucketValues(10, 2),
        ];
        Assert.That(iterations, Has.All.Empty);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void ShouldRefuseWhenStepsAreNotPositive(int step)
    {
        var histogram = new LongHistogram(1_000, 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => histogram.Percentiles(step), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => histogram.LinearBucketValues(step), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(
                () => histogram.LogarithmicBucketValues(step, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    [TestCase(1.0)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void ShouldRefuseWhenFactorDoesNotGrow(double logBase)
        => Assert.That(
            () => new LongHistogram(1_000, 3).LogarithmicBucketValues(1, logBase),
            Throws.TypeOf<ArgumentOutOfRangeException>());

    private static LongHistogram Recorded(params long[] values)
    {
        var histogram = new LongHistogram(1_000_000, 3);
        foreach (var value in values)
            histogram.RecordValue(value);
        return histogram;
    }
}
