using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Link;

/// <summary>What a reader of the event log finds at a sequence number.</summary>
public enum EventLookup
{
    /// <summary>The message was copied.</summary>
    Found,

    /// <summary>It has not come yet.</summary>
    NotYet,

    /// <summary>It has been written over: the reader was too slow.</summary>
    Gone,
}

/// <summary>
/// The last outbound messages of the pipeline, numbered from 1 on in the order of their arrival. Readers copy from it
/// at their own pace, so that a slow one holds nothing up: what it did not fetch in time is gone.
/// </summary>
public sealed class EventLog
{
    /// <summary>Bytes of a slot: the longest message fits.</summary>
    public const int SlotBytes = Schema.MaxEncodedLength;

    private readonly Lock _gate = new();
    private readonly byte[] _bytes;
    private readonly int[] _lengths;
    private long _last;

    /// <param name="capacity">Messages that are kept, at least 1.</param>
    public EventLog(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _bytes = new byte[(long)capacity * SlotBytes];
        _lengths = new int[capacity];
    }

    /// <summary>
    /// Tells this log from another one: numbers of a log before a restart of the control plane mean nothing here.
    /// </summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The number of the last message; 0: none has come.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>The number of the oldest message that is kept; above <see cref="Last"/> where none is.</summary>
    public long First
    {
        get
        {
            lock (_gate)
                return Math.Max(1, _last - _lengths.Length + 1);
        }
    }

    /// <summary>Keeps a message. Returns its number.</summary>
    public long Append(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            var slot = (int)(_last % _lengths.Length);
            message.CopyTo(_bytes.AsSpan(slot * SlotBytes, SlotBytes));
            _lengths[slot] = message.Length;
            return ++_last;
        }
    }

    /// <summary>Copies the message of a number.</summary>
    /// <param name="sequence">From 1 on.</param>
    /// <param name="into">At least <see cref="SlotBytes"/> long.</param>
    /// <param name="length">Its length.</param>
    public EventLookup Read(long sequence, Span<byte> into, out int length)
    {
        lock (_gate)
        {
            length = 0;
            if (sequence > _last)
                return EventLookup.NotYet;
            if (sequence <= _last - _lengths.Length)
                return EventLookup.Gone;

            var slot = (int)((sequence - 1) % _lengths.Length);
            length = _lengths[slot];
            _bytes.AsSpan(slot * SlotBytes, length).CopyTo(into);
            return EventLookup.Found;
        }
    }
}
