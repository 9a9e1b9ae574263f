using System.Numerics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Processing;

namespace ExecutionPipeline.Disruptor;

/// <summary>Small arithmetic on ring sizes and sequences.</summary>
public static class DisruptorUtil
{
    /// <summary>The lowest power of two that is at least <paramref name="x"/> and at least 2.</summary>
    public static int CeilingNextPowerOfTwo(int x) => x <= 2 ? 2 : (int)BitOperations.RoundUpToPowerOf2((uint)x);

    /// <summary>The exponent of the highest power of two that is at most <paramref name="i"/>; 0 for 0.</summary>
    public static int Log2(int i) => BitOperations.Log2((uint)i);

    /// <summary>Whether <paramref name="x"/> is 1, 2, 4, and so on.</summary>
    public static bool IsPowerOf2(this int x) => BitOperations.IsPow2(x);

    /// <summary>The lowest of the sequences' values and <paramref name="minimum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long GetMinimumSequence(Sequence[] sequences, long minimum = long.MaxValue)
    {
        foreach (var sequence in sequences)
            minimum = Math.Min(minimum, sequence.Value);

        return minimum;
    }

    /// <summary>The sequences of the processors, in their order.</summary>
    public static Sequence[] GetSequencesFor(params IEventProcessor[] processors)
    {
        return Array.ConvertAll(processors, processor => processor.Sequence);
    }
}
