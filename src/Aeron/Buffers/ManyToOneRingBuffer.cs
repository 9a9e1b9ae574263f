using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// A ring of messages that many threads or processes write and one reads. What the memory holds is not trusted: a
/// record whose length cannot be is reported and everything unread dropped, so no reader leaves the buffer.
/// </summary>
public sealed class ManyToOneRingBuffer
{
    /// <summary>What <see cref="TryClaim"/> returns when the ring is full.</summary>
    public const int InsufficientCapacity = -2;

    private readonly UnsafeBuffer _buffer;
    private readonly int _capacity;
    private readonly int _tailIndex;
    private readonly int _headCacheIndex;
    private readonly int _headIndex;
    private readonly int _correlationIndex;
    private readonly int _heartbeatIndex;

    /// <summary>Lays a ring over memory of a power of two bytes and the trailer.</summary>
    public ManyToOneRingBuffer(UnsafeBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        RingBufferDescriptor.CheckCapacity(buffer.Capacity);
        buffer.VerifyAlignment();
        _buffer = buffer;
        _capacity = buffer.Capacity - RingBufferDescriptor.TrailerLength;
        MaxMsgLength = _capacity / 8;
        _tailIndex = _capacity + RingBufferDescriptor.TailPositionOffset;
        _headCacheIndex = _capacity + RingBufferDescriptor.HeadCachePositionOffset;
        _headIndex = _capacity + RingBufferDescriptor.HeadPositionOffset;
        _correlationIndex = _capacity + RingBufferDescriptor.CorrelationCounterOffset;
        _heartbeatIndex = _capacity + RingBufferDescriptor.ConsumerHeartbeatOffset;
    }

    /// <summary>Bytes for records.</summary>
    public int Capacity => _capacity;

    /// <summary>The longest message that can be written, in bytes.</summary>
    public int MaxMsgLength { get; }

    /// <summary>The memory under the ring.</summary>
    public UnsafeBuffer Buffer => _buffer;

    /// <summary>Bytes ever claimed.</summary>
    public long ProducerPosition => _buffer.GetLongVolatile(_tailIndex);

    /// <summary>Bytes ever read.</summary>
    public long ConsumerPosition => _buffer.GetLongVolatile(_headIndex);

    /// <summary>When the consumer last showed life, in milliseconds since the epoch; -1 once it has gone.</summary>
    public long ConsumerHeartbeatTime
    {
        get => _buffer.GetLongVolatile(_heartbeatIndex);
        set => _buffer.PutLongOrdered(_heartbeatIndex, value);
    }

    /// <summary>A number that no other user of this ring gets.</summary>
    public long NextCorrelationId() => _buffer.GetAndAddLong(_correlationIndex, 1);

    /// <summary>Writes a message; false when the ring is full.</summary>
    public bool TryWrite(int msgTypeId, IDirectBuffer srcBuffer, int offset, int length)
    {
        var index = TryClaim(msgTypeId, length);
        if (index < 0)
            return false;

        _buffer.PutBytes(index, srcBuffer, offset, length);
        Commit(index);
        return true;
    }

    /// <summary>
    /// Claims room for a message; returns the index of its first byte, or <see cref="InsufficientCapacity"/>. What is
    /// claimed must be given to <see cref="Commit"/> or <see cref="Abort"/>.
    /// </summary>
    public int TryClaim(int msgTypeId, int length)
    {
        RecordDescriptor.CheckTypeId(msgTypeId);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > MaxMsgLength)
            throw new ArgumentException($"message of {length} bytes exceeds the maximum of {MaxMsgLength}");

        var recordLength = length + RecordDescriptor.HeaderLength;
        var record = ClaimCapacity(recordLength);
        if (record == InsufficientCapacity)
            return record;

        WriteHeader(record, -recordLength, msgTypeId);
        return record + RecordDescriptor.HeaderLength;
    }

    /// <summary>Hands a claimed message to the reader.</summary>
    public void Commit(int index)
    {
        var record = ClaimedRecord(index);
        _buffer.PutIntOrdered(record, -_buffer.GetInt(record));
    }

    /// <summary>Gives a claim up: the reader skips it.</summary>
    public void Abort(int index)
    {
        var record = ClaimedRecord(index);
        _buffer.PutInt(record + RecordDescriptor.TypeOffset, RecordDescriptor.PaddingMsgTypeId);
        _buffer.PutIntOrdered(record, -_buffer.GetInt(record));
    }

    /// <summary>
    /// Reads messages in order, up to a limit or the end of the buffer; returns how many. A message counts as read even
    /// when its handler throws.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// A record's length was impossible; all unread records are dropped.
    /// </exception>
    public int Read(MessageHandler handler, int messageCountLimit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var head = _buffer.GetLong(_headIndex);
        var headIndex = (int)head & (_capacity - 1);
        // Only what has been claimed is looked at: what lies beyond the tail may be a wild writer's.
        var unread = Math.Max(0, _buffer.GetLongVolatile(_tailIndex) - head);
        var blockLength = (int)Math.Min(_capacity - headIndex, unread);
        var bytesRead = 0;
        var messagesRead = 0;
        try
        {
            while (bytesRead < blockLength && messagesRead < messageCountLimit)
            {
                var record = headIndex + bytesRead;
                // Acquires the message: pairs with the release of the length in Commit.
                var recordLength = _buffer.GetIntVolatile(record);
                if (recordLength <= 0)
                    break;

                if (recordLength < RecordDescriptor.HeaderLength || recordLength > blockLength - bytesRead)
                {
                    bytesRead = blockLength;
                    ThrowCorrupt(record, recordLength);
                }

                bytesRead += BitUtil.Align(recordLength, RecordDescriptor.Alignment);
                var msgTypeId = _buffer.GetInt(record + RecordDescriptor.TypeOffset);
                if (msgTypeId == RecordDescriptor.PaddingMsgTypeId)
                    continue;

                messagesRead++;
                handler(
                    msgTypeId, _buffer, record + RecordDescriptor.HeaderLength,
                    recordLength - RecordDescriptor.HeaderLength);
            }
        }
        finally
        {
            Release(head, headIndex, bytesRead);
        }

        return messagesRead;
    }

    /// <summary>
    /// Frees the reader from a record whose writer died before it was done. For the reader alone, and only when
    /// nothing has moved for longer than a writer may take; true when it skipped something.
    /// </summary>
    public bool TryUnblock()
    {
        var head = _buffer.GetLongVolatile(_headIndex);
        var tail = _buffer.GetLongVolatile(_tailIndex);
        if (head == tail)
            return false;

        var consumer = (int)head & (_capacity - 1);
        var producer = (int)tail & (_capacity - 1);
        var limit = producer > consumer ? producer : _capacity;
        var length = _buffer.GetIntVolatile(consumer);
        if (length < 0)
        {
            var isPossible = length != int.MinValue && -length <= limit - consumer;
            SkipRecord(consumer, isPossible ? -length : limit - consumer);
            return true;
        }

        return length == 0 && TryUnblockUnwritten(consumer, limit);
    }

    private bool TryUnblockUnwritten(int consumer, int limit)
    {
        for (var i = consumer + RecordDescriptor.Alignment; i < limit; i += RecordDescriptor.Alignment)
        {
            if (_buffer.GetIntVolatile(i) == 0)
                continue;

            if (!IsZeroed(consumer, i))
                return false;

            SkipRecord(consumer, i - consumer);
            return true;
        }

        // Short of the buffer's end, what comes next tells how long the record was. At the end nothing does.
        if (limit < _capacity || !IsZeroed(consumer, limit))
            return false;

        SkipRecord(consumer, limit - consumer);
        return true;
    }

    private bool IsZeroed(int from, int to)
    {
        for (var i = to - RecordDescriptor.Alignment; i >= from; i -= RecordDescriptor.Alignment)
        {
            if (_buffer.GetIntVolatile(i) != 0)
                return false;
        }

        return true;
    }

    private void SkipRecord(int record, int length)
    {
        _buffer.PutInt(record + RecordDescriptor.TypeOffset, RecordDescriptor.PaddingMsgTypeId);
        _buffer.PutIntOrdered(record, length);
    }

    private int ClaimCapacity(int recordLength)
    {
        var required = BitUtil.Align(recordLength, RecordDescriptor.Alignment);
        var mask = _capacity - 1;
        var head = _buffer.GetLongVolatile(_headCacheIndex);
        while (true)
        {
            var tail = _buffer.GetLongVolatile(_tailIndex);
            if (required > _capacity - (int)(tail - head))
            {
                head = _buffer.GetLongVolatile(_headIndex);
                if (required > _capacity - (int)(tail - head))
                    return InsufficientCapacity;

                _buffer.PutLongOrdered(_headCacheIndex, head);
            }

            var tailIndex = (int)tail & mask;
            var padding = 0;
            if (required > _capacity - tailIndex)
            {
                if (required > ((int)head & mask))
                {
                    head = _buffer.GetLongVolatile(_headIndex);
                    if (required > ((int)head & mask))
                        return InsufficientCapacity;

                    _buffer.PutLongOrdered(_headCacheIndex, head);
                }

                padding = _capacity - tailIndex;
            }

            if (!_buffer.CompareAndSetLong(_tailIndex, tail, tail + required + padding))
                continue;

            if (padding == 0)
                return tailIndex;

            WriteHeader(tailIndex, -padding, RecordDescriptor.PaddingMsgTypeId);
            _buffer.PutIntOrdered(tailIndex, padding);
            return 0;
        }
    }

    private void WriteHeader(int record, int length, int msgTypeId)
    {
        // The negative length must be seen before any byte of the record: pairs with the reader's and the
        // unblocker's reads of the length.
        _buffer.PutIntOrdered(record, length);
        Volatile.WriteBarrier();
        _buffer.PutInt(record + RecordDescriptor.TypeOffset, msgTypeId);
    }

    private int ClaimedRecord(int index)
    {
        var record = index - RecordDescriptor.HeaderLength;
        if (record < 0 || record > _capacity - RecordDescriptor.HeaderLength)
            throw new ArgumentException($"not the index of a claim: {index}");

        if (_buffer.GetInt(record) >= 0)
            throw new InvalidOperationException("the claim has been committed or aborted");

        return record;
    }

    private void Release(long head, int headIndex, int bytesRead)
    {
        if (bytesRead == 0)
            return;

        // Writers count on zeroed memory, so it is cleared before the head, whose release they acquire, moves past it.
        _buffer.SetMemory(headIndex, bytesRead, 0);
        _buffer.PutLongOrdered(_headIndex, head + bytesRead);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowCorrupt(int record, int recordLength) =>
        throw new InvalidDataException($"impossible record in ring buffer: index={record} length={recordLength}");
}
