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
