using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Tests.Recording;

/// <summary>No value is lost or counted twice while threads record and another takes samples.</summary>
[TestFixture]
internal sealed class ConcurrencyTests
{
    private const int ValuesPerThread = 300_000;
    private const int ValueMax = 4_096;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Test]
    public void ShouldCountAllWhenTwoThreadsRecordIntoOneHistogram([Values] bool isLong)
    {
        HistogramBase histogram = isLong
            ? new LongConcurrentHistogram(1, ValueMax, 3)
            : new IntConcurrentHistogram(1, ValueMax, 3);
        RunTwo(() => RecordAll(histogram), () => RecordAll(histogram));
        AssertExactlyOnce([histogram], threads: 2);
    }

    [Test]
    public void ShouldGiveEachValueOnceWhenSampledWhileOneThreadRecords()
    {
        var recorder = HistogramFactory.With64BitBucketSize()
            .WithValuesUpTo(ValueMax)
            .WithThreadSafeReads()
            .Create();
        AssertExactlyOnce(SampleWhile(recorder, () => RecordAll(recorder)), threads: 1);
    }

    [Test]
    public void ShouldGiveEachValueOnceWhenSampledWhileTwoThreadsRecord()
    {
        var recorder = HistogramFactory.With32BitBucketSize()
            .WithValuesUpTo(ValueMax)
            .WithThreadSafeWrites()
            .WithThreadSafeReads()
            .Create();
        var samples = SampleWhile(recorder, () => RunTwo(() => RecordAll(recorder), () => RecordAll(recorder)));
        AssertExactlyOnce(samples, threads: 2);
    }

    [Test]
    public void ShouldWaitForWriterWhenPhaseIsFlipped()
    {
        var phaser = new WriterReaderPhaser();
        for (var phase = 0; phase < 4; phase++)
        {
            var isWriting = true;
            var wasWritingAfterFlip = true;
            var entered = phaser.WriterCriticalSectionEnter();
            using var isLocked = new ManualResetEventSlim();
            var reader = new Thread(() =>
            {
                phaser.ReaderLock();
                isLocked.Set();
                phaser.FlipPhase(TimeSpan.FromMilliseconds(0.1));
                wasWritingAfterFlip = Volatile.Read(ref isWriting);
                phaser.ReaderUnlock();
            })
            { IsBackground = true };
            reader.Start();
            Assert.That(isLocked.Wait(Timeout), Is.True);

            // Writers that come and go meanwhile must not end the wait for the one before them.
            for (var writer = 0; writer < 10_000; writer++)
                phaser.WriterCriticalSectionExit(phaser.WriterCriticalSectionEnter());
            Volatile.Write(ref isWriting, false);
            phaser.WriterCriticalSectionExit(entered);
            Assert.That(reader.Join(Timeout), Is.True);
            Assert.That(wasWritingAfterFlip, Is.False);
        }
    }

    [Test]
    public void ShouldRefuseToFlipWhenReaderLockIsNotHeld()
        => Assert.That(() => new WriterReaderPhaser().FlipPhase(), Throws.InvalidOperationException);

    private static void RecordAll(IRecorder recorder)
    {
        for (var index = 0; index < ValuesPerThread; index++)
            recorder.RecordValue(index % ValueMax);
    }

    private static List<HistogramBase> SampleWhile(Recorder recorder, Action record)
    {
        var samples = new List<HistogramBase>();
        var isDone = false;
        var writer = new Thread(() =>
        {
            record();
            Volatile.Write(ref isDone, true);
        })
        { IsBackground = true };
        writer.Start();
        while (!Volatile.Read(ref isDone))
        {
            samples.Add(recorder.GetIntervalHistogram());
            Thread.Yield();
        }

        Assert.That(writer.Join(Timeout), Is.True);
        samples.Add(recorder.GetIntervalHistogram());
        return samples;
    }

    private static void AssertExactlyOnce(IEnumerable<HistogramBase> samples, int threads)
    {
        var sum = new LongHistogram(ValueMax, 3);
        foreach (var sample in samples)
        {
            Assert.That(sample.HasOverflowed(), Is.False);
            sum.Add(sample);
        }

        var expected = new LongHistogram(ValueMax, 3);
        for (var thread = 0; thread < threads; thread++)
            RecordAll(expected);
        Support.HistogramSnapshot.AssertSame(sum, expected);
    }

    private static void RunTwo(Action first, Action second)
    {
        var other = new Thread(() => second()) { IsBackground = true };
        other.Start();
        first();
        Assert.That(other.Join(Timeout), Is.True);
    }
}
