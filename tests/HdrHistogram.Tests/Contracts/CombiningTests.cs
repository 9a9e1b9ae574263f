using ExecutionPipeline.HdrHistogram.Tests.Support;

namespace ExecutionPipeline.HdrHistogram.Tests.Contracts;

[TestFixture]
internal sealed class CombiningTests
{
    private static readonly Func<long, int, HistogramBase>[] Kinds =
    [
        (highest, digits) => new LongHistogram(highest, digits),
        (highest, digits) => new IntHistogram(highest, digits),
        (highest, digits) => new ShortHistogram(highest, digits),
        (highest, digits) => new LongConcurrentHistogram(1, highest, digits),
        (highest, digits) => new IntConcurrentHistogram(1, highest, digits),
    ];

    [Test]
    public void ShouldSumCountsWhenAdded(
        [Range(0, 4)] int toKind, [Range(0, 4)] int fromKind, [Values(100_000, 90_000)] long fromHighest)
    {
        var to = Kinds[toKind](100_000, 3);
        to.RecordValue(4);
        to.RecordValue(4_000);
        var from = Kinds[fromKind](fromHighest, 3);
        from.RecordValueWithCount(4_000, 10);
        from.RecordValue(0);
        to.Add(from);

        Assert.That(
            HistogramSnapshot.CountsOf(to), Is.EqualTo(new[] { (0L, 1L), (4, 1), (4_001, 11) }));
    }

    [Test]
    public void ShouldTakeCountsOffWhenSubtracted([Range(0, 4)] int kind, [Values(2, 3)] int fromDigits)
    {
        var to = Kinds[kind](100_000, 3);
        to.RecordValueWithCount(4, 7);
        to.RecordValueWithCount(90, 2);
        var from = Kinds[kind](100_000, fromDigits);
        from.RecordValueWithCount(4, 5);
        from.RecordValueWithCount(90, 2);
        to.Subtract(from);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(HistogramSnapshot.CountsOf(to), Is.EqualTo(new[] { (4L, 2L) }));
            Assert.That(to.TotalCount, Is.EqualTo(2));
        }
    }

    [Test]
    public void ShouldDoubleCountsWhenAddedToItself()
    {
        var histogram = new LongHistogram(100_000, 3);
        histogram.RecordValueWithCount(17, 3);
        histogram.Add(histogram);
        Assert.That(HistogramSnapshot.CountsOf(histogram), Is.EqualTo(new[] { (17L, 6L) }));
    }

    [Test]
    public void ShouldRefuseWhenOtherCoversMore()
    {
        var histogram = new LongHistogram(100_000, 3);
        var wider = new LongHistogram(200_001, 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => histogram.Add(wider), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => histogram.Subtract(wider), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void ShouldRefuseAndStayUnchangedWhenOtherHoldsMoreThanItsRange()
    {
        // Both are asked for the same range, which the finer one's slots cover to 65,535 and the coarser one's to
        // 131,071.
        var fine = new LongHistogram(65_000, 4);
        var coarse = new LongHistogram(65_000, 1);
        coarse.RecordValue(3);
        coarse.RecordValue(100_000);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => fine.Add(coarse), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(fine.TotalCount, Is.Zero);
        }
    }
}
