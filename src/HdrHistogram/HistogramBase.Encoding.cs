using ExecutionPipeline.HdrHistogram.Encoding;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram;

/// <content>Between counts and bytes.</content>
public abstract partial class HistogramBase
{
    private const int WordBytesMax = 9;

    // The header of the compressed form, the frame of a zlib stream and of one stored block in it.
    private const int CompressionOverheadMax = 64;

    /// <summary>Bytes that any encoding of a histogram with these settings fits in, compressed or not.</summary>
    public int GetNeededByteBufferCapacity() => NeededByteBufferCapacity(CountsArrayLength);

    /// <summary>Encodes the histogram at the buffer's position.</summary>
    /// <param name="targetBuffer">The buffer, with <see cref="GetNeededByteBufferCapacity"/> bytes to spare.</param>
    /// <param name="encoder">The format to write.</param>
    /// <returns>How many bytes were written.</returns>
    public int Encode(ByteBuffer targetBuffer, IEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return encoder.Encode(RelevantData(), targetBuffer);
    }

    /// <summary>Bytes that this histogram's encoding fits in; its empty slots at the end are not written.</summary>
    internal int NeededByteBufferCapacityForContents() => NeededByteBufferCapacity(RelevantLength());

    /// <summary>Takes over the decoded count of a slot, which must be empty.</summary>
    /// <exception cref="ArgumentException">
    /// The count does not fit, in the slot or the total, or the slot lies beyond the array.
    /// </exception>
    internal void SetDecodedCount(int index, long count)
    {
        if ((uint)index >= (uint)CountsArrayLength)
            throw new ArgumentException($"An encoded count lies beyond the histogram's range, in slot {index}");
        if (count < 0 || count > MaxAllowableCount)
        {
            throw new ArgumentException(
                $"An encoded count ({count}) does not fit in the histogram's {WordSizeInBytes} bytes");
        }

        if (count > long.MaxValue - TotalCount)
            throw new ArgumentException("The encoded counts add up to more than a total can hold");

        SetCountAtIndex(index, count);
        TotalCount += count;
    }

    private static int NeededByteBufferCapacity(int relevantLength)
        => HistogramEncoding.HeaderLengthV2 + WordBytesMax * relevantLength + CompressionOverheadMax;

    // An empty histogram has its first slot written, as a payload of no bytes is not a valid one elsewhere.
    private int RelevantLength() => Math.Max(LastRecordedIndex(), 0) + 1;

    private RecordedData RelevantData()
    {
        var counts = new long[RelevantLength()];
        CopyCountsInto(counts);
        return new RecordedData(
            this.GetEncodingCookie(),
            NumberOfSignificantValueDigits,
            LowestTrackableValue,
            HighestTrackableValue,
            counts);
    }
}
