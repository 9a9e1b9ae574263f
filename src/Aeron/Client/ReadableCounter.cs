using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Buffers.CountersDescriptor;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>A counter of anybody's, to read.</summary>
public sealed class ReadableCounter : IDisposable
{
    private readonly CountersReader _countersReader;
    private volatile bool _isClosed;

    /// <summary>A view of the counter of an id.</summary>
    /// <exception cref="InvalidOperationException">There is no such counter.</exception>
    public ReadableCounter(CountersReader countersReader, int counterId)
        : this(countersReader, Aeron.NULL_VALUE, counterId)
    {
    }

    /// <summary>A view of the counter of an id, which somebody has registered under a number.</summary>
    /// <exception cref="InvalidOperationException">There is no such counter.</exception>
    public ReadableCounter(CountersReader countersReader, long registrationId, int counterId)
    {
        ArgumentNullException.ThrowIfNull(countersReader);
        var state = countersReader.GetCounterState(counterId);
        if (state != CountersDescriptor.RecordAllocated)
            throw new InvalidOperationException($"Counter not allocated: id={counterId} state={state}");

        _countersReader = countersReader;
        RegistrationId = registrationId;
        CounterId = counterId;
    }

    /// <summary>The number it was registered under, -1 when that is not known.</summary>
    public long RegistrationId { get; }

    /// <summary>The counter's id.</summary>
    public int CounterId { get; }

    /// <summary>One of the record states of <see cref="CountersDescriptor"/>.</summary>
    public int State => _countersReader.GetCounterState(CounterId);

    /// <summary>The counter's label.</summary>
    public string Label => _countersReader.GetCounterLabel(CounterId);

    /// <summary>True once disposed.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>The value, acquiring.</summary>
    public long Get() => _countersReader.GetCounterValue(CounterId);

    /// <summary>The value, without ordering against other memory.</summary>
    public long GetPlain() => _countersReader.ValuesBuffer.GetLong(CountersDescriptor.CounterOffset(CounterId));

    /// <summary>As <see cref="GetPlain"/>.</summary>
    public long GetWeak() => GetPlain();

    /// <summary>Gives the view up. The counter stays.</summary>
    public void Dispose() => _isClosed = true;
}

/// <summary>
/// A counter that other processes read: one that this client has added to the driver's, or any of them.
/// </summary>
public sealed class Counter : AtomicCounter
{
    private readonly ClientConductor? _conductor;

    /// <summary>A view of a counter that somebody has added. Disposing it does not remove the counter.</summary>
    /// <exception cref="AeronException">There is no counter of this id.</exception>
    public Counter(CountersReader countersReader, int counterId)
        : base((countersReader ?? throw new ArgumentNullException(nameof(countersReader))).ValuesBuffer, counterId)
    {
        if (countersReader.GetCounterState(counterId) != CountersDescriptor.RecordAllocated)
            throw new AeronException($"Counter id is not allocated: {counterId}");

        CorrelationId = Aeron.NULL_VALUE;
        RegistrationId = countersReader.GetCounterRegistrationId(counterId);
    }

    internal Counter(
        long correlationId,
        long registrationId,
        bool isStatic,
        ClientConductor conductor,
        UnsafeBuffer valuesBuffer,
        int id)
        : base(valuesBuffer, id)
    {
        _conductor = conductor;
        CorrelationId = correlationId;
        RegistrationId = registrationId;
        IsStatic = isStatic;
    }

    /// <summary>The command that added the counter, -1 for a view.</summary>
    public long CorrelationId { get; }

    /// <summary>The counter's registration: for a static counter, what its creator chose.</summary>
    public long RegistrationId { get; }

    /// <summary>True for a counter that outlives its client.</summary>
    public bool IsStatic { get; }

    internal void InternalClose() => TryClose();

    /// <inheritdoc/>
    protected override void Close() => _conductor?.RemoveCounter(CorrelationId);
}

/// <summary>Counters of when somebody last showed life. The key holds who, as 8 bytes.</summary>
public static class HeartbeatTimestamp
{
    /// <summary>The type of the counters of a driver's clients.</summary>
    public const int HEARTBEAT_TYPE_ID = AeronCounters.DriverHeartbeatTypeId;

    /// <summary>
    /// The counter in use of a type and of who registered it, or <see cref="CountersReader.NULL_COUNTER_ID"/>.
    /// </summary>
    public static int FindCounterIdByRegistrationId(
        CountersReader countersReader, int counterTypeId, long registrationId)
    {
        ArgumentNullException.ThrowIfNull(countersReader);
        for (var id = 0; id <= countersReader.MaxCounterId; id++)
        {
            if (countersReader.GetCounterState(id) == RecordUnused)
                break;

            if (IsActive(countersReader, id, counterTypeId, registrationId))
                return id;
        }

        return CountersReader.NULL_COUNTER_ID;
    }

    /// <summary>When a client last showed life, in milliseconds since the Unix epoch; 0: it has no heartbeat.</summary>
    public static long Of(CountersReader countersReader, long clientId)
    {
        var id = FindCounterIdByRegistrationId(countersReader, HEARTBEAT_TYPE_ID, clientId);
        return id == CountersReader.NULL_COUNTER_ID ? 0 : countersReader.GetCounterValue(id);
    }

    /// <summary>True when a counter is in use, of a type and of who registered it.</summary>
    public static bool IsActive(CountersReader countersReader, int counterId, int counterTypeId, long registrationId)
    {
        ArgumentNullException.ThrowIfNull(countersReader);
        return countersReader.GetCounterState(counterId) == RecordAllocated
            && countersReader.GetCounterTypeId(counterId) == counterTypeId
            && countersReader.MetaDataBuffer.GetLong(MetaDataOffset(counterId) + KeyOffset) == registrationId;
    }
}
