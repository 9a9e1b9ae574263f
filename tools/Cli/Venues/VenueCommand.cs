using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Venues;

/// <summary>`xp venue`: its options and how they become <see cref="VenueProcessOptions"/>.</summary>
public sealed class VenueCommand : Command
{
    private const long MaxLatencyUs = 1_000_000_000;

    private readonly ValueOption<string?> _aeronDirectory = new(
        "--aeron-dir", "DIR", "The folder of the running media driver.",
        Paths.ExistingDirectory, null, "none, it must be given");

    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValuesOption<ConfigurationSetting> _set = ConfigurationInputs.Set();
    private readonly ValueOption<string?> _channel = RunOptions.Channel();
    private readonly ValuesOption<string> _data = RunOptions.Data();
    private readonly ValueOption<IReadOnlyList<uint>> _dataInstruments = RunOptions.DataInstruments();
    private readonly ValueOption<double> _speed = RunOptions.Speed();

    private readonly FlagOption _generate = new(
        "--generate", "Fills the book from the seeded generator instead of the pipeline's market data stream.");

    private readonly ValueOption<long> _seed = RunOptions.Seed();

    private readonly ValueOption<long> _latency = new(
        "--latency", "US", "What a request and a report take on their way, in microseconds.",
        Numbers.Whole("us", 0, MaxLatencyUs), 0, "0");

    private readonly ValueOption<long> _jitter = new(
        "--jitter", "US", "The most that is added to each way at random, in microseconds.",
        Numbers.Whole("us", 0, MaxLatencyUs), 0, "0");

    private readonly ValueOption<string?> _journal = new(
        "--journal", "DIR", "Writes down in this folder what comes in, before it is answered, and goes on from there.",
        Paths.WritableDirectory, null, "no journal: orders end with the process");

    private readonly FlagOption _watchInput = new("--watch-stdin", "Ends when standard input does.");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public VenueCommand(Func<VenueProcessOptions, CancellationToken, Task<int>> run)
        : base("venue", "Is the venue: matches the orders of a pipeline in another process, over Aeron.")
    {
        Option[] options =
        [
            _aeronDirectory, _config, _set, _channel, _data, _dataInstruments, _speed, _generate, _seed, _latency,
            _jitter, _journal, _watchInput,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private VenueProcessOptions OptionsOf(ParseResult parsed)
    {
        var options = new VenueProcessOptions
        {
            AeronDirectory = parsed.GetValue(_aeronDirectory) ?? throw new UsageException("--aeron-dir must be given"),
            ConfigFile = parsed.GetValue(_config),
            Settings = parsed.GetValue(_set)!,
            Channel = parsed.GetValue(_channel),
            DataFiles = parsed.GetValue(_data)!,
            DataInstruments = parsed.GetValue(_dataInstruments)!,
            Speed = parsed.GetValue(_speed),
            IsGenerated = parsed.GetValue(_generate),
            Seed = parsed.GetValue(_seed),
            LatencyUs = parsed.GetValue(_latency),
            JitterUs = parsed.GetValue(_jitter),
            JournalFolder = parsed.GetValue(_journal),
            IsWatchingInput = parsed.GetValue(_watchInput),
        };
        if (options.IsGenerated && options.DataFiles.Count > 0)
            throw new UsageException("--data and --generate both say where the market comes from: give one");

        return options;
    }
}

/// <summary>Everything that `xp venue` was asked for, validated; paths are absolute.</summary>
public sealed record VenueProcessOptions
{
    /// <summary>The folder of the media driver to connect to.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>The pipeline's configuration, for instruments and streams; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Keys of the configuration that are set over the file.</summary>
    public IReadOnlyList<ConfigurationSetting> Settings { get; init; } = [];

    /// <summary>The Aeron channel of every stream; null: those of the configuration.</summary>
    public string? Channel { get; init; }

    /// <summary>Files of a market, DBN or CSV; none: the generator, or the pipeline's market data stream.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>The file's instruments to follow, one after the other; empty: as a look at it suggests.</summary>
    public IReadOnlyList<uint> DataInstruments { get; init; } = [];

    /// <summary>How fast files and generator play; 1 is real time.</summary>
    public double Speed { get; init; } = 60;

    /// <summary>Whether the generator fills the book. Default: the pipeline's market data stream does.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Seed of the generator and of the jitter.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What a request and a report take on their way, in microseconds.</summary>
    public long LatencyUs { get; init; }

    /// <summary>The most that is added to each way at random, in microseconds.</summary>
    public long JitterUs { get; init; }

    /// <summary>The folder of the journal that it goes on with or begins; null: there is none.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>Ends when standard input does, since then the parent has ended.</summary>
    public bool IsWatchingInput { get; init; }

    /// <summary>The command line, from "venue" on, that gives these options again.</summary>
    public IReadOnlyList<string> ToArguments()
    {
        List<string> arguments =
        [
            "venue",
            "--aeron-dir", AeronDirectory,
            "--speed", ChildProcess.Text(Speed),
            "--seed", ChildProcess.Text(Seed),
            "--latency", ChildProcess.Text(LatencyUs),
            "--jitter", ChildProcess.Text(JitterUs),
        ];
        ChildProcess.AddInputs(arguments, ConfigFile, Channel, DataFiles, DataInstruments);
        ConfigurationInputs.AddTo(arguments, Settings);
        if (IsGenerated)
            arguments.Add("--generate");
        if (JournalFolder is not null)
            arguments.AddRange(["--journal", JournalFolder]);
        if (IsWatchingInput)
            arguments.Add("--watch-stdin");
        return arguments;
    }
}
