using System.CommandLine;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>`xp backtest`: its options and how they become <see cref="BacktestOptions"/>.</summary>
public sealed class BacktestCommand : System.CommandLine.Command
{
    private readonly BacktestInputs _inputs = new();

    private readonly ValueOption<string?> _report = new(
        "--report", "DIR", "Writes costs.html, with the equity, and costs.json to a folder.",
        Paths.WritableDirectory, null, "not written");

    private readonly ValueOption<string?> _journal = new(
        "--journal", "DIR",
        "Keeps a journal of every event for xp replay; the volume's course is then as configured, not learned.",
        Paths.WritableDirectory, null, "no journal");

    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();
    private readonly FlagOption _quiet = new("--quiet", "Shows no progress.");

    /// <summary>
    /// The command; <paramref name="run"/> does its work, and <paramref name="sweep"/> that of the command below it.
    /// Both return the exit code.
    /// </summary>
    public BacktestCommand(
        Func<BacktestOptions, CancellationToken, Task<int>> run, Func<SweepOptions, CancellationToken, Task<int>> sweep)
        : base("backtest", "Runs market data and signals through the stages on a virtual clock, and says what it cost.")
    {
        foreach (var option in (Option[])[.. _inputs.All, _report, _journal, _json, _force, _quiet])
            Add(option);

        Add(new SweepCommand(sweep));
        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private BacktestOptions OptionsOf(ParseResult parsed)
    {
        var options = Read(parsed);
        string?[] inputs =
        [
            .. options.DataFiles, .. ConfigurationLoader.FilesOf(options.ConfigFile),
            .. JournalFolders.FilesOf(options.Signals.Journal), .. Policies.FilesOf(options.ModelsDirectory),
        ];
        WrittenFiles.MustStandAlone(
            inputs, [options.JsonFile, .. options.ReportFiles, .. JournalFolders.FilesOf(options.JournalFolder)]);
        WrittenFiles.MustBeNew(options.IsForced, options.ReportFiles);
        JournalFolders.MustBeNew(options.IsForced, options.JournalFolder);
        return options;
    }

    private BacktestOptions Read(ParseResult parsed) => _inputs.Read(parsed) with
    {
        ReportDirectory = parsed.GetValue(_report),
        JournalFolder = parsed.GetValue(_journal),
        JsonFile = parsed.GetValue(_json),
        IsForced = parsed.GetValue(_force),
        IsQuiet = parsed.GetValue(_quiet),
    };
}

/// <summary>So many seeded signals, or those of a journal.</summary>
/// <param name="Count">Of the seeded ones.</param>
/// <param name="Journal">The journal's folder; null: seeded signals.</param>
public sealed record SignalChoice(long Count, string? Journal);

/// <summary>Everything that `xp backtest` was asked for, validated; paths are absolute.</summary>
public sealed record BacktestOptions
{
    /// <summary>The page with what executions cost, within the report's folder.</summary>
    public const string Page = "costs.html";

    /// <summary>The same for machines.</summary>
    public const string Costs = "costs.json";

    /// <summary>Files of a market, DBN or CSV, plain or packed; none: the generator.</summary>
    public IReadOnlyList<string> DataFiles { get; init; } = [];

    /// <summary>The file's instruments to follow, one after the other; empty: as a look at it suggests.</summary>
    public IReadOnlyList<uint> DataInstruments { get; init; } = [];

    /// <summary>How long a generated market lasts.</summary>
    public long Minutes { get; init; } = 60;

    public SignalChoice Signals { get; init; } = new(500, null);

    /// <summary>Seed of the signal mix and of the market generator.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What orders trade with; null: recorded orders where the data have them.</summary>
    public BacktestVenue? Venue { get; init; }

    /// <summary>How resting orders are filled among recorded ones; null: by their place in the queue.</summary>
    public FillChoice? Fill { get; init; }

    /// <summary>Of the way to the venue, and of the way back.</summary>
    public VenueLatencyOptions Latency { get; init; } = new();

    /// <summary>The pipeline's configuration; null: the demo's own, with algorithms.</summary>
    public string? ConfigFile { get; init; }

    public InferenceChoice Inference { get; init; }

    public GraphChoice Graph { get; init; }

    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>Where the report's files go; null: none.</summary>
    public string? ReportDirectory { get; init; }

    /// <summary>The folder of the journal of all events; null: there is none.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Whether a report or a journal that is there already may be replaced.</summary>
    public bool IsForced { get; init; }

    /// <summary>No progress is shown.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>The report's files; empty: none is written.</summary>
    public IReadOnlyList<string> ReportFiles => ReportDirectory is null ? [] : ReportFilesIn(ReportDirectory);

    /// <summary>A report's files in a folder.</summary>
    internal static IReadOnlyList<string> ReportFilesIn(string folder) =>
        [Path.Combine(folder, Page), Path.Combine(folder, Costs)];
}
