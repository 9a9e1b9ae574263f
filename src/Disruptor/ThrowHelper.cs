using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>Throws, out of line so that the callers stay small enough to be inlined.</summary>
internal static class ThrowHelper
{
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowClaimSizeOutOfRange()
    {
        throw new ArgumentException("n must be > 0 and <= bufferSize");
    }

    public static void ThrowIfNotRingSize(int bufferSize)
    {
        if (bufferSize < 1)
            throw new ArgumentException("bufferSize must not be less than 1");

        if (!bufferSize.IsPowerOf2())
            throw new ArgumentException("bufferSize must be a power of 2");
    }
}
