using System.Numerics;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>The ring and the threads on it.</summary>
public sealed record RingOptions
{
    /// <summary>The most events that any ring holds.</summary>
    internal const int LargestSize = 1 << 20;

    private const int FusedThreads = 2;
    private const int PipelinedThreads = 6;

    /// <summary>How many threads run the stages. Default: auto.</summary>
    public Topology Topology { get; init; } = Topology.Auto;

    /// <summary>
    /// Events that may wait for the stages, a power of two from 64 to 1,048,576. Default: 1,024, which keeps the ring
    /// within a second-level cache; bursts wait in the transport's terms. Inline, where none waits, few slots are kept.
    /// </summary>
    public int Size { get; init; } = 1024;

    /// <summary>What idle hot threads do. Default: auto.</summary>
    public WaitMode Wait { get; init; } = WaitMode.Auto;

    /// <summary>
    /// Processors to pin to, in the order ingress, then the stages' threads; threads beyond the list are not pinned,
    /// and an empty list pins none. Default: null, which leaves them to the host: it pins none, and `xp demo` takes all
    /// that are allowed.
    /// </summary>
    public IReadOnlyList<int>? Processors { get; init; }

    /// <summary>
    /// These options on a machine: topology and wait are no longer auto. Idle threads spin where each hot thread has a
    /// processor and one is left for the tactical engine; else they yield.
    /// </summary>
    /// <param name="processors">How many the process may use.</param>
    public RingOptions On(int processors)
    {
        var topology = TopologyChoice.Resolve(Topology, processors);
        var hasRoom = HotThreadsOf(topology) < processors;
        var wait = Wait != WaitMode.Auto ? Wait : hasRoom ? WaitMode.Spin : WaitMode.Yield;
        return this with { Topology = topology, Wait = wait };
    }

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (Size is < 64 or > LargestSize || !BitOperations.IsPow2(Size))
            throw new ArgumentException($"ring size is {Size}: set a power of two from 64 to 1048576");

        foreach (var processor in Processors ?? [])
        {
            if (processor is < 0 or >= ThreadAffinity.MaxProcessors)
            {
                throw new ArgumentException(
                    $"processor {processor}: set one from 0 to {ThreadAffinity.MaxProcessors - 1}");
            }
        }
    }

    private static int HotThreadsOf(Topology topology) => topology switch
    {
        Topology.Pipelined => PipelinedThreads,
        Topology.Fused => FusedThreads,
        _ => 1,
    };
}
