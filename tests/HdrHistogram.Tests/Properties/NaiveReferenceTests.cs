using ExecutionPipeline.HdrHistogram.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ExecutionPipeline.HdrHistogram.Tests.Properties;

/// <summary>Each figure against its definition over all recorded values.</summary>
[TestFixture]
internal sealed class NaiveReferenceTests
{
    private const int CasesPerProperty = 200;
    private const int HighestMagnitude = 45;

    private static readonly Gen<long> AnyValue =
        from magnitude in Gen.Choose(0, HighestMagnitude)
        from high in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        select (((long)high << 31) | (uint)low) & ((1L << magnitude) - 1);

    private static readonly Gen<Recording> AnyRecording =
        from lowest in Gen.Elements(1L, 2L, 3L, 1_000L)
        from digits in Gen.Choose(0, 3)
        from count in Gen.Choose(1, 300)
        from values in AnyValue.ListOf(count)
        select new Recording(lowest, digits, [.. values]);

    [Test]
    public void ShouldNameTheSlotOfTheSampleWhenPercentileIsARank() => Check(recording =>
    {
        var (histogram, naive) = Record(recording);
        for (var rank = 1; rank <= naive.Count; rank++)
        {
            Assert.That(
                histogram.GetValueAtPercentile(100.0 * rank / naive.Count),
                Is.EqualTo(histogram.HighestEquivalentValue(naive.AtRank(rank))),
                $"rank {rank}");
        }
    });

    [Test]
    public void ShouldCountWhatIsInTheSlotWhenValueIsAsked() => Check(recording =>
    {
        var (histogram, naive) = Record(recording);
        foreach (var value in naive.Sorted)
        {
            var lowest = histogram.LowestEquivalentValue(value);
            var highest = histogram.HighestEquivalentValue(value);
            Assert.That(histogram.GetCountAtValue(value), Is.EqualTo(naive.CountBetween(lowest, highest)));
            Assert.That(
                histogram.GetPercentileAtOrBelowValue(value), Is.EqualTo(naive.PercentAtOrBelow(highest)));
        }
    });

    [Test]
    public void ShouldBoundTheExtremesWhenValuesAreRecorded() => Check(recording =>
    {
        var (histogram, naive) = Record(recording);
        Assert.That(histogram.GetMaxValue(), Is.EqualTo(histogram.HighestEquivalentValue(naive.Max)));
        Assert.That(histogram.GetMinValue(), Is.EqualTo(histogram.LowestEquivalentValue(naive.Min)));
    });

    [Test]
    public void ShouldBeWithinAHalfSlotWhenMeanAndDeviationAreComputed() => Check(recording =>
    {
        var (histogram, naive) = Record(recording);
        var error = naive.Sorted.Average(value => (double)histogram.SizeOfEquivalentValueRange(value));
        var errorMax = naive.Sorted.Max(value => (double)histogram.SizeOfEquivalentValueRange(value));
        Assert.That(histogram.GetMean(), Is.EqualTo(naive.Mean).Within(error / 2 + naive.Mean * 1e-12));
        Assert.That(
            histogram.GetStdDeviation(),
            Is.EqualTo(naive.StdDeviation).Within(errorMax + naive.StdDeviation * 1e-12));
    });

    [Test]
    public void ShouldCoverAllValuesOnceWhenIterated() => Check(recording =>
    {
        var (histogram, naive) = Record(recording);
        var previous = -1L;
        foreach (var step in histogram.RecordedValues())
        {
            Assert.That(
                step.CountAddedInThisIterationStep, Is.EqualTo(naive.CountBetween(previous + 1, step.ValueIteratedTo)));
            previous = step.ValueIteratedTo;
        }

        Assert.That(previous, Is.EqualTo(histogram.GetMaxValue()));
    });

    [Test]
    public void ShouldBeTheSameWhenEncodedAndDecoded() => Check(recording =>
    {
        var (histogram, _) = Record(recording);
        var compressed = Utilities.ByteBuffer.Allocate(histogram.GetNeededByteBufferCapacity());
        histogram.EncodeIntoCompressedByteBuffer(compressed);
        compressed.Position = 0;
        HistogramSnapshot.AssertSame(HistogramEncoding.DecodeFromCompressedByteBuffer(compressed, 0), histogram);
    });

    [Test]
    public void ShouldAddUpToAllWhenPartsAreAdded() => Check(recording =>
    {
        var (whole, _) = Record(recording);
        var half = recording.Values.Length / 2;
        var (left, _) = Record(recording with { Values = [.. recording.Values.Take(half), 1] });
        var (right, _) = Record(recording with { Values = [.. recording.Values.Skip(half)] });
        left.Add(right);
        whole.RecordValue(1);
        HistogramSnapshot.AssertSame(left, whole);
    });

    private static (LongHistogram Histogram, NaiveHistogram Naive) Record(Recording recording)
    {
        var histogram = new LongHistogram(recording.Lowest, 1L << HighestMagnitude, recording.Digits)
        {
            PercentileRank = PercentileRank.Next,
        };
        foreach (var value in recording.Values)
            histogram.RecordValue(value);
        return (histogram, new NaiveHistogram(recording.Values));
    }

    private static void Check(Action<Recording> property)
    {
        var seed = (ulong)TestSeed.Next();

        // The generator wants an odd second half of its state.
        var config = Config.QuickThrowOnFailure.WithMaxTest(CasesPerProperty).WithReplay(seed, 1);
        Prop.ForAll(AnyRecording.ToArbitrary(), property).Check(config);
    }

    internal sealed record Recording(long Lowest, int Digits, long[] Values)
    {
        public override string ToString() => $"lowest {Lowest}, digits {Digits}: {string.Join(' ', Values)}";
    }
}
