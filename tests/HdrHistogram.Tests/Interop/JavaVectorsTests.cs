using ExecutionPipeline.HdrHistogram.Tests.Support;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Tests.Interop;

/// <summary>What HdrHistogram for Java 2.1.11 wrote, against the statistics it computed.</summary>
[TestFixture]
internal sealed class JavaVectorsTests
{
    private const long LogStartMs = 1_700_000_000_000;

    [Test]
    public void ShouldHaveTheSameStatisticsWhenEncodingIsRead([Range(0, 11)] int interval)
        => SharedVectors.Expected()[interval].AssertMatches(Decoded(interval));

    [Test]
    public void ShouldWriteTheSameBytesWhenEncodedAgain([Range(0, 11)] int interval)
        => Assert.That(
            Encodings.HistogramEncodingTests.Plain(Decoded(interval)), Is.EqualTo(BytesOf(interval)));

    [Test]
    public void ShouldHaveTheSameStatisticsWhenLogIsRead()
    {
        var expected = SharedVectors.Expected();
        using var log = File.OpenRead(SharedVectors.PathOf("latency.hlog"));
        var histograms = HistogramLogReader.Read(log).ToArray();

        Assert.That(histograms, Has.Length.EqualTo(expected.Length));
        for (var interval = 0; interval < expected.Length; interval++)
        {
            var histogram = histograms[interval];
            expected[interval].AssertMatches(histogram);
            Assert.That(histogram.Tag ?? "", Is.EqualTo(expected[interval].Tag));
            Assert.That(histogram.StartTimeStamp, Is.EqualTo(LogStartMs + 1_000 * interval));
            Assert.That(histogram.EndTimeStamp, Is.EqualTo(LogStartMs + 1_000 * (interval + 1)));
        }
    }

    private static byte[] BytesOf(int interval) => File.ReadAllBytes(SharedVectors.PathOf($"interval{interval}.v2"));

    private static HistogramBase Decoded(int interval)
        => HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(BytesOf(interval)), 0);
}
