using System.Numerics;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Sizes and alignment.</summary>
public static class BitUtil
{
    /// <summary>Bytes of a cache line, as the layouts assume it.</summary>
    public const int CacheLineLength = 64;

    /// <summary>The next multiple of a power of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Align(int value, int alignment) => (value + (alignment - 1)) & -alignment;

    /// <summary>The next multiple of a power of two.</summary>
    public static long Align(long value, long alignment) => (value + (alignment - 1)) & -alignment;

    /// <summary>True for 1, 2, 4 and so on.</summary>
    public static bool IsPowerOfTwo(int value) => value > 0 && BitOperations.IsPow2(value);

    /// <summary>An identifier that no other process is likely to start from.</summary>
    public static int GenerateRandomisedId() => (int)Random.Shared.NextInt64(int.MinValue, (long)int.MaxValue + 1);
}
