using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>How the hot threads are spread over the processors that the process may use.</summary>
public static class ThreadPlacement
{
    private const int FusedThreads = 2;
    private const int PipelinedThreads = 6;

    /// <summary>The ring options of a run on this machine.</summary>
    /// <param name="configured">Those of the configuration, of which the size is kept.</param>
    /// <param name="topology">What was asked for.</param>
    /// <param name="wait">What idle threads do; null: what the machine has room for.</param>
    /// <param name="pinned">Processors for the hot threads, in their order.</param>
    /// <param name="processors">How many the process may use.</param>
    public static RingOptions Place(
        RingOptions configured, Topology topology, WaitMode? wait, IEnumerable<int> pinned, int processors)
    {
        var resolved = TopologyChoice.Resolve(topology, processors);
        return new RingOptions
        {
            Topology = resolved,
            Size = configured.Size,
            Wait = wait ?? WaitFor(resolved, processors),
            Processors = [.. pinned],
        };
    }

    /// <summary>Spinning needs a processor for each hot thread, and one for the tactical engine.</summary>
    private static WaitMode WaitFor(Topology topology, int processors) =>
        HotThreadsOf(topology) < processors ? WaitMode.Spin : WaitMode.Yield;

    private static int HotThreadsOf(Topology topology) => topology switch
    {
        Topology.Pipelined => PipelinedThreads,
        Topology.Fused => FusedThreads,
        _ => 1,
    };
}
