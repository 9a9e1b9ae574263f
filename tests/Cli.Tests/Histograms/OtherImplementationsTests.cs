using System.Text;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Cli.Reports;
using HdrHistogram.Utilities;

namespace ExecutionPipeline.Cli.Tests.Histograms;

/// <summary>Logs and encodings between this program, HdrHistogram for Java and the official .NET library.</summary>
public sealed class OtherImplementationsTests
{
    private const int Intervals = 200;

    private LogFolder _logs = null!;

    [SetUp]
    public void MakeFolder() => _logs = new LogFolder();

    [TearDown]
    public void RemoveFolder() => _logs.Dispose();

    [Test]
    public void ShouldHaveJavasStatisticsWhenItsLogIsRead()
    {
        var expected = ExpectedInterval.Parse(File.ReadAllText(VectorPath("expected.json")));
        var found = Read(VectorPath("latency.hlog"));

        Assert.That(found, Has.Count.EqualTo(expected.Length));
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i].AssertMatches(found[i]);
            var startMs = LogFolder.StartMs + 1_000 * i;
            Assert.That(
                (found[i].StartTimeStamp, found[i].EndTimeStamp), Is.EqualTo((startMs, startMs + 1_000)), $"{i}");
        }
    }

    [Test]
    public void ShouldWriteJavasBytesWhenItsHistogramIsEncodedAgain([Range(0, 11)] int interval)
    {
        var javas = File.ReadAllBytes(VectorPath($"interval{interval}.v2"));
        var histogram = HdrHistogram.HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(javas), 0);

        var bytes = Convert.FromBase64String(HistogramPayload.Encode(histogram));
        using var plain = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(
            new MemoryStream(bytes[8..]), System.IO.Compression.CompressionMode.Decompress))
        {
            zlib.CopyTo(plain);
        }

        Assert.That(plain.ToArray(), Is.EqualTo(javas));
    }

    [Test]
    public void ShouldPrintJavasPercentilesWhenItsHistogramIsPrinted()
    {
        var javas = File.ReadAllLines(VectorPath("interval0.percentiles.txt"));
        var histogram = Read(VectorPath("latency.hlog"))[0];
        using var text = new StringWriter();
        PercentileText.Write(text, [new StageHistogram("java", histogram)]);

        var rows = text.ToString().Split(Environment.NewLine)[1..].Where(line => line.Length > 0).ToList();
        string[] expected = [.. javas.Where(line => line.Length > 0 && line[0] != '#')];
        Assert.That(rows, Has.Count.GreaterThan(expected.Length));
        for (var i = 1; i < expected.Length; i++)
        {
            // Values are printed in microseconds here and as they are there; what follows them is the same.
            Assert.That(rows[i][12..], Is.EqualTo(expected[i][12..]));
        }
    }

    [Test]
    public void ShouldHaveTheSameStatisticsWhenJavaReadsOurLogAndWeReadJavas()
    {
        var written = RandomIntervals(new Random(TestSeed.Next()));
        var (ours, javas) = (_logs.Write("ours.hlog", written), _logs.PathOf("javas.hlog"));

        var statistics = JavaLibrary.ReadAndRewrite(ours, javas);
        var fromOurs = Read(ours);
        var fromJavas = Read(javas);

        Assert.That(statistics, Has.Length.EqualTo(written.Length));
        for (var i = 0; i < written.Length; i++)
        {
            statistics[i].AssertMatches(fromOurs[i]);
            statistics[i].AssertMatches(fromJavas[i]);
            Assert.That(fromOurs[i].TotalCount, Is.EqualTo(written[i].TotalCount));
            Assert.That(
                (fromJavas[i].StartTimeStamp, fromJavas[i].EndTimeStamp),
                Is.EqualTo((written[i].StartTimeStamp, written[i].EndTimeStamp)));
        }
    }

    [Test]
    public void ShouldReadEveryHistogramWhenTheOfficialLibraryWroteTheLog()
    {
        var random = new Random(TestSeed.Next());
        HistogramBase[] written =
        [
            .. Enumerable.Range(0, Intervals).Select(i => LogFolder.Interval(
                i % 3 == 0 ? null : $"stage{i % 3}",
                i,
                [.. Enumerable.Range(0, i + 1).Select(_ => random.NextInt64(9_000_000))])),
        ];
        var path = _logs.PathOf("official.hlog");
        using (var file = File.Create(path))
            HistogramLogWriter.Write(file, DateTime.UnixEpoch.AddMilliseconds(LogFolder.StartMs), written);

        Assert.That(File.ReadAllBytes(path)[..2], Is.EqualTo(Encoding.Unicode.Preamble.ToArray()), "UTF-16");
        var read = Read(path);
        Assert.That(read, Has.Count.EqualTo(Intervals));
        for (var i = 0; i < Intervals; i++)
        {
            Assert.That(Figures(read[i]), Is.EqualTo(Figures(written[i])));
            Assert.That(read[i].Tag, Is.EqualTo(written[i].Tag));
        }
    }

    [Test]
    public void ShouldBeReadByTheOfficialLibraryWhenWrittenHere()
    {
        var path = _logs.Write("ours.hlog", LogFolder.Interval("a", 1, 10, 20), LogFolder.Interval(null, 2, 5_000_000));
        using var file = File.OpenRead(path);

        using var reader = new HistogramLogReader(file);
        var read = reader.ReadHistograms().ToList();

        Assert.That(read.Select(one => (one.Tag, one.TotalCount)), Is.EqualTo(new[] { ("a", 2L), (null, 1L) }));
        Assert.That(Figures(read[1]), Is.EqualTo(Figures(LogFolder.Interval(null, 2, 5_000_000))));
    }

    private static LatencySummary Figures(HistogramBase histogram) => HistogramFigures.Summarise(histogram);

    private static string VectorPath(string name) => RepositoryFiles.SharedPathOf("vectors", "hdrhistogram", name);

    private List<HistogramBase> Read(string path)
    {
        var read = new HistogramLog(path, _logs.Faults).Read(new LogSelection(), CancellationToken.None).ToList();
        Assert.That(_logs.Faults.Report(), Is.Zero, _logs.Error);
        return read;
    }

    private static HistogramBase[] RandomIntervals(Random random)
    {
        var intervals = new List<HistogramBase>();
        for (var digits = 0; digits <= 5; digits++)
        {
            HistogramBase[] kinds =
            [
                new LongHistogram(1, 1L << 50, digits),
                new IntHistogram(1_000, 3_600_000_000_000, digits),
                new ShortHistogram(1, 1L << 50, digits),
                new LongConcurrentHistogram(1, 100_000_000, digits),
            ];
            foreach (var histogram in kinds)
            {
                var magnitude = Math.Log(Math.Min(histogram.HighestTrackableValue, 1L << 49));
                for (var count = random.Next(1, 2_000); count > 0; count--)
                    histogram.RecordValue((long)Math.Exp(random.NextDouble() * magnitude));
                histogram.Tag = random.Next(2) == 0 ? $"stage{digits}" : null;

                // Whole seconds: Java cuts off what is lost below a millisecond in its sums of doubles.
                histogram.StartTimeStamp = LogFolder.StartMs + 1_000 * intervals.Count;
                histogram.EndTimeStamp = histogram.StartTimeStamp + 1_000;
                intervals.Add(histogram);
            }
        }

        return [.. intervals];
    }
}
