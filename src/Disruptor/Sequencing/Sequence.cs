using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// A counter that one thread advances and others watch: a producer's cursor, or how far a handler has come. The value
/// has its cache line to itself, so that advancing it disturbs only those who watch it.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public class Sequence
{
    /// <summary>The value before the first event: sequences of events start at 0.</summary>
    public const long InitialCursorValue = -1;

    [FieldOffset(CacheLayout.FieldPaddingBytes)]
    private long _value;

    // The runtime cuts a class off after its last field, whatever size is declared.
#pragma warning disable CS0169, IDE0051
    [FieldOffset(2 * CacheLayout.FieldPaddingBytes)]
    private readonly long _lastPaddingWord;
#pragma warning restore CS0169, IDE0051

    /// <summary>Creates a counter at <paramref name="initialValue"/>.</summary>
    public Sequence(long initialValue = InitialCursorValue)
    {
        _value = initialValue;
    }

    /// <summary>The current value. What was written before the value was set is visible after this read.</summary>
    public long Value
    {
        // Acquire: pairs with the release in SetValue and with the full fences of the atomic operations.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _value);
    }

    /// <summary>Sets the value so that whoever reads it also sees everything written before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetValue(long value)
    {
        // Release: pairs with the acquire in Value.
        Volatile.Write(ref _value, value);
    }

    /// <summary>
    /// Sets the value as <see cref="SetValue"/> does, and lets no later read of this thread overtake the write.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetValueVolatile(long value)
    {
        Volatile.Write(ref _value, value);
        // Full fence: pairs with the acquire in Value on the thread whose own write this thread reads next.
        Interlocked.MemoryBarrier();
    }

    /// <summary>
    /// Sets the value to <paramref name="nextSequence"/> if it is <paramref name="expectedSequence"/>.
    /// </summary>
    /// <returns>Whether it was, and so has been set.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool CompareAndSet(long expectedSequence, long nextSequence)
    {
        // Full fence: pairs with the acquire in Value.
        return Interlocked.CompareExchange(ref _value, nextSequence, expectedSequence) == expectedSequence;
    }

    /// <summary>Adds one atomically.</summary>
    /// <returns>The value after the addition.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long IncrementAndGet()
    {
        // Full fence: pairs with the acquire in Value.
        return Interlocked.Increment(ref _value);
    }

    /// <summary>Adds <paramref name="value"/> atomically.</summary>
    /// <returns>The value after the addition.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long AddAndGet(long value)
    {
        // Full fence: pairs with the acquire in Value.
        return Interlocked.Add(ref _value, value);
    }

    /// <summary>The value in decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
