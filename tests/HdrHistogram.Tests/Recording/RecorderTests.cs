using ExecutionPipeline.HdrHistogram.Tests.Support;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Tests.Recording;

[TestFixture]
internal sealed class RecorderTests
{
    private const long HourNs = 3_600_000_000_000;

    [Test]
    public void ShouldGiveEachValueOnceWhenIntervalsAreTaken()
    {
        var recorder = NewRecorder();
        recorder.RecordValue(1);
        recorder.RecordValueWithCount(10, 2);
        var first = recorder.GetIntervalHistogram();
        recorder.RecordValueWithExpectedInterval(300, 100);
        var second = recorder.GetIntervalHistogram();
        var third = recorder.GetIntervalHistogram();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(HistogramSnapshot.CountsOf(first), Is.EqualTo(new[] { (1L, 1L), (10, 2) }));
            Assert.That(HistogramSnapshot.CountsOf(second), Is.EqualTo(new[] { (100L, 1L), (200, 1), (300, 1) }));
            Assert.That(third.TotalCount, Is.Zero);
        }
    }

    [Test]
    public void ShouldUseTwoHistogramsInTurnWhenTheyAreHandedBack()
    {
        var made = 0;
        var recorder = new Recorder(1, HourNs, 3, (id, low, high, digits) =>
        {
            made++;
            return new LongHistogram(id, low, high, digits);
        });
        var first = recorder.GetIntervalHistogram();
        var second = recorder.GetIntervalHistogram(first);
        var third = recorder.GetIntervalHistogram(second);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second, Is.Not.SameAs(first));
            Assert.That(third, Is.SameAs(first));
            Assert.That(made, Is.EqualTo(2));
        }
    }

    [Test]
    public void ShouldEmptyWhatIsHandedBack()
    {
        var recorder = NewRecorder();
        recorder.RecordValue(7);
        var first = recorder.GetIntervalHistogram();
        recorder.GetIntervalHistogram(first);
        Assert.That(first.TotalCount, Is.Zero);
    }

    [Test]
    public void ShouldRefuseWhenHistogramIsNotItsOwn()
    {
        var recorder = NewRecorder();
        Assert.That(
            () => recorder.GetIntervalHistogram(new LongHistogram(-1_000, 1, HourNs, 3)),
            Throws.InvalidOperationException);
        Assert.That(
            () => recorder.GetIntervalHistogram(NewRecorder().GetIntervalHistogram()),
            Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldRefuseWhenTheSameHistogramIsHandedBackTwice()
    {
        var recorder = NewRecorder();
        var first = recorder.GetIntervalHistogram();
        recorder.GetIntervalHistogram(first);
        Assert.That(() => recorder.GetIntervalHistogram(first), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldForgetWhenReset()
    {
        var recorder = NewRecorder();
        recorder.RecordValue(7);
        recorder.Reset();
        recorder.RecordValue(8);
        Assert.That(
            HistogramSnapshot.CountsOf(recorder.GetIntervalHistogram()), Is.EqualTo(new[] { (8L, 1L) }));
        Assert.That(recorder.GetIntervalHistogram().TotalCount, Is.Zero);
    }

    [Test]
    public void ShouldReplaceTargetWhenCopiedInto()
    {
        var recorder = NewRecorder();
        recorder.RecordValue(7);
        var target = new LongHistogram(HourNs, 3);
        target.RecordValue(1);
        recorder.GetIntervalHistogramInto(target);
        Assert.That(HistogramSnapshot.CountsOf(target), Is.EqualTo(new[] { (7L, 1L) }));
        Assert.That(target.EndTimeStamp, Is.GreaterThanOrEqualTo(target.StartTimeStamp).And.GreaterThan(0));
    }

    [Test]
    public void ShouldLoseNothingWhenTargetCannotTakeTheSample()
    {
        var recorder = NewRecorder();
        recorder.RecordValue(7);
        Assert.That(
            () => recorder.GetIntervalHistogramInto(new LongHistogram(1_000, 3)),
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(recorder.GetIntervalHistogram().TotalCount, Is.EqualTo(1));
    }

    [Test]
    public void ShouldAcceptFurtherSamplesWhenARecordingHasThrown()
    {
        var recorder = NewRecorder();
        Assert.That(() => recorder.RecordValue(-1), Throws.TypeOf<IndexOutOfRangeException>());
        recorder.RecordValue(1);
        Assert.That(recorder.GetIntervalHistogram().TotalCount, Is.EqualTo(1));
    }

    [Test]
    public void ShouldStateTimesWithoutGapWhenIntervalsFollow()
    {
        var recorder = NewRecorder();
        var first = recorder.GetIntervalHistogram();
        var second = recorder.GetIntervalHistogram();
        var nowMs = DateTime.UtcNow.MillisecondsSinceUnixEpoch();
        Assert.That(second.StartTimeStamp, Is.EqualTo(first.EndTimeStamp));
        Assert.That(first.StartTimeStamp, Is.EqualTo(nowMs).Within(60_000));
    }

    [Test]
    public void ShouldRecordDurationsWhenActionsAreTimed()
    {
        var recorder = NewRecorder();
        recorder.Record(() => { });
        using (recorder.RecordScope())
        {
        }

        Assert.That(recorder.GetIntervalHistogram().TotalCount, Is.EqualTo(2));
    }

    [Test]
    public void ShouldAllocateNothingWhenRecordingAndSampling()
    {
        var recorder = NewRecorder();
        var sample = recorder.GetIntervalHistogram();
        var before = 0L;
        for (var round = 0; round < 4; round++)
        {
            if (round == 2)
                before = GC.GetAllocatedBytesForCurrentThread();
            for (var value = 0; value < 1_000; value++)
                recorder.RecordValue(value);
            sample = recorder.GetIntervalHistogram(sample);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(sample.TotalCount, Is.EqualTo(1_000));
    }

    private static Recorder NewRecorder()
        => new(1, HourNs, 3, (id, low, high, digits) => new LongHistogram(id, low, high, digits));
}
