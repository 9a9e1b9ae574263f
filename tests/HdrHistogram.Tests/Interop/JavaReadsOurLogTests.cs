using ExecutionPipeline.HdrHistogram.Tests.Support;

namespace ExecutionPipeline.HdrHistogram.Tests.Interop;

/// <summary>What is written here, read by HdrHistogram for Java, and the other way round.</summary>
[TestFixture]
internal sealed class JavaReadsOurLogTests
{
    private const long StartMs = 1_700_000_000_000;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("hdrhistogram").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldHaveTheSameStatisticsWhenJavaReadsOurLogAndWeReadJavas([Values] bool isBaseTimeStated)
    {
        var written = RandomIntervals(new Random(TestSeed.Next()));
        var logPath = Path.Combine(_folder, "ours.hlog");
        var rewrittenPath = Path.Combine(_folder, "javas.hlog");
        Write(logPath, written, isBaseTimeStated);

        var javas = ExpectedInterval.Parse(JavaLibrary.ReadAndRewrite(logPath, rewrittenPath));
        using var ourLog = File.OpenRead(logPath);
        using var javasLog = File.OpenRead(rewrittenPath);
        var ours = HistogramLogReader.Read(ourLog).ToArray();
        var fromJava = HistogramLogReader.Read(javasLog).ToArray();

        Assert.That(javas, Has.Length.EqualTo(written.Length));
        for (var interval = 0; interval < written.Length; interval++)
        {
            javas[interval].AssertMatches(ours[interval]);
            Assert.That(javas[interval].Tag, Is.EqualTo(written[interval].Tag ?? ""));
            HistogramSnapshot.AssertSame(ours[interval], written[interval]);
            HistogramSnapshot.AssertSame(fromJava[interval], written[interval]);
            Assert.That(fromJava[interval].Tag, Is.EqualTo(written[interval].Tag));
            Assert.That(
                (fromJava[interval].StartTimeStamp, fromJava[interval].EndTimeStamp),
                Is.EqualTo((written[interval].StartTimeStamp, written[interval].EndTimeStamp)));
        }
    }

    private static void Write(string path, HistogramBase[] intervals, bool isBaseTimeStated)
    {
        var start = DateTime.UnixEpoch.AddMilliseconds(StartMs);
        using var stream = File.Create(path);
        using var writer = new HistogramLogWriter(stream);
        writer.WriteComment("[Logged by a test]");
        writer.WriteHeader(start, isBaseTimeStated ? start : null);
        foreach (var interval in intervals)
            writer.Append(interval);
    }

    private static HistogramBase[] RandomIntervals(Random random)
    {
        var intervals = new List<HistogramBase>();
        for (var digits = 0; digits <= 5; digits++)
        {
            HistogramBase[] kinds =
            [
                new LongHistogram(1, 3_600_000_000_000, digits),
                new IntHistogram(1_000, 3_600_000_000_000, digits),
                new ShortHistogram(1, 1L << 50, digits),
                new LongConcurrentHistogram(1, 100_000_000, digits),
            ];
            foreach (var histogram in kinds)
            {
                for (var count = random.Next(1, 2_000); count > 0; count--)
                    histogram.RecordValue((long)Math.Exp(random.NextDouble() * 18));
                histogram.Tag = random.Next(2) == 0 ? $"stage{digits}" : null;

                // Whole seconds: Java cuts off what is lost below a millisecond in its sums of doubles.
                histogram.StartTimeStamp = StartMs + 1_000 * intervals.Count;
                histogram.EndTimeStamp = histogram.StartTimeStamp + 1_000;
                intervals.Add(histogram);
            }
        }

        return [.. intervals];
    }
}
