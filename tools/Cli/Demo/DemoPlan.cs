using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>What the command line comes to: the pipeline's configuration and what belongs to the run.</summary>
public sealed class DemoPlan
{
    private DemoPlan(PipelineOptions pipeline, int[] allowedProcessors)
    {
        Pipeline = pipeline;
        AllowedProcessors = allowedProcessors;
    }

    public PipelineOptions Pipeline { get; }

    /// <summary>The instrument that the tactical engine trades: the first that is configured.</summary>
    public uint InstrumentId => Pipeline.Instruments.Count > 0 ? Pipeline.Instruments[0].Id : 1;

    /// <summary>The processors that this process may use.</summary>
    public IReadOnlyList<int> AllowedProcessors { get; }

    /// <summary>Reads the configuration and puts the command line's ring options over its own.</summary>
    public static DemoPlan Of(DemoOptions options)
    {
        var configured = DemoConfiguration.Load(options.ConfigFile);
        var allowed = ThreadAffinity.Allowed();
        var pinned = options.Cpus.Count > 1 ? options.Cpus.SkipLast(1) : options.Cpus;
        var ring = ThreadPlacement.Place(
            configured.Ring, options.Topology, WaitOf(options.Wait), pinned, allowed.Length);
        return new DemoPlan(configured with { Ring = ring, Streams = StreamsOn(options.Channel) }, allowed);
    }

    /// <summary>The run's session; <paramref name="policy"/> decides at the start.</summary>
    public static SessionOptions SessionOf(DemoOptions options, PolicyChoice choice, LoadedPolicy policy) => new()
    {
        AeronDirectory = options.AeronDirectory,
        IsDriverExternal = options.IsDriverExternal,
        RecordFile = options.RecordFile,
        Measurement = new MeasurementPlan(options.WarmupEvents, options.Events),
        Models = choice.SourceFor(policy),
    };

    /// <summary>The streams that the tactical engine knows.</summary>
    private static StreamOptions StreamsOn(string channel) =>
        new() { InputChannel = channel, OutboundChannel = channel };

    private static WaitMode? WaitOf(WaitChoice choice) => choice switch
    {
        WaitChoice.Busy => WaitMode.Spin,
        WaitChoice.Yield => WaitMode.Yield,
        WaitChoice.Block => WaitMode.Block,
        _ => null,
    };
}
