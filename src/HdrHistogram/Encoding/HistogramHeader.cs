using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Encoding;

/// <summary>The fixed part of a plain encoding, as far as it says how to read the rest.</summary>
internal sealed record HistogramHeader(
    int Cookie,
    int PayloadLengthInBytes,
    int NumberOfSignificantValueDigits,
    long LowestTrackableValue,
    long HighestTrackableValue)
{
    /// <summary>The payload length of V0, which does not state it: everything that follows.</summary>
    internal const int LengthNotStated = int.MaxValue;

    /// <summary>Whether the counts are integers of varying length with runs of empty slots.</summary>
    internal bool IsV2 => EncodingCookie.BaseOf(Cookie) == EncodingCookie.PlainV2;

    /// <summary>Reads a header at the buffer's position and moves past it.</summary>
    /// <exception cref="NotSupportedException">The buffer does not hold a histogram of integers.</exception>
    /// <exception cref="ArgumentException">The buffer ends within the header.</exception>
    internal static HistogramHeader Read(ByteBuffer buffer)
    {
        RequireBytes(buffer, sizeof(int));
        var cookie = buffer.GetInt();
        switch (EncodingCookie.BaseOf(cookie))
        {
            case EncodingCookie.PlainV0:
                RequireBytes(buffer, HistogramEncoding.HeaderLengthV0 - sizeof(int));
                return ReadV0(cookie, buffer);
            case EncodingCookie.PlainV1:
            case EncodingCookie.PlainV2:
                RequireBytes(buffer, HistogramEncoding.HeaderLengthV2 - sizeof(int));
                return ReadV1(cookie, buffer);
            default:
                throw new NotSupportedException("The buffer does not contain a Histogram (no valid cookie found)");
        }
    }

    private static HistogramHeader ReadV0(int cookie, ByteBuffer buffer)
    {
        var digits = buffer.GetInt();
        var lowest = buffer.GetLong();
        var highest = buffer.GetLong();

        // A total follows, which the counts give too.
        buffer.Position += sizeof(long);
        return new HistogramHeader(cookie, LengthNotStated, digits, lowest, highest);
    }

    private static HistogramHeader ReadV1(int cookie, ByteBuffer buffer)
    {
        var payloadLength = buffer.GetInt();

        // The offset by which a writer had shifted its array; the counts are written in the order of values.
        buffer.Position += sizeof(int);
        var digits = buffer.GetInt();
        var lowest = buffer.GetLong();
        var highest = buffer.GetLong();

        // What a histogram of doubles multiplies its values by; 1 in histograms of integers.
        buffer.Position += sizeof(double);
        return payloadLength < 0
            ? throw new ArgumentException($"The Histogram states a payload of {payloadLength} bytes")
            : new HistogramHeader(cookie, payloadLength, digits, lowest, highest);
    }

    private static void RequireBytes(ByteBuffer buffer, int length)
    {
        if (buffer.Remaining() < length)
            throw new ArgumentException("The buffer ends within the header of a Histogram");
    }
}
