using System.IO.Compression;
using System.Text;
using ExecutionPipeline.Cli.Histograms;
using ExecutionPipeline.Testing;

namespace ExecutionPipeline.Cli.Tests.Histograms;

public sealed class HistogramLogTests
{
    /// <summary>Bytes before the compression's own: a cookie, a length, and the compression's head.</summary>
    private const int CompressedAt = 10;

    private readonly LogSelection _all = new();
    private LogFolder _logs = null!;

    [SetUp]
    public void MakeFolder() => _logs = new LogFolder();

    [TearDown]
    public void RemoveFolder() => _logs.Dispose();

    [TestCase("no log at all", "there is no comma")]
    [TestCase("1.000,1.000,0.000,HIST****", "Base64")]
    [TestCase("NaN,1.000,0.000,{0}", "'NaN'")]
    [TestCase("1.000,1.000,0.000,HISTFAAA", "header")]
    [TestCase("1.000,1.000,0.000,", "header")]
    [TestCase("#[StartTime: now (seconds since epoch), x]", "'now'")]
    [TestCase("#[BaseTime: never]", "'never")]
    public void ShouldReportLineNumberAndSkipWhenLineIsDamaged(string damaged, string reason)
    {
        var path = _logs.Write("a.hlog", LogFolder.Interval("a", 1, 10), LogFolder.Interval("a", 2, 20));
        var lines = File.ReadAllLines(path).ToList();
        lines.Insert(4, damaged.Replace("{0}", lines[3].Split(',')[^1], StringComparison.Ordinal));
        File.WriteAllLines(path, lines);

        var starts = StartsOf(path, _all);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(starts, Is.EqualTo(new[] { 1.0, 2.0 }));
            Assert.That(_logs.Faults.Report(), Is.EqualTo(1));
            Assert.That(_logs.Error, Does.StartWith($"{path}: line 5: "));
            Assert.That(_logs.Error, Does.Contain(reason));
            Assert.That(_logs.Error, Does.EndWith($"lines skipped: 1{Environment.NewLine}"));
        }
    }

    [Test]
    public void ShouldNameTheFirstAndCountTheRestWhenTheFileIsSomethingElse()
    {
        var random = new Random(TestSeed.Next());
        var bytes = new byte[100_000];
        random.NextBytes(bytes);
        var path = _logs.PathOf("noise");
        File.WriteAllBytes(path, bytes);

        Assert.That(StartsOf(path, _all), Is.Empty);
        _logs.Faults.Report();
        Assert.That(_logs.Faults.Count, Is.GreaterThan(100));
        Assert.That(_logs.Error.TrimEnd().Split(Environment.NewLine), Has.Length.EqualTo(11));
    }

    [Test]
    public void ShouldReadTheSameWhenTheLogIsCompressed()
    {
        var path = _logs.Write("a.hlog", LogFolder.Interval("a", 1, 10), LogFolder.Interval(null, 2, 20));
        var compressed = Compress(path);

        Assert.That(StartsOf(compressed, _all), Is.EqualTo(new[] { 1.0, 2.0 }));
        Assert.That(_logs.Faults.Report(), Is.Zero);
        Assert.That(_logs.Error, Is.Empty);
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    [TestCase(8, false)]
    [TestCase(100, false)]
    public void ShouldSayThatItIsCutOffWhenACompressedLogHasNoEnd(int missingBytes, bool isWhole)
    {
        // Sizes around what is read at once, so that the end comes in every place of such a piece.
        for (var intervals = 1; intervals < 60; intervals++)
        {
            var path = Compress(_logs.Write(
                "a.hlog", [.. Enumerable.Range(0, intervals).Select(i => LogFolder.Interval("a", i, i * 7919 + 1))]));
            var bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, bytes[..^Math.Min(missingBytes, bytes.Length - 2)]);
            var faults = new LogFaults(new StringWriter());

            var read = new HistogramLog(path, faults).Read(_all, CancellationToken.None).Count();

            Assert.That(read, isWhole ? Is.EqualTo(intervals) : Is.LessThanOrEqualTo(intervals));
            Assert.That(faults.Count, isWhole ? Is.Zero : Is.Positive, $"{intervals}");
        }
    }

    [Test]
    public void ShouldReadOnWhenACompressedLogIsOfSeveralParts()
    {
        var path = Compress(_logs.Write("a.hlog", LogFolder.Interval("a", 1, 10)));
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. bytes, .. bytes]);

        Assert.That(StartsOf(path, _all), Is.EqualTo(new[] { 1.0, 1.0 }));
        Assert.That(_logs.Faults.Report(), Is.Zero, _logs.Error);
    }

    [Test]
    public void ShouldUseWhatIsWholeAndSayWhatFollowsWhenSomethingElseIsBehindTheCompression()
    {
        var path = Compress(_logs.Write("a.hlog", LogFolder.Interval("a", 1, 10)));
        File.WriteAllBytes(path, [.. File.ReadAllBytes(path), .. "garbage"u8]);

        Assert.That(StartsOf(path, _all), Is.EqualTo(new[] { 1.0 }));
        Assert.That(_logs.Faults.Report(), Is.EqualTo(1));
        Assert.That(_logs.Error, Does.Contain("something that is not gzip follows"));
    }

    [Test]
    public void ShouldUseWhatIsWholeAndSayThatItIsCutOffWhenTheCompressionEndsBetweenLines()
    {
        var path = RepositoryFiles.SharedPathOf("cases", "cut_at_line.hlog.gz");

        Assert.That(StartsOf(path, _all), Is.Not.Empty);
        Assert.That(_logs.Faults.Report(), Is.EqualTo(1));
        Assert.That(_logs.Error, Does.Contain("the file is cut off here"));
    }

    [Test]
    public void ShouldNameItForWhatItIsWhenALogHasHistogramsOfDoubles()
    {
        Assert.That(StartsOf(RepositoryFiles.SharedPathOf("cases", "double.hlog"), _all), Is.Empty);
        Assert.That(_logs.Faults.Report(), Is.EqualTo(1));
        Assert.That(_logs.Error, Does.Contain("a histogram of doubles").And.Not.Contain("damaged"));
    }

    /// <summary>Bits that only fill the compression's last byte mean nothing: then the histogram is the same.</summary>
    [Test]
    public void ShouldNoticeWhenAnyBitOfAHistogramIsFlipped()
    {
        var histogram = LogFolder.Interval("a", 1, 10, 500, 70_000);
        var path = _logs.Write("a.hlog", histogram);
        var lines = File.ReadAllLines(path);
        var (head, whole) = (lines[^1][..(lines[^1].LastIndexOf(',') + 1)], lines[^1].Split(',')[^1]);
        var unnoticed = 0;
        for (var bit = 8 * CompressedAt; bit < 8 * Convert.FromBase64String(whole).Length; bit++)
        {
            var bytes = Convert.FromBase64String(whole);
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            lines[^1] = head + Convert.ToBase64String(bytes);
            File.WriteAllLines(path, lines);

            var faults = new LogFaults(TextWriter.Null);
            var read = new HistogramLog(path, faults).Read(_all, CancellationToken.None).ToList();
            Assert.That(faults.Count + read.Count, Is.EqualTo(1), $"bit {bit}");
            if (read is not [var one])
                continue;

            unnoticed++;
            Assert.That(
                one.RecordedValues().Select(static slot => (slot.ValueIteratedTo, slot.CountAtValueIteratedTo)),
                Is.EqualTo(histogram.RecordedValues().Select(
                    static slot => (slot.ValueIteratedTo, slot.CountAtValueIteratedTo))),
                $"bit {bit}");
        }

        Assert.That(unnoticed, Is.LessThan(8));
    }

    [Test]
    public void ShouldReadUpToTheDamageWhenACompressedLogIsDamaged()
    {
        var intervals = Enumerable.Range(0, 200).Select(i => LogFolder.Interval("a", i, i * i + 1)).ToArray();
        var path = Compress(_logs.Write("a.hlog", intervals));
        var bytes = File.ReadAllBytes(path);
        Array.Fill(bytes, (byte)0xFF, bytes.Length / 2, 64);
        File.WriteAllBytes(path, bytes);

        Assert.That(StartsOf(path, _all), Has.Length.LessThan(200));
        Assert.That(_logs.Faults.Report(), Is.EqualTo(1));
    }

    [Test]
    public void ShouldReadTheSameWhenTextIsUtf16()
    {
        var path = _logs.Write("a.hlog", LogFolder.Interval("a", 1, 10));
        File.WriteAllText(path, File.ReadAllText(path), Encoding.Unicode);

        Assert.That(StartsOf(path, _all), Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void ShouldTakeByTagAndTimeWhenSelected()
    {
        var path = _logs.Write(
            "a.hlog",
            LogFolder.Interval("a", 0, 1),
            LogFolder.Interval(null, 1, 1),
            LogFolder.Interval("b", 2, 1),
            LogFolder.Interval("a", 3, 1));
        var at = DateTimeOffset.FromUnixTimeMilliseconds(LogFolder.StartMs + 2000);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(StartsOf(path, new() { Tags = "a" }), Is.EqualTo(new[] { 0.0, 3.0 }));
            Assert.That(StartsOf(path, new() { Tags = ",b" }), Is.EqualTo(new[] { 1.0, 2.0 }));
            Assert.That(StartsOf(path, new() { Tags = "" }), Is.EqualTo(new[] { 1.0 }));
            Assert.That(
                StartsOf(path, new() { Start = new(1, null), End = new(3, null) }), Is.EqualTo(new[] { 1.0, 2.0 }));
            Assert.That(StartsOf(path, new() { Start = new(0, at) }), Is.EqualTo(new[] { 2.0, 3.0 }));
        }
    }

    [Test]
    public void ShouldCountTimesFromTheBaseWhenTheLogHasOne()
    {
        var path = _logs.Write("a.hlog", LogFolder.Interval("a", 7, 10));
        const long startS = LogFolder.StartMs / 1000;
        var text = File.ReadAllText(path).Replace($"Tag=a,{startS + 7}.", "Tag=a,7.", StringComparison.Ordinal);
        File.WriteAllText(path, $"#[BaseTime: {startS}.000 (seconds since epoch)]\n{text}");

        Assert.That(text, Does.Contain("\nTag=a,7."));
        Assert.That(StartsOf(path, _all), Is.EqualTo(new[] { 7.0 }));
    }

    [Test]
    public void ShouldSayHowFarItIsWhenReading()
    {
        var path = _logs.Write("a.hlog", LogFolder.Interval("a", 1, 10), LogFolder.Interval("a", 2, 20));
        var readBytes = 0L;
        var log = new HistogramLog(path, _logs.Faults) { OnRead = bytes => readBytes += bytes };

        Assert.That(log.Read(_all, CancellationToken.None).Count(), Is.EqualTo(2));
        Assert.That(readBytes, Is.EqualTo(new FileInfo(path).Length));
    }

    [Test]
    public void ShouldEndWhenCancelled()
    {
        var path = _logs.Write("a.hlog", LogFolder.Interval("a", 1, 10));

        Assert.That(
            () => new HistogramLog(path, _logs.Faults).Read(_all, new CancellationToken(true)).Count(),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private double[] StartsOf(string path, LogSelection selection) =>
    [
        .. new HistogramLog(path, _logs.Faults).Read(selection, CancellationToken.None)
            .Select(interval => (interval.StartTimeStamp - LogFolder.StartMs) / 1000.0),
    ];

    private static string Compress(string path)
    {
        using var file = File.Create(path + ".gz");
        using var gzip = new GZipStream(file, CompressionLevel.Optimal);
        gzip.Write(File.ReadAllBytes(path));
        return path + ".gz";
    }
}
