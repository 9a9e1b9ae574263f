namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// Follows a broadcast from the latest record on. It reads in place, so what it read counts only if
/// <see cref="IsValid"/> still holds afterwards.
/// </summary>
public sealed class BroadcastReceiver
{
    private readonly UnsafeBuffer _buffer;
    private readonly int _capacity;
    private readonly int _tailIntentIndex;
    private readonly int _tailIndex;
    private readonly int _latestIndex;
    private long _cursor;
    private long _nextRecord;
    private int _record;

    /// <summary>Joins a broadcast: its transmitter's last record is the first received.</summary>
    public BroadcastReceiver(UnsafeBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        BroadcastBufferDescriptor.CheckCapacity(buffer.Capacity);
        buffer.VerifyAlignment();
        _buffer = buffer;
        _capacity = buffer.Capacity - BroadcastBufferDescriptor.TrailerLength;
        _tailIntentIndex = _capacity + BroadcastBufferDescriptor.TailIntentCounterOffset;
        _tailIndex = _capacity + BroadcastBufferDescriptor.TailCounterOffset;
        _latestIndex = _capacity + BroadcastBufferDescriptor.LatestCounterOffset;
        _cursor = _nextRecord = buffer.GetLongVolatile(_latestIndex);
        _record = RecordOffset(_cursor);
    }

    /// <summary>Bytes for records.</summary>
    public int Capacity => _capacity;

    /// <summary>How many times the transmitter overtook this receiver.</summary>
    public long LappedCount { get; private set; }

    /// <summary>The type of the current message.</summary>
    public int TypeId => _buffer.GetInt(_record + RecordDescriptor.TypeOffset);

    /// <summary>The current message's first byte in <see cref="Buffer"/>.</summary>
    public int Offset => _record + RecordDescriptor.HeaderLength;

    /// <summary>The current message's length in bytes.</summary>
    public int Length => _buffer.GetInt(_record + RecordDescriptor.LengthOffset) - RecordDescriptor.HeaderLength;

    /// <summary>The memory under the broadcast.</summary>
    public UnsafeBuffer Buffer => _buffer;

    /// <summary>Moves on to the next message; false when there is none yet.</summary>
    public bool TryReceiveNext()
    {
        // Acquires the record: pairs with the transmitter's release of the tail.
        if (_buffer.GetLongVolatile(_tailIndex) <= _nextRecord)
            return false;

        var cursor = _nextRecord;
        if (!IsInReach(cursor))
        {
            LappedCount++;
            cursor = _buffer.GetLong(_latestIndex);
        }

        var record = RecordOffset(cursor);
        _cursor = cursor;
        _nextRecord = cursor + AlignedLength(record);
        if (_buffer.GetInt(record + RecordDescriptor.TypeOffset) == RecordDescriptor.PaddingMsgTypeId)
        {
            record = 0;
            _cursor = _nextRecord;
            _nextRecord += AlignedLength(record);
        }

        _record = record;
        return true;
    }

    /// <summary>True when nothing of the current message can have been overwritten up to now.</summary>
    public bool IsValid()
    {
        // The reads of the message come first: pairs with the barrier in BroadcastTransmitter.SignalTailIntent.
        Volatile.ReadBarrier();
        return IsInReach(_cursor);
    }

    private bool IsInReach(long cursor) => cursor + _capacity > _buffer.GetLongVolatile(_tailIntentIndex);

    // Hostile or half-overwritten cursors and lengths must not leave the buffer: records start on the alignment.
    private int RecordOffset(long cursor) => (int)cursor & (_capacity - 1) & -RecordDescriptor.Alignment;

    private int AlignedLength(int record) =>
        BitUtil.Align(_buffer.GetInt(record + RecordDescriptor.LengthOffset), RecordDescriptor.Alignment);
}
