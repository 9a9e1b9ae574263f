using System.Globalization;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>Everything that `xp engine` was asked for, validated; paths are absolute.</summary>
public sealed record EngineOptions
{
    /// <summary>The folder of the media driver to connect to.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>The pipeline's configuration, for its streams; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The Aeron channel of every stream; null: those of the configuration.</summary>
    public string? Channel { get; init; }

    /// <summary>Measured signals, those after the warm-up.</summary>
    public long Events { get; init; } = 200_000;

    /// <summary>Signals a second, sent at fixed times whatever the pipeline does.</summary>
    public double RatePerSecond { get; init; } = 20_000;

    /// <summary>Signals before the measured ones, at the same rate; their ids are 1 to this number.</summary>
    public long WarmupEvents { get; init; } = 20_000;

    /// <summary>A Databento DBN file of a market, plain or compressed; null: the generator.</summary>
    public string? DataFile { get; init; }

    /// <summary>The file's instruments to follow, one after the other; empty: as a look at it suggests.</summary>
    public IReadOnlyList<uint> DataInstruments { get; init; } = [];

    /// <summary>How fast market data play; 1 is real time.</summary>
    public double Speed { get; init; } = 60;

    /// <summary>Seed of the signal mix and of the market generator.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Malformed messages of each kind among the measured signals.</summary>
    public int MalformedPerKind { get; init; }

    /// <summary>The instrument that the messages name.</summary>
    public uint InstrumentId { get; init; } = 1;

    /// <summary>The processor to pin to; null: none.</summary>
    public int? Cpu { get; init; }

    /// <summary>How long to wait for the pipeline's subscriptions, in seconds.</summary>
    public double ConnectTimeoutSeconds { get; init; } = 30;

    /// <summary>Sends CLOSE_ALL after the last signal.</summary>
    public bool IsClosingAll { get; init; }

    /// <summary>
    /// Ends when standard input does, since then the parent has ended or has no more use for the engine.
    /// </summary>
    public bool IsWatchingInput { get; init; }

    /// <summary>The command line, from "engine" on, that gives these options again.</summary>
    public IReadOnlyList<string> ToArguments()
    {
        List<string> arguments =
        [
            "engine",
            "--aeron-dir", AeronDirectory,
            "--events", Text(Events),
            "--rate", Text(RatePerSecond),
            "--warmup", Text(WarmupEvents),
            "--speed", Text(Speed),
            "--seed", Text(Seed),
            "--malformed", Text(MalformedPerKind),
            "--instrument", Text(InstrumentId),
            "--cpu", Cpu is { } cpu ? Text(cpu) : "none",
            "--connect-timeout", Text(ConnectTimeoutSeconds),
        ];
        if (ConfigFile is not null)
            arguments.AddRange(["--config", ConfigFile]);
        if (Channel is not null)
            arguments.AddRange(["--channel", Channel]);
        if (DataFile is not null)
            arguments.AddRange(["--data", DataFile]);
        if (DataInstruments.Count > 0)
            arguments.AddRange(["--data-instruments", string.Join(',', DataInstruments)]);
        if (IsClosingAll)
            arguments.Add("--close-all");
        if (IsWatchingInput)
            arguments.Add("--watch-stdin");
        return arguments;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
