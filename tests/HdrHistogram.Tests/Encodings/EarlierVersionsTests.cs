using System.IO.Compression;
using ExecutionPipeline.HdrHistogram.Tests.Support;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Tests.Encodings;

/// <summary>V0 and V1, which other libraries wrote and logs may still hold: counts of fixed size.</summary>
[TestFixture]
internal sealed class EarlierVersionsTests
{
    private const int CookieV0 = 0x1c849308;
    private const int CookieV1 = 0x1c849301;
    private static readonly int[] Counts = [3, 0, 0, 5, 200, 0, 1];

    [TestCase(2, typeof(ShortHistogram))]
    [TestCase(4, typeof(IntHistogram))]
    [TestCase(8, typeof(LongHistogram))]
    public void ShouldReadV1WhenCountsHaveTheseBytes(int wordBytes, Type type)
        => AssertRead(HistogramEncoding.DecodeFromByteBuffer(BufferOf(EncodedV1(wordBytes)), 0), type);

    [TestCase(2, typeof(ShortHistogram))]
    [TestCase(4, typeof(IntHistogram))]
    [TestCase(8, typeof(LongHistogram))]
    public void ShouldReadV0WhenCountsHaveTheseBytes(int wordBytes, Type type)
        => AssertRead(HistogramEncoding.DecodeFromByteBuffer(BufferOf(EncodedV0(wordBytes)), 0), type);

    [TestCase(8)]
    [TestCase(4)]
    [TestCase(2)]
    public void ShouldReadCompressedWhenVersionIsEarlier(int wordBytes)
    {
        HistogramSnapshot.AssertSame(
            DecodeCompressed(0x1c849302 | (wordBytes << 4), EncodedV1(wordBytes)), Expected());
        HistogramSnapshot.AssertSame(
            DecodeCompressed(0x1c849309 | (wordBytes << 4), EncodedV0(wordBytes)), Expected());
    }

    [Test]
    public void ShouldRefuseWhenCountsHaveNoKnownSize()
        => Assert.That(
            () => HistogramEncoding.DecodeFromByteBuffer(BufferOf(EncodedV1(6)), 0), Throws.ArgumentException);

    private static HistogramBase DecodeCompressed(int cookie, byte[] plain)
    {
        using var zlibBytes = new MemoryStream();
        using (var zlib = new ZLibStream(zlibBytes, CompressionMode.Compress, leaveOpen: true))
            zlib.Write(plain);
        var buffer = ByteBuffer.Allocate((int)zlibBytes.Length + 8);
        buffer.PutInt(cookie);
        buffer.PutInt((int)zlibBytes.Length);
        foreach (var value in zlibBytes.ToArray())
            buffer.Put(value);
        buffer.Position = 0;
        return HistogramEncoding.DecodeFromCompressedByteBuffer(buffer, 0);
    }

    private static void AssertRead(HistogramBase histogram, Type type)
    {
        Assert.That(histogram, Is.TypeOf(type));
        HistogramSnapshot.AssertSame(histogram, Expected());
    }

    private static LongHistogram Expected()
    {
        var histogram = new LongHistogram(1, 5_000, 2);
        for (var value = 0; value < Counts.Length; value++)
            histogram.RecordValueWithCount(value, Counts[value]);
        return histogram;
    }

    private static byte[] EncodedV0(int wordBytes) => Encoded(40 + 8 * wordBytes, buffer =>
    {
        buffer.PutInt(CookieV0 | (wordBytes << 4));
        PutSettings(buffer);
        buffer.PutLong(Counts.Sum());
        PutCounts(buffer, wordBytes);
    });

    private static byte[] EncodedV1(int wordBytes) => Encoded(40 + 8 * wordBytes, buffer =>
    {
        buffer.PutInt(CookieV1 | (wordBytes << 4));
        buffer.PutInt(Counts.Length * wordBytes);
        buffer.PutInt(0);
        PutSettings(buffer);
        buffer.PutDouble(1.0);
        PutCounts(buffer, wordBytes);
    });

    private static void PutSettings(ByteBuffer buffer)
    {
        buffer.PutInt(2);
        buffer.PutLong(1);
        buffer.PutLong(5_000);
    }

    private static void PutCounts(ByteBuffer buffer, int wordBytes)
    {
        foreach (var count in Counts)
        {
            for (var shift = 8 * (wordBytes - 1); shift >= 0; shift -= 8)
                buffer.Put((byte)((long)count >> shift));
        }
    }

    private static byte[] Encoded(int capacity, Action<ByteBuffer> put)
    {
        var buffer = ByteBuffer.Allocate(capacity);
        put(buffer);
        var length = buffer.Position;
        buffer.Position = 0;
        return [.. Enumerable.Range(0, length).Select(_ => buffer.Get())];
    }

    private static ByteBuffer BufferOf(byte[] bytes) => ByteBuffer.Allocate(bytes);
}
