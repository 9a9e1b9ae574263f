using static ExecutionPipeline.Aeron.Buffers.ErrorLogDescriptor;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Reads an error log that another process may be writing.</summary>
public static class ErrorLogReader
{
    /// <summary>
    /// Visits the errors last seen at or after a time, in milliseconds since the epoch; returns how many. A record that
    /// cannot be ends the log.
    /// </summary>
    public static int Read(UnsafeBuffer buffer, ErrorConsumer consumer, long sinceTimestampMs = 0)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(consumer);
        var entries = 0;
        var offset = 0;
        while (offset <= buffer.Capacity - EncodedErrorOffset)
        {
            var length = buffer.GetIntVolatile(offset + LengthOffset);
            if (length < EncodedErrorOffset || length > buffer.Capacity - offset)
                break;

            var lastTimestampMs = buffer.GetLongVolatile(offset + LastObservationTimestampOffset);
            if (lastTimestampMs >= sinceTimestampMs)
            {
                entries++;
                consumer(
                    buffer.GetInt(offset + ObservationCountOffset),
                    buffer.GetLong(offset + FirstObservationTimestampOffset),
                    lastTimestampMs,
                    buffer.GetStringWithoutLengthUtf8(offset + EncodedErrorOffset, length - EncodedErrorOffset));
            }

            offset = BitUtil.Align(offset + length, RecordAlignment);
        }

        return entries;
    }
}
