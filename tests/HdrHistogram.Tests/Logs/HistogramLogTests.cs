using ExecutionPipeline.HdrHistogram.Tests.Support;
using ExecutionPipeline.HdrHistogram.Utilities;

using Text = System.Text;

namespace ExecutionPipeline.HdrHistogram.Tests.Logs;

[TestFixture]
internal sealed class HistogramLogTests
{
    private const long StartMs = 1_700_000_000_123;
    private const string Legend =
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"";

    private static readonly DateTime Start = StartMs.ToDateFromMillisecondsSinceEpoch();

    [Test]
    public void ShouldWriteHeaderAndLinesWhenHistogramsAreGiven()
    {
        using var stream = new MemoryStream();
        HistogramLogWriter.Write(stream, Start, Interval("stage", 500, 2_345_678));
        var lines = Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n');

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[0], Is.EqualTo("#[Histogram log format version 1.3]"));
            Assert.That(lines[1], Does.StartWith("#[StartTime: 1700000000.123 (seconds since epoch), 2023-11-14T22"));
            Assert.That(lines[2], Is.EqualTo(Legend));
            Assert.That(lines[3], Does.StartWith("Tag=stage,1700000000.623,1.000,2.347,HISTFAAA"));
            Assert.That(lines[4], Is.Empty);
            Assert.That(lines, Has.Length.EqualTo(5));
        }
    }

    [Test]
    public void ShouldReadBackWhenWritten([Values] bool isBaseTimeStated, [Values] bool isTagged)
    {
        HistogramBase[] written =
        [
            Interval(isTagged ? "one" : null, 0, 17),
            Interval(null, 1_000, 1, 2, 3_000_000),
            Interval(isTagged ? "two" : null, 2_001),
        ];
        using var stream = new MemoryStream();
        using (var writer = new HistogramLogWriter(stream))
        {
            writer.WriteComment("[made by a test]");
            writer.WriteHeader(Start, isBaseTimeStated ? Start : null);
            foreach (var histogram in written)
                writer.Append(histogram);
        }

        stream.Position = 0;
        using var reader = new HistogramLogReader(stream);
        var read = reader.ReadHistograms().ToArray();
        Assert.That(read, Has.Length.EqualTo(written.Length));
        Assert.That(reader.GetStartTime(), Is.EqualTo(Start).Within(TimeSpan.FromMicroseconds(1)));
        for (var index = 0; index < read.Length; index++)
        {
            HistogramSnapshot.AssertSame(read[index], written[index]);
            Assert.That(TimesAndTag(read[index]), Is.EqualTo(TimesAndTag(written[index])));
        }
    }

    [Test]
    public void ShouldKeepMillisecondsWhenTimesAreRandom()
    {
        var random = new Random(TestSeed.Next());
        var written = Enumerable.Range(0, 300).Select(_ =>
        {
            var histogram = Interval(null, random.NextInt64(3_000_000_000));
            histogram.EndTimeStamp = histogram.StartTimeStamp + random.Next(100_000);
            return histogram;
        }).ToArray();
        using var stream = new MemoryStream();
        HistogramLogWriter.Write(stream, Start, written);
        stream.Position = 0;
        Assert.That(
            HistogramLogReader.Read(stream).Select(TimesAndTag), Is.EqualTo(written.Select(TimesAndTag)));
    }

    [Test]
    public void ShouldStateTimeOfFirstHistogramWhenAppendedWithoutHeader()
    {
        using var stream = new MemoryStream();
        using (var writer = new HistogramLogWriter(stream))
        {
            writer.Append(Interval(null, 250, 5));
            writer.Append(Interval(null, 1_250, 5));
        }

        stream.Position = 0;
        using var reader = new HistogramLogReader(stream);
        Assert.That(reader.ReadHistograms().Count(), Is.EqualTo(2));
        Assert.That(
            reader.GetStartTime(), Is.EqualTo(Start.AddMilliseconds(250)).Within(TimeSpan.FromMicroseconds(1)));
    }

    [Test]
    public void ShouldLeaveStreamOpenWhenDisposed()
    {
        using var stream = new MemoryStream();
        HistogramLogWriter.Write(stream, Start);
        stream.Position = 0;
        Assert.That(HistogramLogReader.Read(stream), Is.Empty);
        Assert.That(stream.CanRead, Is.True);
    }

    [Test]
    public void ShouldReadWhenTextIsUtf16WithMarkAsDotNetWrites()
    {
        var log = Written(Interval("tag", 0, 9));
        var utf16 = Text.Encoding.Unicode;
        using var stream = new MemoryStream([.. utf16.Preamble, .. utf16.GetBytes(log)]);
        Assert.That(HistogramLogReader.Read(stream).Single().Tag, Is.EqualTo("tag"));
    }

    // Times more than a year before the start count from it; others count from 1970.
    [TestCase("100.000", "0.500", 500)]
    [TestCase("1700000000.000", "0.500", 1_700_000_000_500)]
    [TestCase("1700000000.000", "1700000003.250", 1_700_000_003_250)]
    [TestCase(null, "1700000003.250", 1_700_000_003_250)]
    [TestCase(null, "7", 7_000)]
    public void ShouldDeduceBaseTimeWhenNoneIsStated(string? start, string time, long expectedMs)
    {
        var header = start is null ? "" : $"#[StartTime: {start} (seconds since epoch), some day]\n";
        var histogram = Read(header + $"{time},1.000,0.000,{Payload()}\n").Single();
        Assert.That(histogram.StartTimeStamp, Is.EqualTo(expectedMs));
    }

    [Test]
    public void ShouldReadBothWaysWhenColumnsHaveTheirEarlierNames()
    {
        var log = "\"StartTimestamp\",\"EndTimestamp\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"
            + $"0.127,1.007,2.769,{Payload()}\r\n\n";
        using var stream = new MemoryStream(Text.Encoding.UTF8.GetBytes(log));
        IHistogramLogV1Reader reader = new HistogramLogReader(stream);
        Assert.That(reader.ReadHistograms().Single().EndTimeStamp, Is.EqualTo(1_134));
    }

    [TestCase("1.000,1.000,0.000", "comma")]
    [TestCase("Tag=only", "the tag")]
    [TestCase("Tag=a b,1.000,1.000,0.000,{0}", "Tag")]
    [TestCase("soon,1.000,0.000,{0}", "'soon'")]
    [TestCase("NaN,1.000,0.000,{0}", "'NaN'")]
    [TestCase("Infinity,1.000,0.000,{0}", "'Infinity'")]
    [TestCase("9999999999999,1.000,0.000,{0}", "the start")]
    [TestCase("1.000,1e3,0.000,{0}", "the interval length")]
    [TestCase("1.000,1.000,0.000,HIST****", "Base-64")]
    [TestCase("1.000,1.000,0.000,HISTFAAA", "header")]
    [TestCase("1.000,1.000,0.000,", "header")]
    [TestCase("#[StartTime: now (seconds since epoch), x]", "'now'")]
    public void ShouldNameTheLineWhenItIsDamaged(string line, string reason)
    {
        var damaged = line.Replace("{0}", Payload(), StringComparison.Ordinal);
        var log = $"#[a comment]\n5.000,1.000,0.000,{Payload()}\n{damaged}\n6.000,1.000,0.000,{Payload()}\n";
        Assert.That(
            () => Read(log).ToArray(),
            Throws.TypeOf<FormatException>().With.Message.Contains("line 3: ").And.Message.Contains(reason));
    }

    [Test]
    public void ShouldRefuseCommentWhenItHasSeveralLines()
    {
        using var writer = new HistogramLogWriter(new MemoryStream());
        Assert.That(() => writer.WriteComment("a\nb"), Throws.ArgumentException);
    }

    private static LongHistogram Interval(string? tag, long sinceStartMs, params long[] values)
    {
        var histogram = new LongHistogram(3_600_000_000_000, 3)
        {
            Tag = tag,
            StartTimeStamp = StartMs + sinceStartMs,
            EndTimeStamp = StartMs + sinceStartMs + 1_000,
        };
        foreach (var value in values)
            histogram.RecordValue(value);
        return histogram;
    }

    private static (long StartMs, long EndMs, string? Tag) TimesAndTag(HistogramBase histogram)
        => (histogram.StartTimeStamp, histogram.EndTimeStamp, histogram.Tag);

    private static string Written(params HistogramBase[] histograms)
    {
        using var stream = new MemoryStream();
        HistogramLogWriter.Write(stream, Start, histograms);
        return Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Payload() => Written(Interval(null, 0, 42)).TrimEnd('\n').Split(',')[^1];

    private static IEnumerable<HistogramBase> Read(string log)
    {
        using var stream = new MemoryStream(Text.Encoding.UTF8.GetBytes(log));
        return HistogramLogReader.Read(stream);
    }
}
