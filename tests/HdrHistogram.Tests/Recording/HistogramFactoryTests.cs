namespace ExecutionPipeline.HdrHistogram.Tests.Recording;

[TestFixture]
internal sealed class HistogramFactoryTests
{
    private static readonly object[] Kinds =
    [
        new object[] { (Func<HistogramFactory>)HistogramFactory.With64BitBucketSize, false, typeof(LongHistogram) },
        new object[] { (Func<HistogramFactory>)HistogramFactory.With32BitBucketSize, false, typeof(IntHistogram) },
        new object[] { (Func<HistogramFactory>)HistogramFactory.With16BitBucketSize, false, typeof(ShortHistogram) },
        new object[] { (Func<HistogramFactory>)HistogramFactory.With64BitBucketSize, true, typeof(LongConcurrentHistogram) },
        new object[] { (Func<HistogramFactory>)HistogramFactory.With32BitBucketSize, true, typeof(IntConcurrentHistogram) },
    ];

    [TestCaseSource(nameof(Kinds))]
    public void ShouldMakeTheKindAndSettingsWhenBuilt(Func<HistogramFactory> begin, bool isConcurrent, Type type)
    {
        var factory = begin().WithValuesFrom(10).WithValuesUpTo(5_000).WithPrecisionOf(2);
        if (isConcurrent)
            factory = factory.WithThreadSafeWrites().WithThreadSafeWrites();
        HistogramBase[] made =
        [
            factory.Create(),
            factory.Create(10, 5_000, 2),
            factory.Create(instanceId: 7, 10, 5_000, 2),
            factory.WithThreadSafeReads().Create().GetIntervalHistogram(),
        ];

        Assert.That(made, Has.All.TypeOf(type));
        Assert.That(
            made.Select(one => (one.LowestTrackableValue, one.HighestTrackableValue, one.NumberOfSignificantValueDigits)),
            Has.All.EqualTo((10L, 5_000L, 2)));
        Assert.That(made[2].InstanceId, Is.EqualTo(7));
    }

    [Test]
    public void ShouldRefuseThreadSafeWritesWhenCountsHave16Bits()
        => Assert.That(
            () => HistogramFactory.With16BitBucketSize().WithThreadSafeWrites(),
            Throws.TypeOf<NotSupportedException>());

    [Test]
    public void ShouldCoverTenMinutesOfStopwatchWhenNothingIsSet()
    {
        var histogram = HistogramFactory.With64BitBucketSize().Create();
        Assert.That(
            (histogram.LowestTrackableValue, histogram.HighestTrackableValue, histogram.NumberOfSignificantValueDigits),
            Is.EqualTo((1L, 600 * TimeStamp.Seconds(1), 3)));
    }
}
