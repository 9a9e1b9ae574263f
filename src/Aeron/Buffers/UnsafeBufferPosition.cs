using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>A stream position kept in a counter.</summary>
public sealed class UnsafeBufferPosition : IDisposable
{
    private readonly UnsafeBuffer _buffer;
    private readonly CountersManager? _manager;
    private readonly int _offset;
    private bool _isClosed;

    /// <summary>The position in counter <paramref name="counterId"/>.</summary>
    public UnsafeBufferPosition(UnsafeBuffer valuesBuffer, int counterId, CountersManager? manager = null)
    {
        ArgumentNullException.ThrowIfNull(valuesBuffer);
        _offset = CountersDescriptor.CounterOffset(counterId);
        valuesBuffer.BoundsCheck(_offset, CountersDescriptor.CounterLength);
        _buffer = valuesBuffer;
        _manager = manager;
        Id = counterId;
    }

    /// <summary>The counter's id.</summary>
    public int Id { get; }

    /// <summary>The position as this thread last wrote it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Get() => _buffer.GetLong(_offset);

    /// <summary>The position, acquiring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetVolatile() => _buffer.GetLongVolatile(_offset);

    /// <summary>Moves the position, releasing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetRelease(long position) => _buffer.PutLongRelease(_offset, position);

    /// <summary>Frees the counter, when this process allocated it.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;

        _isClosed = true;
        _manager?.Free(Id);
    }
}
