using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

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
