using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>A counter that this client has added to the driver's, for other processes to read.</summary>
public sealed class Counter : AtomicCounter
{
    private readonly ClientConductor _conductor;

    internal Counter(long registrationId, bool isStatic, ClientConductor conductor, UnsafeBuffer valuesBuffer, int id)
        : base(valuesBuffer, id)
    {
        _conductor = conductor;
        RegistrationId = registrationId;
        IsStatic = isStatic;
    }

    /// <summary>The counter's registration.</summary>
    public long RegistrationId { get; }

    /// <summary>True for a counter that outlives its client.</summary>
    public bool IsStatic { get; }

    /// <inheritdoc/>
    protected override void Close()
    {
        if (!IsStatic)
            _conductor.RemoveCounter(this);
    }
}
