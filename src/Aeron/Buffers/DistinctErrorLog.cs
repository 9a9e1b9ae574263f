using System.Text;
using static ExecutionPipeline.Aeron.Buffers.ErrorLogDescriptor;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>A log that holds each different error once, with how often and when it was seen.</summary>
public sealed class DistinctErrorLog
{
    private readonly UnsafeBuffer _buffer;
    private readonly IEpochClock _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<(Type Type, string Message, string? Trace), int> _offsetByError = [];
    private int _nextOffset;

    /// <summary>Takes an empty buffer.</summary>
    public DistinctErrorLog(UnsafeBuffer buffer, IEpochClock clock)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(clock);
        buffer.VerifyAlignment();
        _buffer = buffer;
        _clock = clock;
    }

    /// <summary>Adds an error, or counts it if it is known; false when there is no room for a new one.</summary>
    public bool TryRecord(Exception observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        var timestampMs = _clock.Time();
        int offset;
        lock (_lock)
        {
            var key = (observation.GetType(), observation.Message, observation.StackTrace);
            if (!_offsetByError.TryGetValue(key, out offset))
            {
                if (!TryAppend(observation, timestampMs, out offset))
                    return false;

                _offsetByError.Add(key, offset);
            }
        }

        _buffer.GetAndAddInt(offset + ObservationCountOffset, 1);
        _buffer.PutLongOrdered(offset + LastObservationTimestampOffset, timestampMs);
        return true;
    }

    private bool TryAppend(Exception observation, long timestampMs, out int offset)
    {
        var text = Encoding.UTF8.GetBytes(observation.ToString());
        offset = _nextOffset;
        var length = EncodedErrorOffset + text.Length;
        if (length > _buffer.Capacity - offset)
            return false;

        _buffer.PutBytes(offset + EncodedErrorOffset, text);
        _buffer.PutLong(offset + FirstObservationTimestampOffset, timestampMs);
        _nextOffset = BitUtil.Align(offset + length, RecordAlignment);
        // Publishes the record: pairs with the acquiring read of the length in ErrorLogReader.
        _buffer.PutIntOrdered(offset + LengthOffset, length);
        return true;
    }
}

/// <summary>
/// A distinct error, on an 8-byte boundary. The length counts the header and is written last.
/// <code>
///   0        4       8                  16                  24
///   | length | count | last time (ms)   | first time (ms)   | text, UTF-8 ...
/// </code>
/// </summary>
public static class ErrorLogDescriptor
{
    /// <summary>Offset of the length.</summary>
    public const int LengthOffset = 0;

    /// <summary>Offset of how often the error was seen.</summary>
    public const int ObservationCountOffset = sizeof(int);

    /// <summary>Offset of when it was last seen.</summary>
    public const int LastObservationTimestampOffset = sizeof(int) * 2;

    /// <summary>Offset of when it was first seen.</summary>
    public const int FirstObservationTimestampOffset = LastObservationTimestampOffset + sizeof(long);

    /// <summary>Offset of the text.</summary>
    public const int EncodedErrorOffset = FirstObservationTimestampOffset + sizeof(long);

    /// <summary>Records start at multiples of this.</summary>
    public const int RecordAlignment = sizeof(long);
}

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

/// <summary>
/// Takes one distinct error of a log: how often, first and last time in ms since the epoch, and its text.
/// </summary>
public delegate void ErrorConsumer(
    int observationCount, long firstObservationTimestamp, long lastObservationTimestamp, string encodedException);
