using System.Globalization;
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
/// The number that the pipeline itself gave a message. It is the same at every control plane, so that a client that
/// has lost one goes on at another.
/// </summary>
/// <param name="Run">Tells a run of the pipeline from others: the session of its publication.</param>
/// <param name="Number">From 1 on, one more with each message; 0: it has none.</param>
public readonly record struct PipelineNumber(int Run, long Number)
{
    /// <summary>The run as it is written.</summary>
    public string RunText => Run.ToString("x8", CultureInfo.InvariantCulture);
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
    private readonly PipelineNumber[] _numbers;
    private long _last;
    private PipelineNumber _lastNumber;

    /// <param name="capacity">Messages that are kept, at least 1.</param>
    public EventLog(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _bytes = new byte[(long)capacity * SlotBytes];
        _lengths = new int[capacity];
        _numbers = new PipelineNumber[capacity];
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

    /// <summary>The number that the pipeline gave the last message that has one.</summary>
    public PipelineNumber LastNumber
    {
        get
        {
            lock (_gate)
                return _lastNumber;
        }
    }

    /// <summary>Keeps a message. Returns its number in this log.</summary>
    public long Append(ReadOnlySpan<byte> message, PipelineNumber number = default)
    {
        lock (_gate)
        {
            var slot = (int)(_last % _lengths.Length);
            message.CopyTo(_bytes.AsSpan(slot * SlotBytes, SlotBytes));
            _lengths[slot] = message.Length;
            _numbers[slot] = number;
            if (number.Number > 0)
                _lastNumber = number;
            return ++_last;
        }
    }

    /// <summary>Copies the message of a number.</summary>
    /// <param name="sequence">From 1 on.</param>
    /// <param name="into">At least <see cref="SlotBytes"/> long.</param>
    /// <param name="length">Its length.</param>
    public EventLookup Read(long sequence, Span<byte> into, out int length) => Read(sequence, into, out length, out _);

    /// <summary>The same, with the number that the pipeline gave it.</summary>
    public EventLookup Read(long sequence, Span<byte> into, out int length, out PipelineNumber number)
    {
        lock (_gate)
        {
            (length, number) = (0, default);
            if (sequence > _last)
                return EventLookup.NotYet;
            if (sequence <= _last - _lengths.Length)
                return EventLookup.Gone;

            var slot = SlotOf(sequence);
            (length, number) = (_lengths[slot], _numbers[slot]);
            _bytes.AsSpan(slot * SlotBytes, length).CopyTo(into);
            return EventLookup.Found;
        }
    }

    /// <summary>
    /// Where whoever has all messages of a run up to a number goes on; null: what comes next is not kept here. Messages
    /// without numbers say nothing of what came before them.
    /// </summary>
    public long? FindAfter(PipelineNumber known)
    {
        lock (_gate)
        {
            var first = Math.Max(1, _last - _lengths.Length + 1);
            PipelineNumber oldest = default;
            for (var sequence = _last; sequence >= first; sequence--)
            {
                var number = _numbers[SlotOf(sequence)];
                if (number.Number == 0)
                    continue;
                if (number.Run == known.Run && number.Number <= known.Number)
                    return sequence + 1;

                oldest = number;
            }

            return oldest == known with { Number = known.Number + 1 } ? first : null;
        }
    }

    private int SlotOf(long sequence) => (int)((sequence - 1) % _lengths.Length);
}
