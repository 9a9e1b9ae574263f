using System.IO.Compression;
using ExecutionPipeline.HdrHistogram.Encoding;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>Histograms from and to bytes: formats V0 to V2 are read, V2 is written, plain or compressed.</summary>
public static class HistogramEncoding
{
    internal const int HeaderLengthV0 = 32;
    internal const int HeaderLengthV2 = 40;

    // The lowest bit of the word size says that runs of empty slots are written as one number.
    private const int WordSizeFlag = 0x10;

    /// <summary>Identifies the plain format that histograms are written in.</summary>
    public static int GetEncodingCookie(this HistogramBase histogram) => EncodingCookie.PlainV2 | WordSizeFlag;

    /// <summary>Reads a histogram at the buffer's position, in the compressed form of any version.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="minBarForHighestTrackableValue">The least range that the histogram is to have.</param>
    /// <exception cref="ArgumentException">The bytes are not a whole, undamaged histogram.</exception>
    public static HistogramBase DecodeFromCompressedByteBuffer(ByteBuffer buffer, long minBarForHighestTrackableValue)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return CompressedHistogram.Decode(buffer, minBarForHighestTrackableValue);
    }

    /// <summary>Reads a histogram at the buffer's position, in the plain form of any version.</summary>
    /// <param name="buffer">The buffer; only its header when a decompressor is given.</param>
    /// <param name="minBarForHighestTrackableValue">The least range that the histogram is to have.</param>
    /// <param name="decompressor">Where the counts come from; null for the buffer.</param>
    /// <exception cref="ArgumentException">The bytes are not a whole, undamaged histogram.</exception>
    /// <exception cref="NotSupportedException">The bytes do not begin as a histogram does.</exception>
    public static HistogramBase DecodeFromByteBuffer(
        ByteBuffer buffer, long minBarForHighestTrackableValue, DeflateStream? decompressor = null)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return decompressor is null
            ? PlainHistogram.Decode(buffer, minBarForHighestTrackableValue)
            : PlainHistogram.Decode(buffer, minBarForHighestTrackableValue, decompressor, out _);
    }

    /// <summary>Writes a histogram at the buffer's position, in the compressed form V2, and moves past it.</summary>
    /// <param name="source">The histogram.</param>
    /// <param name="targetBuffer">
    /// The buffer, with <see cref="HistogramBase.GetNeededByteBufferCapacity"/> bytes to spare.
    /// </param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="InvalidOperationException">A count is negative.</exception>
    public static int EncodeIntoCompressedByteBuffer(this HistogramBase source, ByteBuffer targetBuffer)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(targetBuffer);
        var plain = ByteBuffer.Allocate(source.NeededByteBufferCapacityForContents());
        var plainLength = source.Encode(plain, HistogramEncoderV2.Instance);

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(plain.Slice(0, plainLength).Span);

        var start = targetBuffer.Position;
        targetBuffer.PutInt(EncodingCookie.CompressedV2 | WordSizeFlag);
        targetBuffer.PutInt((int)compressed.Length);
        targetBuffer.PutBytes(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        return targetBuffer.Position - start;
    }
}
