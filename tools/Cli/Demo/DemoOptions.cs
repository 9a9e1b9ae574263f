using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>Everything that `xp demo` was asked for, validated; paths are absolute.</summary>
public sealed record DemoOptions
{
    /// <summary>Measured signals, those after the warm-up. With <see cref="Seconds"/>, what that comes to.</summary>
    public long Events { get; init; } = 200_000;

    /// <summary>
    /// The measured duration that was asked for instead of a number of events, in seconds; null: by number.
    /// </summary>
    public double? Seconds { get; init; }

    /// <summary>Signals a second, sent at fixed times whatever the pipeline does.</summary>
    public double RatePerSecond { get; init; } = 20_000;

    /// <summary>Signals before the measured ones, at the same rate; their ids are 1 to this number.</summary>
    public long WarmupEvents { get; init; } = 20_000;

    /// <summary>How the stages are spread over threads; null: as the configuration says.</summary>
    public Topology? Topology { get; init; }

    public InferenceChoice Inference { get; init; }

    public GraphChoice Graph { get; init; }

    /// <summary>What idle hot threads do; null: as the configuration says.</summary>
    public WaitChoice? Wait { get; init; }

    /// <summary>Files of a market, DBN or CSV, plain or packed; none: the generator.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>The file's instruments to follow, one after the other; empty: as a look at it suggests.</summary>
    public IReadOnlyList<uint> DataInstruments { get; init; } = [];

    /// <summary>How fast market data play; 1 is real time.</summary>
    public double Speed { get; init; } = 60;

    /// <summary>Seed of the signal mix and of the market generator.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Where orders go; null: as the configuration says. A venue's process is started for the run.</summary>
    public VenueKind? Venue { get; init; }

    /// <summary>Share of the signals that say hold, from 0 to 1.</summary>
    public double Holds { get; init; } = SignalMix.UsualHolds;

    /// <summary>Malformed messages of each kind among the measured signals.</summary>
    public int MalformedPerKind { get; init; }

    /// <summary>Signals of the second part, which shows each strategy's schedule; 0: there is none.</summary>
    public int ScheduledSignals { get; init; } = 60;

    /// <summary>
    /// Signals that take longer than this end to end are tied to their causes, in nanoseconds; null: none is.
    /// </summary>
    public long? TailAboveNs { get; init; }

    /// <summary>Where the report's files go; null: none.</summary>
    public string? ReportDirectory { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>The folder of the journal of the pipeline's input; null: there is none.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>The pipeline's configuration; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Keys of the configuration that are set over its file.</summary>
    public IReadOnlyList<ConfigurationSetting> Settings { get; init; } = [];

    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>
    /// Processors to pin to: the pipeline's hot threads take them from the front, the tactical engine takes the last.
    /// Empty: nothing is pinned. Null: as the configuration says.
    /// </summary>
    public IReadOnlyList<int>? Cpus { get; init; }

    /// <summary>The media driver's folder; an embedded driver's is made for the run and removed after it.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>Whether a driver of another process runs in <see cref="AeronDirectory"/>.</summary>
    public bool IsDriverExternal { get; init; }

    /// <summary>The Aeron channel of every stream; null: those of the configuration.</summary>
    public string? Channel { get; init; }

    /// <summary>Whether a report and a journal that are there already may be replaced.</summary>
    public bool IsForced { get; init; }

    /// <summary>The port of the dashboard that is shown while it runs, 0: any that is free; null: none is.</summary>
    public int? DashboardPort { get; init; }

    /// <summary>No progress is shown.</summary>
    public bool IsQuiet { get; init; }
}
