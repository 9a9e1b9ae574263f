namespace ExecutionPipeline.HdrHistogram.Tests.Recording;

[TestFixture]
internal sealed class HistogramFactoryTests
{
    private static readonly TestCaseData[] Kinds =
    [
        Kind(HistogramFactory.With64BitBucketSize, false, typeof(LongHistogram)),
        Kind(HistogramFactory.With32BitBucketSize, false, typeof(IntHistogram)),
        Kind(HistogramFactory.With16BitBucketSize, false, typeof(ShortHistogram)),
        Kind(HistogramFactory.With64BitBucketSize, true, typeof(LongConcurrentHistogram)),
        Kind(HistogramFactory.With32BitBucketSize, true, typeof(IntConcurrentHistogram)),
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
            made.Select(SettingsOf),
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
        Assert.That(SettingsOf(histogram), Is.EqualTo((1L, 600 * TimeStamp.Seconds(1), 3)));
    }

    private static (long Lowest, long Highest, int Digits) SettingsOf(HistogramBase histogram)
        => (histogram.LowestTrackableValue, histogram.HighestTrackableValue, histogram.NumberOfSignificantValueDigits);

    private static TestCaseData Kind(Func<HistogramFactory> begin, bool isConcurrent, Type type)
        => new(begin, isConcurrent, type);
}
