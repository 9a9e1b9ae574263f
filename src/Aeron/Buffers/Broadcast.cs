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

        if (TryMoveTo(_nextRecord))
            return true;

        LappedCount++;
        var latest = _buffer.GetLong(_latestIndex);
        if (!TryMoveTo(latest))
        {
            // Lapped again: there is no message, which IsValid tells, and the next call goes on from here.
            _cursor = _nextRecord = latest;
            _record = RecordOffset(latest);
        }

        return true;
    }

    /// <summary>True when nothing of the current message can have been overwritten up to now.</summary>
    public bool IsValid()
    {
        // The reads of the message come first: pairs with the barrier in BroadcastTransmitter.SignalTailIntent.
        Volatile.ReadBarrier();
        return IsInReach(_cursor);
    }

    /// <summary>
    /// Moves on to a record, or over it where it is padding. False, and nothing is done, where it may have been
    /// overwritten up to now, so that its length leads anywhere.
    /// </summary>
    private bool TryMoveTo(long cursor)
    {
        var record = RecordOffset(cursor);
        var next = cursor + AlignedLength(record);
        var isPadding = _buffer.GetInt(record + RecordDescriptor.TypeOffset) == RecordDescriptor.PaddingMsgTypeId;
        // The reads of the record come first: pairs with the barrier in BroadcastTransmitter.SignalTailIntent.
        Volatile.ReadBarrier();
        if (!IsInReach(cursor))
            return false;

        if (isPadding)
        {
            // Behind padding lies a record at the buffer's beginning, and never padding again.
            cursor = next;
            record = 0;
            next = cursor + AlignedLength(record);
            Volatile.ReadBarrier();
            if (!IsInReach(cursor))
                return false;
        }

        _cursor = cursor;
        _nextRecord = next;
        _record = record;
        return true;
    }

    private bool IsInReach(long cursor) => cursor + _capacity > _buffer.GetLongVolatile(_tailIntentIndex);

    // Hostile or half-overwritten cursors and lengths must not leave the buffer: records start on the alignment.
    private int RecordOffset(long cursor) => (int)cursor & (_capacity - 1) & -RecordDescriptor.Alignment;

    private int AlignedLength(int record) =>
        BitUtil.Align(_buffer.GetInt(record + RecordDescriptor.LengthOffset), RecordDescriptor.Alignment);
}

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

/// <summary>Receives a broadcast by copying each message out before it is looked at.</summary>
public sealed class CopyBroadcastReceiver
{
    private const int InitialScratchLength = 4096;

    private readonly BroadcastReceiver _receiver;
    private readonly UnsafeBuffer _scratch = new(new byte[InitialScratchLength]);

    /// <summary>Takes the receiver to copy from.</summary>
    public CopyBroadcastReceiver(BroadcastReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        _receiver = receiver;
    }

    /// <summary>Hands the next message over; returns 1, or 0 when there is none.</summary>
    /// <exception cref="InvalidOperationException">
    /// The transmitter overtook this receiver: messages are lost.
    /// </exception>
    public int Receive(MessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var lappedCount = _receiver.LappedCount;
        if (!_receiver.TryReceiveNext())
            return 0;

        if (lappedCount != _receiver.LappedCount)
            throw new InvalidOperationException("unable to keep up with the broadcast");

        var length = _receiver.Length;
        var msgTypeId = _receiver.TypeId;
        ThrowIfOvertaken();
        if (length < 0 || length > _receiver.Capacity - _receiver.Offset)
            throw new InvalidOperationException($"impossible broadcast message: length={length}");

        if (length > _scratch.Capacity)
            _scratch.Wrap(new byte[length]);

        _scratch.PutBytes(0, _receiver.Buffer, _receiver.Offset, length);
        ThrowIfOvertaken();
        handler(msgTypeId, _scratch, 0, length);
        return 1;
    }

    private void ThrowIfOvertaken()
    {
        if (!_receiver.IsValid())
            throw new InvalidOperationException("unable to keep up with the broadcast");
    }
}

/// <summary>
/// Where a broadcast buffer keeps its state, after its power-of-two capacity.
/// <code>
///   capacity + 0             8       16       24           128
///            | tail intent   | tail  | latest | pad        |
/// </code>
/// </summary>
public static class BroadcastBufferDescriptor
{
    /// <summary>Offset in the trailer of the position up to which the transmitter may be writing.</summary>
    public const int TailIntentCounterOffset = 0;

    /// <summary>Offset in the trailer of the position up to which records are complete.</summary>
    public const int TailCounterOffset = sizeof(long);

    /// <summary>Offset in the trailer of the last record's position.</summary>
    public const int LatestCounterOffset = sizeof(long) * 2;

    /// <summary>Bytes of the trailer.</summary>
    public const int TrailerLength = BitUtil.CacheLineLength * 2;

    /// <summary>Throws unless a buffer's capacity is a power of two and the trailer.</summary>
    public static void CheckCapacity(int capacity)
    {
        if (!BitUtil.IsPowerOfTwo(capacity - TrailerLength))
            throw new ArgumentException($"a broadcast's capacity must be a power of two + {TrailerLength}: {capacity}");
    }
}
