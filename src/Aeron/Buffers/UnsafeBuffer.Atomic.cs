using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Aeron.Buffers;

public sealed unsafe partial class UnsafeBuffer
{
    private const int AtomicAlignment = sizeof(long);

    /// <inheritdoc/>
    public void VerifyAlignment()
    {
        if (((nint)_pointer & (AtomicAlignment - 1)) != 0)
            throw new InvalidOperationException($"memory at {(nint)_pointer:x} is not on an 8-byte boundary");
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetLongVolatile(int index) => Volatile.Read(ref *(long*)At(index, sizeof(long)));

    /// <summary>
    /// Writes three longs, of which no other processor sees the second or third before the first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PutLongsFirstFirst(int index, long first, long second, long third)
    {
        var target = (long*)At(index, 3 * sizeof(long));
        // Pairs with the acquiring read of the frame's length in TermUnblocker.
        Volatile.Write(ref target[0], first);
        Volatile.WriteBarrier();
        target[1] = second;
        target[2] = third;
    }

    /// <inheritdoc/>
    public void PutLongVolatile(int index, long value) =>
        Interlocked.Exchange(ref *(long*)At(index, sizeof(long)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutLongOrdered(int index, long value) => Volatile.Write(ref *(long*)At(index, sizeof(long)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutLongRelease(int index, long value) => Volatile.Write(ref *(long*)At(index, sizeof(long)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool CompareAndSetLong(int index, long expectedValue, long updateValue) =>
        Interlocked.CompareExchange(ref *(long*)At(index, sizeof(long)), updateValue, expectedValue) == expectedValue;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long GetAndAddLong(int index, long delta) =>
        Interlocked.Add(ref *(long*)At(index, sizeof(long)), delta) - delta;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GetIntVolatile(int index) => Volatile.Read(ref *(int*)At(index, sizeof(int)));

    /// <inheritdoc/>
    public void PutIntVolatile(int index, int value) =>
        Interlocked.Exchange(ref *(int*)At(index, sizeof(int)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutIntOrdered(int index, int value) => Volatile.Write(ref *(int*)At(index, sizeof(int)), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutIntRelease(int index, int value) => Volatile.Write(ref *(int*)At(index, sizeof(int)), value);

    /// <inheritdoc/>
    public bool CompareAndSetInt(int index, int expectedValue, int updateValue) =>
        Interlocked.CompareExchange(ref *(int*)At(index, sizeof(int)), updateValue, expectedValue) == expectedValue;

    /// <inheritdoc/>
    public int GetAndAddInt(int index, int delta) =>
        Interlocked.Add(ref *(int*)At(index, sizeof(int)), delta) - delta;
}
