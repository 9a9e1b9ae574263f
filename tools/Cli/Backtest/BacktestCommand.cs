using System.CommandLine;
using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>`xp backtest`: its options and how they become <see cref="BacktestOptions"/>.</summary>
public sealed class BacktestCommand : System.CommandLine.Command
{
    private const long MaxMinutes = 1_000_000;
    private const long MaxSignals = 100_000_000;

    private readonly ValuesOption<string> _data = RunOptions.Data();
    private readonly ValueOption<IReadOnlyList<uint>> _dataInstruments = RunOptions.DataInstruments();

    private readonly ValueOption<long> _minutes = new(
        "--minutes", "N", "How long the generated market lasts; plays no part with --data.",
        Numbers.Whole("minutes", 1, MaxMinutes), 60, "60");

    private readonly ValueOption<SignalChoice> _signals = new(
        "--signals", "N|DIR", "Seeded signals to spread over the market data, or a journal whose signals are taken.",
        new ValueReader<SignalChoice>("unit: signals, or a path", ReadSignals), new SignalChoice(500, null), "500");

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<GraphChoice> _graph = RunOptions.Choice(
        "--graph", "NAME", "The three actors in one ONNX graph, or one each.", GraphChoice.Merged);

    private readonly ValueOption<string?> _config = new(
        "--config", "FILE", "The pipeline's configuration, JSON.",
        Paths.ExistingFile, null, "the demo's own, but that each strategy is worked by its algorithm");

    private readonly ValueOption<string?> _report = new(
        "--report", "DIR", "Writes costs.html, with the equity, and costs.json to a folder.",
        Paths.WritableDirectory, null, "not written");

    private readonly ValueOption<BacktestVenue?> _venue = RunOptions.OptionalChoice<BacktestVenue>(
        "--venue", "NAME", "What orders trade with: the best bid and offer, or the recorded orders.",
        "orders where the data have single orders, else touch");

    private readonly ValueOption<FillChoice?> _fill = RunOptions.OptionalChoice<FillChoice>(
        "--fill-model", "NAME", "How resting orders are filled among recorded ones.", "queue");

    private readonly ValueOption<VenueLatencyOptions> _latency = new(
        "--latency-us", "N[:J]", "How long the way to the venue takes, and the way back.", LatencyReader.Reader,
        new VenueLatencyOptions(), "250:50");

    private readonly ValueOption<long> _seed = RunOptions.Seed();
    private readonly ValueOption<string?> _models = RunOptions.Models();
    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();
    private readonly FlagOption _quiet = new("--quiet", "Shows no progress.");

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public BacktestCommand(Func<BacktestOptions, CancellationToken, Task<int>> run)
        : base("backtest", "Runs market data and signals through the stages on a virtual clock, and says what it cost.")
    {
        Option[] options =
        [
            _data, _dataInstruments, _minutes, _signals, _seed, _venue, _fill, _latency, _config, _inference, _graph,
            _models, _report, _json, _force, _quiet,
        ];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private static ReadValue<SignalChoice> ReadSignals(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
        {
            return count is >= 1 and <= MaxSignals
                ? ReadValue<SignalChoice>.Of(new SignalChoice(count, null))
                : ReadValue<SignalChoice>.Not($"{count} is outside 1 to {MaxSignals} (signals)");
        }

        var folder = Paths.ExistingDirectory.Read(text);
        return folder.Problem is null
            ? ReadValue<SignalChoice>.Of(new SignalChoice(0, folder.Value))
            : ReadValue<SignalChoice>.Not(folder.Problem);
    }

    private BacktestOptions OptionsOf(ParseResult parsed)
    {
        var options = Read(parsed);
        string?[] inputs = [.. options.DataFiles, options.ConfigFile];
        WrittenFiles.MustStandAlone(inputs, [options.JsonFile, .. options.ReportFiles]);
        WrittenFiles.MustBeNew(options.IsForced, options.ReportFiles);
        return options;
    }

    private BacktestOptions Read(ParseResult parsed) => new()
    {
        DataFiles = parsed.GetValue(_data)!,
        DataInstruments = parsed.GetValue(_dataInstruments)!,
        Minutes = parsed.GetValue(_minutes),
        Signals = parsed.GetValue(_signals)!,
        Seed = parsed.GetValue(_seed),
        Venue = parsed.GetValue(_venue),
        Fill = parsed.GetValue(_fill),
        Latency = parsed.GetValue(_latency)! with { Seed = (ulong)parsed.GetValue(_seed) },
        ConfigFile = parsed.GetValue(_config),
        Inference = parsed.GetValue(_inference),
        Graph = parsed.GetValue(_graph),
        ModelsDirectory = parsed.GetValue(_models),
        ReportDirectory = parsed.GetValue(_report),
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

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Whether a report that is there already may be replaced.</summary>
    public bool IsForced { get; init; }

    /// <summary>No progress is shown.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>The report's files; empty: none is written.</summary>
    public IReadOnlyList<string> ReportFiles => ReportDirectory is null
        ? []
        : [Path.Combine(ReportDirectory, Page), Path.Combine(ReportDirectory, Costs)];
}
