using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Encoding;

/// <summary>Reads the plain form of versions V0 to V2, and rejects whatever is not whole.</summary>
internal static class PlainHistogram
{
    private const int VaryingWordBytesMax = 9;

    /// <summary>Reads a histogram whose counts follow its header in the buffer, and moves past it.</summary>
    internal static HistogramBase Decode(ByteBuffer buffer, long highestTrackableMin)
    {
        var header = HistogramHeader.Read(buffer);
        var histogram = Create(header, highestTrackableMin);
        var length = header.PayloadLengthInBytes == HistogramHeader.LengthNotStated
            ? Math.Min(buffer.Remaining(), PayloadLengthMax(header, histogram))
            : header.PayloadLengthInBytes;
        if (length > buffer.Remaining())
            throw new ArgumentException("The buffer does not contain the full Histogram payload");

        FillCounts(histogram, header, ByteBuffer.Allocate(buffer.Slice(buffer.Position, length).ToArray()));
        buffer.Position += length;
        return histogram;
    }

    /// <summary>Reads a histogram whose header is in the buffer and whose counts come from a stream.</summary>
    /// <param name="header">Holds the header at its position.</param>
    /// <param name="highestTrackableMin">The least range that the histogram is to have.</param>
    /// <param name="source">Gives the counts.</param>
    /// <param name="payload">The bytes read from the stream.</param>
    internal static HistogramBase Decode(
        ByteBuffer header, long highestTrackableMin, Stream source, out ReadOnlyMemory<byte> payload)
    {
        var fields = HistogramHeader.Read(header);
        var histogram = Create(fields, highestTrackableMin);

        // What a histogram of the stated settings can need bounds what a hostile stream can make us read.
        var wanted = Math.Min(fields.PayloadLengthInBytes, PayloadLengthMax(fields, histogram));
        var buffer = ByteBuffer.Allocate(wanted);
        var length = buffer.ReadFrom(source, wanted);
        if (length < fields.PayloadLengthInBytes && fields.PayloadLengthInBytes != HistogramHeader.LengthNotStated)
            throw new ArgumentException("The buffer does not contain the indicated payload amount");

        payload = buffer.Slice(0, length);
        FillCounts(histogram, fields, length == wanted ? buffer : ByteBuffer.Allocate(payload.ToArray()));
        return histogram;
    }

    private static HistogramBase Create(HistogramHeader header, long highestTrackableMin)
    {
        var lowest = header.LowestTrackableValue;
        var highest = Math.Max(header.HighestTrackableValue, highestTrackableMin);
        var digits = header.NumberOfSignificantValueDigits;
        if (header.IsV2)
            return new LongHistogram(lowest, highest, digits);

        return EncodingCookie.WordBytesOf(header.Cookie) switch
        {
            sizeof(short) => new ShortHistogram(lowest, highest, digits),
            sizeof(int) => new IntHistogram(lowest, highest, digits),
            sizeof(long) => new LongHistogram(lowest, highest, digits),
            var wordBytes => throw new ArgumentException($"The Histogram states counts of {wordBytes} bytes"),
        };
    }

    // A bucket is added, as other implementations keep one more for the same settings.
    private static int PayloadLengthMax(HistogramHeader header, HistogramBase histogram)
        => (histogram.CountsArrayLength + histogram.SubBucketHalfCount)
        * (header.IsV2 ? VaryingWordBytesMax : EncodingCookie.WordBytesOf(header.Cookie));

    private static void FillCounts(HistogramBase histogram, HistogramHeader header, ByteBuffer payload)
    {
        try
        {
            if (header.IsV2)
                FillVaryingCounts(histogram, payload);
            else
                FillFixedCounts(histogram, payload, EncodingCookie.WordBytesOf(header.Cookie));
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new ArgumentException("The Histogram's payload ends within a count", exception);
        }

        histogram.PercentileRank = PercentileRank.Next;
    }

    private static void FillVaryingCounts(HistogramBase histogram, ByteBuffer payload)
    {
        var index = 0;
        while (payload.Remaining() > 0)
        {
            var count = ZigZagEncoding.GetLong(payload);
            if (count >= 0)
            {
                Fill(histogram, index++, count);
                continue;
            }

            // Runs may pass the end of the array, as long as no count comes after them.
            if (count < -(int.MaxValue - index))
                throw new ArgumentException($"The Histogram's payload states a run of {-(decimal)count} empty slots");
            index += (int)-count;
        }
    }

    private static void FillFixedCounts(HistogramBase histogram, ByteBuffer payload, int wordBytes)
    {
        for (var index = 0; payload.Remaining() > 0; index++)
        {
            var count = wordBytes switch
            {
                sizeof(short) => payload.GetShort(),
                sizeof(int) => payload.GetInt(),
                _ => payload.GetLong(),
            };
            Fill(histogram, index, count);
        }
    }

    private static void Fill(HistogramBase histogram, int index, long count)
    {
        if (count != 0)
            histogram.SetDecodedCount(index, count);
    }
}
