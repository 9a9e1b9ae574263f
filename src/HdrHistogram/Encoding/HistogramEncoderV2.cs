using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Encoding;

/// <summary>
/// The format V2 of HdrHistogram:
/// <code>
///  0               4               8              12              16
/// +---------------+---------------+---------------+---------------+
/// | cookie        | payload bytes | index offset  | digits        |
/// +---------------+---------------+---------------+---------------+
/// | lowest value                  | highest value                 |
/// +-------------------------------+-------------------------------+
/// | conversion ratio (double)     | counts ...                    |
/// +-------------------------------+-------------------------------+
/// </code>
/// Numbers have the highest byte first. A count is a <see cref="ZigZagEncoding"/> integer; a run of n empty slots,
/// n at least 2, is the integer -n.
/// </summary>
public class HistogramEncoderV2 : IEncoder
{
    /// <summary>The one encoder needed, as it keeps nothing.</summary>
    public static readonly HistogramEncoderV2 Instance = new();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A count is negative.</exception>
    public int Encode(IRecordedData data, ByteBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(buffer);
        var start = buffer.Position;
        buffer.PutInt(data.Cookie);
        var payloadLengthPosition = buffer.Position;
        buffer.PutInt(0);
        buffer.PutInt(data.NormalizingIndexOffset);
        buffer.PutInt(data.NumberOfSignificantValueDigits);
        buffer.PutLong(data.LowestDiscernibleValue);
        buffer.PutLong(data.HighestTrackableValue);
        buffer.PutDouble(data.IntegerToDoubleValueConversionRatio);

        var payloadStart = buffer.Position;
        PutCounts(data.Counts, buffer);
        buffer.PutInt(payloadLengthPosition, buffer.Position - payloadStart);
        return buffer.Position - start;
    }

    private static void PutCounts(ReadOnlySpan<long> counts, ByteBuffer buffer)
    {
        for (var index = 0; index < counts.Length;)
        {
            var count = counts[index];
            if (count < 0)
            {
                throw new InvalidOperationException(
                    $"Cannot encode histogram containing negative counts ({count}) at index {index}");
            }

            if (count > 0)
            {
                ZigZagEncoding.PutLong(buffer, count);
                index++;
                continue;
            }

            var zeros = counts[index..].IndexOfAnyExcept(0L);
            if (zeros < 0)
                zeros = counts.Length - index;

            // A single empty slot is written as a count, since a run of one would read as the value -1.
            ZigZagEncoding.PutLong(buffer, zeros > 1 ? -zeros : 0);
            index += zeros;
        }
    }
}
