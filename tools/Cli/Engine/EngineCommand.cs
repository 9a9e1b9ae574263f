using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>`xp engine`: its options and how they become <see cref="EngineOptions"/>.</summary>
public sealed class EngineCommand : Command
{
    private const double MaxConnectSeconds = 3600;

    private readonly ValueOption<string?> _aeronDirectory = new(
        "--aeron-dir", "DIR", "The folder of the running media driver.",
        Paths.ExistingDirectory, null, "none, it must be given");

    private readonly ValueOption<string?> _config = RunOptions.StreamsConfig();
    private readonly ValuesOption<ConfigurationSetting> _set = ConfigurationInputs.Set();
    private readonly ValueOption<string?> _channel = RunOptions.Channel();
    private readonly ValueOption<long?> _events = RunOptions.Events();
    private readonly ValueOption<double?> _seconds = RunOptions.Seconds();
    private readonly ValueOption<double> _rate = RunOptions.Rate();
    private readonly ValueOption<long> _warmup = RunOptions.Warmup();
    private readonly ValuesOption<string> _data = RunOptions.Data();
    private readonly ValueOption<IReadOnlyList<uint>> _dataInstruments = RunOptions.DataInstruments();
    private readonly ValueOption<double> _speed = RunOptions.Speed();
    private readonly ValueOption<long> _seed = RunOptions.Seed();
    private readonly ValueOption<double> _holds = RunOptions.Holds();
    private readonly ValueOption<int> _malformed = RunOptions.Malformed();

    private readonly ValueOption<long> _firstSignal = new(
        "--first-signal", "ID", "The first signal's id: an engine that is restarted sends again from there.",
        Numbers.Whole("signal id", 1, long.MaxValue / 2), 1, "1");

    private readonly ValueOption<long> _instrument = new(
        "--instrument", "ID", "The instrument that the messages name.",
        Numbers.Whole("instrument id", 0, uint.MaxValue - 1), 1, "1");

    private readonly ValueOption<IReadOnlyList<int>> _cpu = new(
        "--cpu", "N", "The processor to pin the sender to.", CpuLists.One, [], "none");

    private readonly ValueOption<double> _connectTimeout = new(
        "--connect-timeout", "S", "How long to wait for the pipeline's subscriptions.",
        Numbers.Positive("s", MaxConnectSeconds), 30, "30");

    private readonly ValueOption<ReaderChoice> _reader = RunOptions.Choice(
        "--reader", "WHO",
        "Who reads what the pipeline publishes: a thread of its own, or the sender while nothing is due. Auto is a "
        + "thread of its own where there are three processors.",
        ReaderChoice.Auto);

    private readonly FlagOption _closeAll = new("--close-all", "Sends the command CLOSE_ALL after the last signal.");

    private readonly FlagOption _watchInput = new("--watch-stdin", "Ends when standard input does.");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public EngineCommand(Func<EngineOptions, CancellationToken, Task<int>> run)
        : base("engine", "Is the tactical engine: sends market data and TRADE_QUALIFIED signals over Aeron.")
    {
        Option[] options =
        [
            _aeronDirectory, _config, _set, _channel, _events, _seconds, _rate, _warmup, _data, _dataInstruments,
            _speed, _seed, _holds, _malformed, _firstSignal, _instrument, _cpu, _connectTimeout, _reader, _closeAll,
            _watchInput,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private EngineOptions OptionsOf(ParseResult parsed) => new()
    {
        AeronDirectory = parsed.GetValue(_aeronDirectory) ?? throw new UsageException("--aeron-dir must be given"),
        ConfigFile = parsed.GetValue(_config),
        Settings = parsed.GetValue(_set)!,
        Channel = parsed.GetValue(_channel),
        Events = RunOptions.EventCount(
            parsed.GetValue(_events), parsed.GetValue(_seconds), parsed.GetValue(_rate)),
        RatePerSecond = parsed.GetValue(_rate),
        WarmupEvents = parsed.GetValue(_warmup),
        DataFiles = parsed.GetValue(_data)!,
        DataInstruments = parsed.GetValue(_dataInstruments)!,
        Speed = parsed.GetValue(_speed),
        Seed = parsed.GetValue(_seed),
        Holds = parsed.GetValue(_holds),
        MalformedPerKind = parsed.GetValue(_malformed),
        FirstSignalId = parsed.GetValue(_firstSignal),
        InstrumentId = (uint)parsed.GetValue(_instrument),
        Cpu = parsed.GetValue(_cpu) is [var cpu] ? cpu : null,
        ConnectTimeoutSeconds = parsed.GetValue(_connectTimeout),
        Reader = parsed.GetValue(_reader),
        IsClosingAll = parsed.GetValue(_closeAll),
        IsWatchingInput = parsed.GetValue(_watchInput),
    };
}

/// <summary>Everything that `xp engine` was asked for, validated; paths are absolute.</summary>
public sealed record EngineOptions
{
    /// <summary>The folder of the media driver to connect to.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>The pipeline's configuration, for its streams; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Keys of the configuration that are set over the file.</summary>
    public IReadOnlyList<ConfigurationSetting> Settings { get; init; } = [];

    /// <summary>The Aeron channel of every stream; null: those of the configuration.</summary>
    public string? Channel { get; init; }

    /// <summary>Measured signals, those after the warm-up.</summary>
    public long Events { get; init; } = 200_000;

    /// <summary>Signals a second, sent at fixed times whatever the pipeline does.</summary>
    public double RatePerSecond { get; init; } = 20_000;

    /// <summary>Signals before the measured ones, at the same rate; their ids are the first ones.</summary>
    public long WarmupEvents { get; init; } = 20_000;

    /// <summary>Files of a market, DBN or CSV, plain or packed; none: the generator.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>The file's instruments to follow, one after the other; empty: as a look at it suggests.</summary>
    public IReadOnlyList<uint> DataInstruments { get; init; } = [];

    /// <summary>How fast market data play; 1 is real time.</summary>
    public double Speed { get; init; } = 60;

    /// <summary>Seed of the signal mix and of the market generator.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Share of the signals that say hold, from 0 to 1.</summary>
    public double Holds { get; init; } = SignalMix.UsualHolds;

    /// <summary>Malformed messages of each kind among the measured signals.</summary>
    public int MalformedPerKind { get; init; }

    /// <summary>The id of the first signal, of which the others follow. What each says depends on its id.</summary>
    public long FirstSignalId { get; init; } = 1;

    /// <summary>The instrument that the messages name.</summary>
    public uint InstrumentId { get; init; } = 1;

    /// <summary>The processor to pin to; null: none.</summary>
    public int? Cpu { get; init; }

    /// <summary>How long to wait for the pipeline's subscriptions, in seconds.</summary>
    public double ConnectTimeoutSeconds { get; init; } = 30;

    /// <summary>Who reads what the pipeline publishes.</summary>
    public ReaderChoice Reader { get; init; }

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
            "--events", ChildProcess.Text(Events),
            "--rate", ChildProcess.Text(RatePerSecond),
            "--warmup", ChildProcess.Text(WarmupEvents),
            "--speed", ChildProcess.Text(Speed),
            "--seed", ChildProcess.Text(Seed),
            "--holds", ChildProcess.Text(Holds),
            "--malformed", ChildProcess.Text(MalformedPerKind),
            "--first-signal", ChildProcess.Text(FirstSignalId),
            "--instrument", ChildProcess.Text(InstrumentId),
            "--cpu", Cpu is { } cpu ? ChildProcess.Text(cpu) : "none",
            "--connect-timeout", ChildProcess.Text(ConnectTimeoutSeconds),
            "--reader", ReportNames.KeyOf(Reader),
        ];
        ChildProcess.AddInputs(arguments, ConfigFile, Channel, DataFiles, DataInstruments);
        ConfigurationInputs.AddTo(arguments, Settings);
        if (IsClosingAll)
            arguments.Add("--close-all");
        if (IsWatchingInput)
            arguments.Add("--watch-stdin");
        return arguments;
    }
}

/// <summary>Who reads what the pipeline publishes.</summary>
public enum ReaderChoice
{
    /// <summary>A thread of its own where sender and pipeline leave a processor for it, else the sender.</summary>
    Auto,

    /// <summary>A thread of its own.</summary>
    Apart,

    /// <summary>The sending thread, while no signal is due.</summary>
    Sender,
}

/// <summary>
/// `xp engine`: runs the tactical engine and writes its report as one line. With --watch-stdin the end of standard
/// input means that the parent has ended, and ends the engine.
/// </summary>
public static class EngineRunner
{
    /// <summary>Runs to the end. Returns the exit code: 0 when everything was sent.</summary>
    public static Task<int> RunAsync(EngineOptions options, TextWriter output, CancellationToken cancel) =>
        Task.Run(() => Run(options, output, cancel), CancellationToken.None);

    private static int Run(EngineOptions options, TextWriter output, CancellationToken cancel)
    {
        DriverDirectories.MustHoldADriver(options.AeronDirectory);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (options.IsWatchingInput)
            Supervision.OnEnd(stop.Cancel);

        var report = new TacticalEngine(options, stop.Token).Run();
        output.WriteLine(JsonReport.Line(report));
        output.Flush();
        if (report.Problem is { } problem)
            Console.Error.WriteLine($"xp engine: {problem}");

        return report.Ending switch
        {
            EngineEnding.Done when report.Problem == null => ExitCode.Done,
            EngineEnding.Interrupted => ExitCode.Interrupted,
            _ => ExitCode.Failed,
        };
    }
}
