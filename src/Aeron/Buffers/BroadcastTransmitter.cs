namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// Sends messages to any number of receivers and waits for none: a receiver that is too slow is lapped.
/// </summary>
public sealed class BroadcastTransmitter
{
    private readonly UnsafeBuffer _buffer;
    private readonly int _capacity;
    private readonly int _tailIntentIndex;
    private readonly int _tailIndex;
    private readonly int _latestIndex;

    /// <summary>
    /// Lays a broadcast over memory of a power of two bytes and the trailer. One transmitter a buffer.
    /// </summary>
    public BroadcastTransmitter(UnsafeBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        BroadcastBufferDescriptor.CheckCapacity(buffer.Capacity);
        buffer.VerifyAlignment();
        _buffer = buffer;
        _capacity = buffer.Capacity - BroadcastBufferDescriptor.TrailerLength;
        MaxMsgLength = _capacity / 8;
        _tailIntentIndex = _capacity + BroadcastBufferDescriptor.TailIntentCounterOffset;
        _tailIndex = _capacity + BroadcastBufferDescriptor.TailCounterOffset;
        _latestIndex = _capacity + BroadcastBufferDescriptor.LatestCounterOffset;
    }

    /// <summary>Bytes for records.</summary>
    public int Capacity => _capacity;

    /// <summary>The longest message that can be sent, in bytes.</summary>
    public int MaxMsgLength { get; }

    /// <summary>Sends one message to whoever listens.</summary>
    public void Transmit(int msgTypeId, IDirectBuffer srcBuffer, int srcIndex, int length)
    {
        RecordDescriptor.CheckTypeId(msgTypeId);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > MaxMsgLength)
            throw new ArgumentException($"message of {length} bytes exceeds the maximum of {MaxMsgLength}");

        var recordLength = length + RecordDescriptor.HeaderLength;
        var alignedLength = BitUtil.Align(recordLength, RecordDescriptor.Alignment);
        var tail = _buffer.GetLong(_tailIndex);
        var record = (int)tail & (_capacity - 1);
        var toEnd = _capacity - record;
        if (toEnd < alignedLength)
        {
            SignalTailIntent(tail + toEnd + alignedLength);
            WriteHeader(record, toEnd, RecordDescriptor.PaddingMsgTypeId);
            tail += toEnd;
            record = 0;
        }
        else
        {
            SignalTailIntent(tail + alignedLength);
        }

        WriteHeader(record, recordLength, msgTypeId);
        _buffer.PutBytes(record + RecordDescriptor.HeaderLength, srcBuffer, srcIndex, length);
        _buffer.PutLong(_latestIndex, tail);
        // Releases the record: pairs with the receiver's acquiring read of the tail.
        _buffer.PutLongOrdered(_tailIndex, tail + alignedLength);
    }

    private void SignalTailIntent(long newTail)
    {
        // Must be seen before any byte of the record, so that a receiver whose bytes are being overwritten finds out
        // when it validates: pairs with BroadcastReceiver.IsValid.
        _buffer.PutLongOrdered(_tailIntentIndex, newTail);
        Volatile.WriteBarrier();
    }

    private void WriteHeader(int record, int length, int msgTypeId)
    {
        _buffer.PutInt(record + RecordDescriptor.LengthOffset, length);
        _buffer.PutInt(record + RecordDescriptor.TypeOffset, msgTypeId);
    }
}
