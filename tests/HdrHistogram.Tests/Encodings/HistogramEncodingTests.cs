using System.IO.Compression;
using ExecutionPipeline.HdrHistogram.Encoding;
using ExecutionPipeline.HdrHistogram.Tests.Support;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Tests.Encodings;

[TestFixture]
internal sealed class HistogramEncodingTests
{
    private const long HourNs = 3_600_000_000_000;

    [Test]
    public void ShouldWriteTheseBytesWhenHistogramIsSmall()
    {
        var histogram = new LongHistogram(1, 1_000, 1);
        histogram.RecordValueWithCount(0, 2);
        histogram.RecordValueWithCount(2, 1);
        histogram.RecordValueWithCount(6, 300);

        const string header = "1C849313" + "00000006" + "00000000" + "00000001"
            + "0000000000000001" + "00000000000003E8" + "3FF0000000000000";

        // 2; a single empty slot; 1; a run of three empty slots; 300.
        const string counts = "04" + "00" + "02" + "05" + "D804";
        Assert.That(Convert.ToHexString(Plain(histogram)), Is.EqualTo(header + counts));
    }

    [Test]
    public void ShouldReadBackWhenPlain([Values(0, 1, 2, 3, 4, 5)] int digits)
        => HistogramSnapshot.AssertSame(
            HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(Plain(Recorded(digits))), 0),
            Recorded(digits));

    [Test]
    public void ShouldReadBackWhenCompressed([Values(0, 1, 2, 3, 4, 5)] int digits)
        => HistogramSnapshot.AssertSame(Decode(Compressed(Recorded(digits))), Recorded(digits));

    [Test]
    public void ShouldReadBackWhenNothingIsRecorded()
        => HistogramSnapshot.AssertSame(Decode(Compressed(new LongHistogram(HourNs, 3))), new LongHistogram(HourNs, 3));

    [Test]
    public void ShouldFitTheStatedCapacityWhenCountsAreLargest([Values(0, 1)] int digits)
    {
        var histogram = new LongHistogram(2, digits);
        histogram.RecordValueWithCount(0, (1L << 61) + 0x155_5555_5555_5555);
        histogram.RecordValueWithCount(1, (1L << 61) + 0x0AA_AAAA_AAAA_AAAA);
        histogram.RecordValueWithCount(2, (1L << 61) + 0x123_4567_89AB_CDEF);
        HistogramSnapshot.AssertSame(Decode(Compressed(histogram)), histogram);
    }

    [Test]
    public void ShouldAppendToTheBufferWhenSeveralAreEncoded()
    {
        var buffer = ByteBuffer.Allocate(100_000);
        var first = Recorded(2);
        var second = Recorded(3);
        first.EncodeIntoCompressedByteBuffer(buffer);
        second.EncodeIntoCompressedByteBuffer(buffer);
        second.Encode(buffer, HistogramEncoderV2.Instance);
        buffer.Position = 0;

        HistogramSnapshot.AssertSame(HistogramEncoding.DecodeFromCompressedByteBuffer(buffer, 0), first);
        HistogramSnapshot.AssertSame(HistogramEncoding.DecodeFromCompressedByteBuffer(buffer, 0), second);
        HistogramSnapshot.AssertSame(HistogramEncoding.DecodeFromByteBuffer(buffer, 0), second);
    }

    [Test]
    public void ShouldCoverMoreWhenAskedTo()
    {
        var decoded = HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(Plain(Recorded(3))), HourNs * 5);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(decoded.HighestTrackableValue, Is.EqualTo(HourNs * 5));
            Assert.That(decoded.TotalCount, Is.EqualTo(Recorded(3).TotalCount));
        }
    }

    [Test]
    public void ShouldReadCountsFromAStreamWhenHeaderIsApart()
    {
        var plain = Plain(Recorded(3));
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionMode.Compress, leaveOpen: true))
            deflate.Write(plain.AsSpan(40));
        deflated.Position = 0;
        using var inflate = new DeflateStream(deflated, CompressionMode.Decompress);

        HistogramSnapshot.AssertSame(
            HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(plain[..40]), 0, inflate), Recorded(3));
    }

    [Test]
    public void ShouldRefuseWhenCountsAreNegative()
    {
        var histogram = new LongHistogram(HourNs, 3);
        histogram.RecordValueWithCount(5, -1);
        Assert.That(() => Plain(histogram), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldAnswerByTheNextSampleWhenRead()
        => Assert.That(Decode(Compressed(Recorded(3))).PercentileRank, Is.EqualTo(PercentileRank.Next));

    internal static LongHistogram Recorded(int digits)
    {
        var histogram = new LongHistogram(1, HourNs, digits);
        for (var value = 1L; value < HourNs; value = value * 3 / 2 + 1)
            histogram.RecordValueWithCount(value, 1 + value % 977);
        return histogram;
    }

    internal static byte[] Plain(HistogramBase histogram)
    {
        var buffer = ByteBuffer.Allocate(histogram.GetNeededByteBufferCapacity());
        return Taken(buffer, histogram.Encode(buffer, HistogramEncoderV2.Instance));
    }

    internal static byte[] Compressed(HistogramBase histogram)
    {
        var buffer = ByteBuffer.Allocate(histogram.GetNeededByteBufferCapacity());
        return Taken(buffer, histogram.EncodeIntoCompressedByteBuffer(buffer));
    }

    internal static HistogramBase Decode(byte[] compressed)
        => HistogramEncoding.DecodeFromCompressedByteBuffer(ByteBuffer.Allocate(compressed), 0);

    private static byte[] Taken(ByteBuffer buffer, int length)
    {
        buffer.Position = 0;
        return [.. Enumerable.Range(0, length).Select(_ => buffer.Get())];
    }
}
