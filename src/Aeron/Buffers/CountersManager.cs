using static ExecutionPipeline.Aeron.Buffers.CountersDescriptor;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// Hands counters out and takes them back. A freed record rests for a while, so that a reader that still holds its id
/// does not see another counter's value. Any process of the user may write into the buffers, so which counters are in
/// use is kept here.
/// </summary>
public sealed class CountersManager : CountersReader
{
    private const long NanosPerMilli = 1_000_000;

    private readonly IEpochClock _clock;
    private readonly INanoClock _nanoClock;
    private readonly long _freeToReuseTimeoutMs;
    private readonly HashSet<int> _idsInUse = [];
    private readonly Queue<(int Id, long ReuseDeadlineNs)> _freed = [];
    private int _idHighWaterMark = -1;

    /// <summary>Takes empty buffers; the metadata buffer must hold a record for each value record.</summary>
    /// <param name="metaDataBuffer">What the counters are.</param>
    /// <param name="valuesBuffer">The counters' values.</param>
    /// <param name="clock">Stamps when a freed counter may be used again, for other tools to see.</param>
    /// <param name="freeToReuseTimeoutMs">How long a freed counter rests, in milliseconds.</param>
    /// <param name="nanoClock">Measures that rest; null: the system's monotonic clock.</param>
    public CountersManager(
        UnsafeBuffer metaDataBuffer,
        UnsafeBuffer valuesBuffer,
        IEpochClock clock,
        long freeToReuseTimeoutMs,
        INanoClock? nanoClock = null)
        : base(metaDataBuffer, valuesBuffer)
    {
        ArgumentNullException.ThrowIfNull(clock);
        valuesBuffer.VerifyAlignment();
        _clock = clock;
        _nanoClock = nanoClock ?? SystemNanoClock.INSTANCE;
        _freeToReuseTimeoutMs = freeToReuseTimeoutMs;
    }

    /// <summary>Makes a counter of a label, a type and up to 112 bytes of key; returns its id.</summary>
    /// <exception cref="InvalidOperationException">There is no room for another counter.</exception>
    public int Allocate(
        string label, int typeId, ReadOnlySpan<byte> key = default, long registrationId = 0, long ownerId = 0)
    {
        ArgumentNullException.ThrowIfNull(label);
        var id = NextCounterId();
        var value = CounterOffset(id);
        ValuesBuffer.PutLong(value + RegistrationIdOffset, registrationId);
        ValuesBuffer.PutLong(value + OwnerIdOffset, ownerId);
        ValuesBuffer.PutLong(value + ReferenceIdOffset, 0);
        ValuesBuffer.PutLongOrdered(value, 0);

        var record = MetaDataOffset(id);
        MetaDataBuffer.PutInt(record + TypeIdOffset, typeId);
        MetaDataBuffer.PutLong(record + FreeForReuseDeadlineOffset, NotFreeToReuse);
        MetaDataBuffer.SetMemory(record + KeyOffset, MaxKeyLength, 0);
        MetaDataBuffer.PutBytes(record + KeyOffset, key[..Math.Min(key.Length, MaxKeyLength)]);
        var labelLength = PutLabel(record + LabelOffset + sizeof(int), label, MaxLabelLength);
        MetaDataBuffer.PutInt(record + LabelOffset, labelLength);
        // Publishes the record: pairs with the acquiring read of the state in CountersReader.
        MetaDataBuffer.PutIntOrdered(record, RecordAllocated);
        _idsInUse.Add(id);
        return id;
    }

    /// <summary>As <see cref="Allocate"/>, as an object that frees the counter when disposed.</summary>
    public AtomicCounter NewCounter(
        string label, int typeId, ReadOnlySpan<byte> key = default, long registrationId = 0, long ownerId = 0) =>
        new(ValuesBuffer, Allocate(label, typeId, key, registrationId, ownerId), this);

    /// <summary>Takes a counter back.</summary>
    public void Free(int counterId)
    {
        if (!_idsInUse.Remove(counterId))
            throw new InvalidOperationException($"counter not allocated: id={counterId}");

        var record = MetaDataOffset(counterId);
        MetaDataBuffer.PutLong(record + FreeForReuseDeadlineOffset, _clock.Time() + _freeToReuseTimeoutMs);
        MetaDataBuffer.SetMemory(record + KeyOffset, MaxKeyLength, 0);
        MetaDataBuffer.PutIntOrdered(record, RecordReclaimed);
        _freed.Enqueue((counterId, _nanoClock.NanoTime() + _freeToReuseTimeoutMs * NanosPerMilli));
    }

    /// <summary>Sets a counter's value.</summary>
    public void SetCounterValue(int counterId, long value) =>
        ValuesBuffer.PutLongOrdered(CounterOffset(counterId), value);

    /// <summary>Says what a counter is about.</summary>
    public void SetCounterReferenceId(int counterId, long referenceId) =>
        ValuesBuffer.PutLongOrdered(CounterOffset(counterId) + ReferenceIdOffset, referenceId);

    private int NextCounterId()
    {
        if (_freed.TryPeek(out var oldest) && _nanoClock.NanoTime() - oldest.ReuseDeadlineNs >= 0)
            return _freed.Dequeue().Id;

        if (_idHighWaterMark >= MaxCounterId)
            throw new InvalidOperationException($"no room for another counter: maxCounterId={MaxCounterId}");

        return ++_idHighWaterMark;
    }
}
