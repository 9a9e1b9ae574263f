using System.Runtime.InteropServices;

namespace ExecutionPipeline.Benchmarks.Queues;

/// <summary>The counters of a <see cref="RawRing{T}"/>, each on a line of its own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 512)]
internal sealed class RawRingCounters
{
    /// <summary>Events written; the producer's line.</summary>
    [FieldOffset(120)]
    public long Written;

    /// <summary>Events read; the consumer's line.</summary>
    [FieldOffset(248)]
    public long Read;

    /// <summary>Events to read in all.</summary>
    [FieldOffset(376)]
    public long End;
}
