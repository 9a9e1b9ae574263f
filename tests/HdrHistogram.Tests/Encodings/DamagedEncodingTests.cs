using System.Buffers.Binary;
using System.IO.Compression;
using ExecutionPipeline.HdrHistogram.Tests.Support;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Tests.Encodings;

/// <summary>Bytes that are not a whole histogram give one kind of error, and never a wrong histogram.</summary>
[TestFixture]
internal sealed class DamagedEncodingTests
{
    private const int RandomCases = 3_000;

    [Test]
    public void ShouldRefuseWhenCompressedBytesAreCutOff()
    {
        var whole = HistogramEncodingTests.Compressed(HistogramEncodingTests.Recorded(2));
        for (var length = 0; length < whole.Length; length++)
            Assert.That(() => HistogramEncodingTests.Decode(whole[..length]), Throws.ArgumentException, $"{length}");
    }

    [Test]
    public void ShouldRefuseWhenPlainBytesAreCutOff()
    {
        var whole = HistogramEncodingTests.Plain(HistogramEncodingTests.Recorded(2));
        for (var length = 0; length < whole.Length; length++)
            Assert.That(() => DecodePlain(whole[..length]), Throws.ArgumentException, $"{length}");
    }

    [Test]
    public void ShouldRefuseWhenAnyBitOfCompressedCountsIsFlipped()
    {
        var whole = HistogramEncodingTests.Compressed(HistogramEncodingTests.Recorded(1));

        // After cookie, length and the zlib header come the data and their checksum.
        for (var bit = 10 * 8; bit < whole.Length * 8; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            HistogramBase? decoded = null;
            try
            {
                decoded = HistogramEncodingTests.Decode(damaged);
            }
            catch (ArgumentException)
            {
                continue;
            }

            // Some bits of a deflate stream mean nothing; then the histogram is the same.
            HistogramSnapshot.AssertSame(decoded, HistogramEncodingTests.Recorded(1));
        }
    }

    [Test]
    public void ShouldRefuseOrReadWhenBytesAreRandomlyChanged()
    {
        var random = new Random(TestSeed.Next());
        var plain = HistogramEncodingTests.Plain(HistogramEncodingTests.Recorded(2));
        var refused = 0;
        for (var round = 0; round < RandomCases; round++)
        {
            var damaged = plain.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                var decoded = DecodePlain(damaged);
                Assert.That(decoded.HasOverflowed(), Is.False);
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(RandomCases / 20));
    }

    [TestCase("a histogram of doubles", 0x0c72124e)]
    [TestCase("nothing known", 0x12345678)]
    public void ShouldRefuseWhenCookieIsOf(string what, int cookie)
    {
        var bytes = HistogramEncodingTests.Plain(HistogramEncodingTests.Recorded(2));
        BinaryPrimitives.WriteInt32BigEndian(bytes, cookie);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => DecodePlain(bytes), Throws.TypeOf<NotSupportedException>(), what);
            Assert.That(() => HistogramEncodingTests.Decode(bytes), Throws.ArgumentException, what);
        }
    }

    [Test]
    public void ShouldRefuseWhenLengthIsNegativeOrTooLong([Values(-1, int.MinValue, int.MaxValue, 1)] int length)
    {
        var bytes = HistogramEncodingTests.Compressed(HistogramEncodingTests.Recorded(2));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), length);
        Assert.That(() => HistogramEncodingTests.Decode(bytes), Throws.ArgumentException);
    }

    [Test]
    public void ShouldRefuseWhenRunOfEmptySlotsIsEndless()
    {
        var bytes = PlainWithCounts(long.MinValue);
        Assert.That(() => DecodePlain(bytes), Throws.ArgumentException.With.Message.Contains("empty slots"));
    }

    [Test]
    public void ShouldRefuseWhenCountLiesBeyondTheRange()
    {
        var bytes = PlainWithCounts(-1_000_000, 1);
        Assert.That(() => DecodePlain(bytes), Throws.ArgumentException.With.Message.Contains("beyond"));
    }

    [Test]
    public void ShouldRefuseWhenCountsPassATotal()
        => Assert.That(() => DecodePlain(PlainWithCounts(long.MaxValue, 1)), Throws.ArgumentException);

    [Test]
    public void ShouldReadWhenRunOfEmptySlotsPassesTheEndAlone()
        => Assert.That(DecodePlain(PlainWithCounts(4, -1_000_000)).TotalCount, Is.EqualTo(4));

    [Test]
    public void ShouldReadWhenZlibStreamHasNoChecksumAsDotNetWrites()
    {
        var histogram = HistogramEncodingTests.Recorded(3);
        using var stream = new MemoryStream();
        stream.Write([0x1c, 0x84, 0x93, 0x14, 0, 0, 0, 0, 0x58, 0x85]);
        using (var deflate = new DeflateStream(stream, CompressionMode.Compress, leaveOpen: true))
            deflate.Write(HistogramEncodingTests.Plain(histogram));
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), bytes.Length - 8);
        HistogramSnapshot.AssertSame(HistogramEncodingTests.Decode(bytes), histogram);
    }

    private static byte[] PlainWithCounts(params long[] counts)
    {
        var buffer = ByteBuffer.Allocate(40 + 9 * counts.Length);
        buffer.PutInt(0x1c849313);
        buffer.PutInt(0);
        buffer.PutInt(0);
        buffer.PutInt(2);
        buffer.PutLong(1);
        buffer.PutLong(5_000);
        buffer.PutDouble(1.0);
        foreach (var count in counts)
            ZigZagEncoding.PutLong(buffer, count);
        var length = buffer.Position;
        buffer.PutInt(4, length - 40);
        buffer.Position = 0;
        return [.. Enumerable.Range(0, length).Select(_ => buffer.Get())];
    }

    private static HistogramBase DecodePlain(byte[] bytes)
        => HistogramEncoding.DecodeFromByteBuffer(ByteBuffer.Allocate(bytes), 0);
}
