using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>A counter that this process writes and any process reads.</summary>
public class AtomicCounter : IDisposable
{
    private readonly UnsafeBuffer _valuesBuffer;
    private readonly CountersManager? _manager;
    private readonly int _offset;
    private int _isClosed;

    /// <summary>
    /// A counter of the given id, freed by <paramref name="manager"/>, if there is one, when disposed.
    /// </summary>
    public AtomicCounter(UnsafeBuffer valuesBuffer, int counterId, CountersManager? manager = null)
    {
        ArgumentNullException.ThrowIfNull(valuesBuffer);
        _offset = CountersDescriptor.CounterOffset(counterId);
        valuesBuffer.BoundsCheck(_offset, CountersDescriptor.CounterLength);
        _valuesBuffer = valuesBuffer;
        _manager = manager;
        Id = counterId;
    }

    /// <summary>The counter's id.</summary>
    public int Id { get; }

    /// <summary>True once disposed.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>The value, acquiring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Get() => _valuesBuffer.GetLongVolatile(_offset);

    /// <summary>Sets the value with a full fence.</summary>
    public void Set(long value) => _valuesBuffer.PutLongVolatile(_offset, value);

    /// <summary>Sets the value, releasing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetRelease(long value) => _valuesBuffer.PutLongOrdered(_offset, value);

    /// <summary>Adds one atomically; returns what was there before.</summary>
    public long Increment() => _valuesBuffer.GetAndAddLong(_offset, 1);

    /// <summary>Adds one without an atomic instruction: for a counter that one thread writes.</summary>
    public void IncrementRelease() => SetRelease(Get() + 1);

    /// <summary>Adds atomically; returns what was there before.</summary>
    public long GetAndAdd(long delta) => _valuesBuffer.GetAndAddLong(_offset, delta);

    /// <summary>The value, without ordering against other memory.</summary>
    public long GetWeak() => _valuesBuffer.GetLong(_offset);

    /// <summary>As <see cref="SetRelease"/>.</summary>
    public void SetOrdered(long value) => SetRelease(value);

    /// <summary>As <see cref="IncrementRelease"/>.</summary>
    public void IncrementOrdered() => IncrementRelease();

    /// <summary>
    /// Adds without an atomic instruction, for a counter that one thread writes; returns what was there before.
    /// </summary>
    public long GetAndAddOrdered(long delta)
    {
        var value = GetWeak();
        SetRelease(value + delta);
        return value;
    }

    /// <summary>Sets the value if it is what is expected, atomically; true when it was.</summary>
    public bool CompareAndSet(long expectedValue, long updateValue) =>
        _valuesBuffer.CompareAndSetLong(_offset, expectedValue, updateValue);

    /// <summary>
    /// Keeps the higher of the value and <paramref name="proposed"/>; true when that was the proposed one. For a
    /// counter that one thread writes.
    /// </summary>
    public bool ProposeMax(long proposed)
    {
        if (proposed <= GetWeak())
            return false;

        SetRelease(proposed);
        return true;
    }

    /// <summary>Frees the counter.</summary>
    public void Dispose()
    {
        if (!TryClose())
            return;

        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Marks the counter as closed; true for the first who does.</summary>
    private protected bool TryClose() => Interlocked.Exchange(ref _isClosed, 1) == 0;

    /// <summary>Gives the counter back to where it came from.</summary>
    protected virtual void Close() => _manager?.Free(Id);
}
