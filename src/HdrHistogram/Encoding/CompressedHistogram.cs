using System.Buffers.Binary;
using System.IO.Compression;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Encoding;

/// <summary>
/// Reads the compressed form of versions V0 to V2: a cookie, a length, and that many bytes of a zlib stream with
/// the plain form inside.
/// </summary>
internal static class CompressedHistogram
{
    private const int ZlibHeaderLength = 2;
    private const int ZlibChecksumLength = sizeof(uint);

    // HdrHistogram.NET begins every stream with these two bytes, and ends it without a checksum.
    private const int ZlibHeaderWithoutChecksum = 0x5885;

    /// <summary>Reads a histogram at the buffer's position and moves past it.</summary>
    /// <exception cref="ArgumentException">The bytes are not a whole, undamaged histogram.</exception>
    internal static HistogramBase Decode(ByteBuffer buffer, long highestTrackableMin)
    {
        if (buffer.Remaining() < 2 * sizeof(int))
            throw new ArgumentException("The buffer ends within the header of a compressed Histogram");

        var headerLength = HeaderLengthOf(buffer.GetInt());
        var length = buffer.GetInt();
        if (length < ZlibHeaderLength || length > buffer.Remaining())
        {
            throw new ArgumentException(
                $"The buffer does not contain the {length} bytes that the compressed Histogram states");
        }

        var zlib = buffer.Slice(buffer.Position, length);
        buffer.Position += length;
        try
        {
            return Inflate(zlib, headerLength, highestTrackableMin);
        }
        catch (InvalidDataException exception)
        {
            throw new ArgumentException("The compressed Histogram is damaged: " + exception.Message, exception);
        }
        catch (NotSupportedException exception)
        {
            throw new ArgumentException("The compressed Histogram holds something else", exception);
        }
    }

    private static HistogramBase Inflate(ReadOnlyMemory<byte> zlib, int headerLength, long highestTrackableMin)
    {
        var zlibHeader = BinaryPrimitives.ReadUInt16BigEndian(zlib.Span);
        ValidateZlibHeader(zlibHeader);
        using var deflated = new MemoryStream(zlib[ZlibHeaderLength..].ToArray(), writable: false);
        using var inflater = new DeflateStream(deflated, CompressionMode.Decompress);

        var header = ByteBuffer.Allocate(headerLength);
        if (header.ReadFrom(inflater, headerLength) < headerLength)
            throw new ArgumentException("The compressed Histogram ends within its header");

        var histogram = PlainHistogram.Decode(header, highestTrackableMin, inflater, out var payload);
        if (inflater.ReadByte() >= 0)
            throw new ArgumentException("The compressed Histogram is longer than it states");

        if (zlibHeader != ZlibHeaderWithoutChecksum)
            ValidateChecksum(zlib.Span, header.Slice(0, headerLength).Span, payload.Span);
        return histogram;
    }

    private static void ValidateZlibHeader(int zlibHeader)
    {
        const int methodMask = 0x0f00;
        const int methodDeflate = 0x0800;
        const int dictionaryFlag = 0x20;
        if ((zlibHeader & methodMask) != methodDeflate
            || (zlibHeader & dictionaryFlag) != 0
            || zlibHeader % 31 != 0)
        {
            throw new ArgumentException("The compressed Histogram does not begin as a zlib stream does");
        }
    }

    private static void ValidateChecksum(ReadOnlySpan<byte> zlib, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var computed = Adler32.Append(Adler32.Append(Adler32.Initial, header), payload);
        if (zlib.Length < ZlibHeaderLength + ZlibChecksumLength
            || BinaryPrimitives.ReadUInt32BigEndian(zlib[^ZlibChecksumLength..]) != computed)
        {
            throw new ArgumentException("The compressed Histogram is damaged: its checksum is wrong");
        }
    }

    private static int HeaderLengthOf(int cookie) => EncodingCookie.BaseOf(cookie) switch
    {
        EncodingCookie.CompressedV0 => HistogramEncoding.HeaderLengthV0,
        EncodingCookie.CompressedV1 or EncodingCookie.CompressedV2 => HistogramEncoding.HeaderLengthV2,
        _ => throw new ArgumentException("The buffer does not contain a compressed Histogram"),
    };
}
