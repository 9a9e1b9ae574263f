using System.Numerics;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>The ring and the threads on it.</summary>
public sealed class RingOptions
{
    /// <summary>How many threads run the stages. Default: auto.</summary>
    public Topology Topology { get; init; } = Topology.Auto;

    /// <summary>
    /// Slots, a power of two from 64 to 1,048,576. Default: 1,024, which keeps the ring within a second-level cache;
    /// bursts wait in the transport's terms.
    /// </summary>
    public int Size { get; init; } = 1024;

    /// <summary>What idle hot threads do. Default: spin.</summary>
    public WaitMode Wait { get; init; } = WaitMode.Spin;

    /// <summary>
    /// Processors to pin to, in the order ingress, then the stages' threads; threads beyond the list are not pinned.
    /// Default: empty.
    /// </summary>
    public IReadOnlyList<int> Processors { get; init; } = [];

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (Size is < 64 or > 1 << 20 || !BitOperations.IsPow2(Size))
            throw new ArgumentException($"ring size is {Size}: set a power of two from 64 to 1048576");

        foreach (var processor in Processors)
        {
            if (processor is < 0 or >= ThreadAffinity.MaxProcessors)
            {
                throw new ArgumentException(
                    $"processor {processor}: set one from 0 to {ThreadAffinity.MaxProcessors - 1}");
            }
        }
    }
}
