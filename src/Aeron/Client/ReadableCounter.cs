using ExecutionPipeline.Aeron.Buffers;

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
