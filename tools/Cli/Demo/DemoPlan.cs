using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>What the options come to on this machine.</summary>
public sealed class DemoPlan
{
    /// <summary>Threads that spin beside the ingress thread, by topology.</summary>
    private const int FusedThreads = 2;
    private const int PipelinedThreads = 6;

    private DemoPlan(PipelineOptions pipeline, int[] allowedProcessors)
    {
        Pipeline = pipeline;
        AllowedProcessors = allowedProcessors;
    }

    public PipelineOptions Pipeline { get; }

    /// <summary>The processors that this process may use.</summary>
    public IReadOnlyList<int> AllowedProcessors { get; }

    /// <summary>Reads the configuration and puts the command line's ring options over its own.</summary>
    public static DemoPlan Of(DemoOptions options)
    {
        var configured = DemoConfiguration.Load(options.ConfigFile);
        var allowed = ThreadAffinity.Allowed();
        var topology = TopologyChoice.Resolve(options.Topology, allowed.Length);
        var pinned = options.Cpus.Count > 1 ? options.Cpus.SkipLast(1) : options.Cpus;
        var ring = new RingOptions
        {
            Topology = topology,
            Size = configured.Ring.Size,
            Wait = WaitOf(options.Wait, topology, allowed.Length),
            Processors = [.. pinned],
        };
        return new DemoPlan(configured with { Ring = ring, Streams = StreamsOn(options.Channel) }, allowed);
    }

    /// <summary>The streams that the tactical engine knows.</summary>
    private static StreamOptions StreamsOn(string channel) =>
        new() { InputChannel = channel, OutboundChannel = channel };

    /// <summary>Spinning needs a processor for each hot thread, and one for the tactical engine.</summary>
    private static WaitMode WaitOf(WaitChoice choice, Topology topology, int processors) => choice switch
    {
        WaitChoice.Busy => WaitMode.Spin,
        WaitChoice.Yield => WaitMode.Yield,
        WaitChoice.Block => WaitMode.Block,
        _ => ThreadsOf(topology) < processors ? WaitMode.Spin : WaitMode.Yield,
    };

    private static int ThreadsOf(Topology topology) => topology switch
    {
        Topology.Pipelined => PipelinedThreads,
        Topology.Fused => FusedThreads,
        _ => 1,
    };
}
