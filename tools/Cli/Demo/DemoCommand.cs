using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Daemons;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>`xp demo`: its options and how they become <see cref="DemoOptions"/>.</summary>
public sealed class DemoCommand : Command
{
    private const int MaxScheduledSignals = 10_000;

    private readonly ValueOption<long?> _events = RunOptions.Events();
    private readonly ValueOption<double?> _seconds = RunOptions.Seconds();
    private readonly ValueOption<double> _rate = RunOptions.Rate();
    private readonly ValueOption<long> _warmup = RunOptions.Warmup();

    private readonly ValueOption<Topology?> _topology = RunOptions.OptionalChoice<Topology>(
        "--topology", "NAME", "How the stages are spread over threads; the results are the same.",
        "the configuration's, or auto");

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<GraphChoice> _graph = RunOptions.Choice(
        "--graph", "NAME", "The three actors in one ONNX graph, or one each.", GraphChoice.Merged);

    private readonly ValueOption<WaitChoice?> _wait = RunOptions.OptionalChoice<WaitChoice>(
        "--wait", "NAME", "What hot threads do while idle; auto is busy where each has its own processor, else yield.",
        "the configuration's, or auto");

    private readonly ValuesOption<string> _data = RunOptions.Data();
    private readonly ValueOption<IReadOnlyList<uint>> _dataInstruments = RunOptions.DataInstruments();
    private readonly ValueOption<double> _speed = RunOptions.Speed();
    private readonly ValueOption<long> _seed = RunOptions.Seed();
    private readonly ValueOption<double> _holds = RunOptions.Holds();
    private readonly ValueOption<int> _malformed = RunOptions.Malformed();

    private readonly ValueOption<int> _schedules = new(
        "--schedules", "N", "Signals of a second part, which shows each strategy's schedule on a virtual clock.",
        Numbers.WholeInt("signals; 0: no second part", 0, MaxScheduledSignals), 60, "60");

    private readonly ValueOption<long?> _tail = RunOptions.Tail();

    private readonly ValueOption<string?> _report = new(
        "--report", "DIR", "Writes report.html, latency.hlog, percentiles.txt and report.json to this folder.",
        Paths.WritableDirectory, null, "no report");

    private readonly ValueOption<string?> _json = RunOptions.Json();

    private readonly ValueOption<string?> _journal = RunOptions.Journal();

    private readonly ValueOption<VenueKind?> _venue = RunOptions.OptionalChoice<VenueKind>(
        "--venue", "KIND", "Where orders go: to the simulated exchange, or to a venue started in another process.",
        "the configuration's, or simulated");

    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValuesOption<ConfigurationSetting> _set = ConfigurationInputs.Set();
    private readonly ValueOption<string?> _models = RunOptions.Models();

    private readonly ValueOption<IReadOnlyList<int>?> _cpus = new(
        "--cpus", "LIST", "Processors to pin to: the last for the tactical engine, the others for the hot threads.",
        new ValueReader<IReadOnlyList<int>?>(CpuLists.Many.Help, text =>
        {
            var read = CpuLists.Many.Read(text);
            return new ReadValue<IReadOnlyList<int>?>(read.Value, read.Problem);
        }),
        null, "the configuration's, or all that are allowed, from the last to the first");

    private readonly ValueOption<string?> _aeronDirectory = new(
        "--aeron-dir", "DIR", "The media driver's folder; removed after the run.",
        Paths.WritableDirectory, null, "a new one in shared memory");

    private readonly ValueOption<string?> _driver = new(
        "--driver", "DIR", "The folder of a running media driver to use, this project's or an official one.",
        Paths.ExistingDirectory, null, "an embedded driver");

    private readonly ValueOption<string?> _channel = RunOptions.Channel();
    private readonly FlagOption _serve = new(
        "--serve", "Shows the dashboard while it runs, by a control plane in a process of its own.");

    private readonly ValueOption<int> _port = ControlCommand.Port();
    private readonly FlagOption _force = RunOptions.Force();
    private readonly FlagOption _quiet = new("--quiet", "Shows no progress.");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public DemoCommand(Func<DemoOptions, CancellationToken, Task<int>> run)
        : base("demo", "Runs the pipeline against a tactical engine in another process and reports what it measured.")
    {
        Option[] options =
        [
            _events, _seconds, _rate, _warmup, _topology, _inference, _graph, _wait, _data, _dataInstruments, _speed,
            _seed, _holds, _malformed, _schedules, _tail, _report, _json, _journal, _venue, _config, _set, _models,
            _cpus, _aeronDirectory, _driver, _channel, _serve, _port, _force, _quiet,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private DemoOptions OptionsOf(ParseResult parsed)
    {
        var options = Read(parsed);
        WrittenFiles.MustStandAlone(
            [
                .. options.DataFiles, .. ConfigurationLoader.FilesOf(options.ConfigFile),
                .. Policies.FilesOf(options.ModelsDirectory),
            ],
            [
                options.JsonFile, .. ReportFolder.FilesOf(options.ReportDirectory),
                .. JournalFolders.FilesOf(options.JournalFolder),
            ]);
        JournalFolders.MustBeNew(options.IsForced, options.JournalFolder);
        ReportFolder.MustBeNew(options.IsForced, options.ReportDirectory);
        return options;
    }

    private DemoOptions Read(ParseResult parsed) => new()
    {
        Events = RunOptions.EventCount(
            parsed.GetValue(_events), parsed.GetValue(_seconds), parsed.GetValue(_rate)),
        Seconds = parsed.GetValue(_seconds),
        RatePerSecond = parsed.GetValue(_rate),
        WarmupEvents = parsed.GetValue(_warmup),
        Topology = parsed.GetValue(_topology),
        Inference = parsed.GetValue(_inference),
        Graph = parsed.GetValue(_graph),
        Wait = parsed.GetValue(_wait),
        DataFiles = parsed.GetValue(_data)!,
        DataInstruments = parsed.GetValue(_dataInstruments)!,
        Speed = parsed.GetValue(_speed),
        Seed = parsed.GetValue(_seed),
        Holds = parsed.GetValue(_holds),
        MalformedPerKind = parsed.GetValue(_malformed),
        ScheduledSignals = parsed.GetValue(_schedules),
        TailAboveNs = parsed.GetValue(_tail),
        ReportDirectory = parsed.GetValue(_report),
        JsonFile = parsed.GetValue(_json),
        JournalFolder = parsed.GetValue(_journal),
        ConfigFile = parsed.GetValue(_config),
        Settings = parsed.GetValue(_set)!,
        Venue = parsed.GetValue(_venue),
        ModelsDirectory = parsed.GetValue(_models),
        Cpus = parsed.GetValue(_cpus),
        AeronDirectory = DirectoryOf(parsed),
        IsDriverExternal = parsed.GetValue(_driver) != null,
        Channel = parsed.GetValue(_channel),
        DashboardPort = parsed.GetValue(_serve) ? parsed.GetValue(_port) : null,
        IsForced = parsed.GetValue(_force),
        IsQuiet = parsed.GetValue(_quiet),
    };

    private string DirectoryOf(ParseResult parsed)
    {
        var own = parsed.GetValue(_aeronDirectory);
        var running = parsed.GetValue(_driver);
        if (own != null && running != null)
            throw new UsageException("--aeron-dir is for a driver to be started, --driver for one that runs: give one");

        return running ?? own ?? AeronDirectories.New();
    }
}
