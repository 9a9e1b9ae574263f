using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Venues;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>What the command line comes to: the pipeline's configuration and what belongs to the run.</summary>
public sealed class DemoPlan
{
    private DemoPlan(PipelineOptions pipeline, IReadOnlyList<int> allowedProcessors, int? engineProcessor)
    {
        Pipeline = pipeline;
        AllowedProcessors = allowedProcessors;
        EngineProcessor = engineProcessor;
    }

    public PipelineOptions Pipeline { get; }

    /// <summary>The instrument that the tactical engine trades: the first that is configured.</summary>
    public uint InstrumentId => Pipeline.Instruments.Count > 0 ? Pipeline.Instruments[0].Id : 1;

    /// <summary>The processors that this process may use.</summary>
    public IReadOnlyList<int> AllowedProcessors { get; }

    /// <summary>The tactical engine's, and that of the work beside the hot threads; null: none is pinned.</summary>
    public int? EngineProcessor { get; }

    /// <summary>Reads the configuration and lays the options that were given over it.</summary>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    public static DemoPlan Of(DemoOptions options) => Of(options, ThreadAffinity.Allowed());

    /// <summary>The same where a process may use these processors.</summary>
    /// <exception cref="UsageException">The file cannot be read or is no valid configuration.</exception>
    public static DemoPlan Of(DemoOptions options, IReadOnlyList<int> allowed)
    {
        var configured = DemoConfiguration.Load(options.ConfigFile, options.Settings);
        if (options.ConfigFile is null && options.Settings.Count == 0)
            configured = Wide(configured, options);
        var (pinned, engine) = Place(options.Cpus, configured.Ring.Processors, allowed);
        var ring = configured.Ring with
        {
            Topology = options.Topology ?? configured.Ring.Topology,
            Wait = WaitOf(options.Wait) ?? configured.Ring.Wait,
            Processors = pinned,
        };
        var pipeline = configured with
        {
            Ring = ring.On(allowed.Count),
            Streams = DemoConfiguration.On(InCaches(configured.Streams), options.Channel),
            Venue = configured.Venue with
            {
                Kind = options.Venue ?? configured.Venue.Kind,
                Channel = options.Channel ?? configured.Venue.Channel,
            },
        };
        return pipeline.Venue.MisfitOf(pipeline.Routing.Venues.Count) is { } misfit
            ? throw new UsageException(misfit)
            : new DemoPlan(pipeline, allowed, engine);
    }

    /// <summary>
    /// The demo's own limits where more is to be shown than they admit: orders a second, and an account that the costs
    /// of so many orders do not bring near its drawdown.
    /// </summary>
    private static PipelineOptions Wide(PipelineOptions own, DemoOptions options)
    {
        const double signalsOfAccount = 150_000;
        var orders = (int)Math.Clamp(2 * options.RatePerSecond, own.Limits.MaxOrdersPerSecond, RiskLimits.MostOrders);
        var share = Math.Max(1, (options.Events + options.WarmupEvents) / signalsOfAccount);
        return own with
        {
            Account = own.Account with { StartingCash = own.Account.StartingCash * (decimal)share },
            Limits = own.Limits with
            {
                MaxOrdersPerSecond = orders,
                Breakers = own.Limits.Breakers with { ThrottledOrdersPerSecond = orders },
            },
        };
    }

    /// <summary>The default channel's terms are long for readers that are killed, of which the demo has none.</summary>
    private static StreamOptions InCaches(StreamOptions streams) =>
        streams.OutboundChannel == new StreamOptions().OutboundChannel
            ? streams with { OutboundChannel = "aeron:ipc" }
            : streams;

    /// <summary>What the tactical engine is started with.</summary>
    /// <param name="options">Those of the run.</param>
    /// <param name="dataInstruments">The market data's instruments to follow.</param>
    public EngineOptions EngineOptionsFor(DemoOptions options, IReadOnlyList<uint> dataInstruments) => new()
    {
        AeronDirectory = options.AeronDirectory,
        ConfigFile = options.ConfigFile,
        Settings = options.Wait == WaitChoice.Block
            ? [.. options.Settings, ConfigurationSetting.Parse("--wait", "ring.wait=block")]
            : options.Settings,
        Channel = options.Channel,
        Events = options.Events,
        RatePerSecond = options.RatePerSecond,
        WarmupEvents = options.WarmupEvents,
        DataFiles = options.DataFiles,
        DataInstruments = dataInstruments,
        Speed = options.Speed,
        Seed = options.Seed,
        Holds = options.Holds,
        MalformedPerKind = options.MalformedPerKind,
        InstrumentId = InstrumentId,
        Cpu = EngineProcessor,
        IsWatchingInput = true,
    };

    /// <summary>What the venue is started with: it sees the market data that the pipeline sees.</summary>
    public static VenueProcessOptions VenueOptionsFor(DemoOptions options) => new()
    {
        AeronDirectory = options.AeronDirectory,
        ConfigFile = options.ConfigFile,
        Settings = options.Settings,
        Channel = options.Channel,
        Seed = options.Seed,
        IsWatchingInput = true,
    };

    /// <summary>The run's session; <paramref name="policy"/> decides at the start.</summary>
    public static SessionOptions SessionOf(DemoOptions options, PolicyChoice choice, LoadedPolicy policy) => new()
    {
        AeronDirectory = options.AeronDirectory,
        IsDriverExternal = options.IsDriverExternal,
        JournalFolder = options.JournalFolder,
        Measurement = new MeasurementPlan(options.WarmupEvents, options.Events)
        {
            KeepsIntervals = options.ReportDirectory is not null,
            TailAboveNs = options.TailAboveNs,
        },
        Models = choice.SourceFor(policy),
        IsWatched = options.DashboardPort is not null,
    };

    /// <summary>
    /// The hot threads' processors and the engine's. Where nobody names any, all are taken, from the last to the
    /// first, since a system does most of its own work on its first processor; the engine takes the last of a list.
    /// Beside those that the configuration names it takes the first that is left.
    /// </summary>
    private static (IReadOnlyList<int> Pinned, int? Engine) Place(
        IReadOnlyList<int>? given, IReadOnlyList<int>? configured, IReadOnlyList<int> allowed)
    {
        if (given == null && configured != null)
        {
            int? left = allowed.Except(configured).Select(static processor => (int?)processor).FirstOrDefault();
            return (configured, configured.Count > 0 ? left : null);
        }

        var list = given ?? [.. allowed.Reverse()];
        return list.Count > 1 ? ([.. list.SkipLast(1)], list[^1]) : (list, null);
    }

    private static WaitMode? WaitOf(WaitChoice? choice) => choice switch
    {
        WaitChoice.Auto => WaitMode.Auto,
        WaitChoice.Busy => WaitMode.Spin,
        WaitChoice.Yield => WaitMode.Yield,
        WaitChoice.Block => WaitMode.Block,
        _ => null,
    };
}
