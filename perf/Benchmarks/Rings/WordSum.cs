using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Benchmarks.Rings;

internal static class WordSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of(ReadOnlySpan<long> words)
    {
        var sum = 0L;
        foreach (var word in words)
            sum += word;

        return sum;
    }
}
