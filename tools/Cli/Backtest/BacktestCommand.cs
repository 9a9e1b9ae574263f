using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using Spectre.Console;

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
        "--signals", "N|FILE", "Seeded signals to spread over the market data, or a recording whose signals are taken.",
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
            _data, _dataInstruments, _minutes, _signals, _seed, _config, _inference, _graph, _models, _report, _json,
            _force, _quiet,
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

        var file = Paths.ExistingFile.Read(text);
        return file.Problem is null
            ? ReadValue<SignalChoice>.Of(new SignalChoice(0, file.Value))
            : ReadValue<SignalChoice>.Not(file.Problem);
    }

    private BacktestOptions OptionsOf(ParseResult parsed)
    {
        var options = Read(parsed);
        string?[] inputs = [.. options.DataFiles, options.ConfigFile, options.Signals.File];
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

/// <summary>So many seeded signals, or those of a recorded input.</summary>
/// <param name="Count">Of the seeded ones.</param>
/// <param name="File">The recorded input; null: seeded signals.</param>
public sealed record SignalChoice(long Count, string? File);

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

/// <summary>`xp backtest`: opens what it plays, shows how far it is, and writes what it came to.</summary>
public static class BacktestRunner
{
    private const long MinuteNs = 60_000_000_000;
    private const int UpdatesPerLook = 65_536;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs to the end. Returns the exit code: 1 when the market data are damaged.</summary>
    public static Task<int> RunAsync(BacktestOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, cancel), CancellationToken.None);

    private static int Run(BacktestOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var pipeline = DemoConfiguration.LoadScheduled(options.ConfigFile);
        var traded = pipeline.Instruments.FirstOrDefault()
            ?? throw new UsageException($"{options.ConfigFile}: instruments: there is none");
        var check = MarketSources.Check(options.DataFiles, options.DataInstruments, traded.TickSize);
        foreach (var note in check.Notes)
            console.MarkupLineInterpolated($"[yellow]{note}[/]");

        IMarketSource Open() => options.DataFiles.Count > 0
            ? MarketSources.Open(options.DataFiles, check.InstrumentIds, options.Seed)
            : new GeneratedMarket(options.Seed, traded, options.Minutes * MinuteNs);
        var price = FirstPrice(Open);
        foreach (var line in OrderRoom.Describe(pipeline, id => id == traded.Id ? price : null))
            console.MarkupLineInterpolated($"[yellow]{line}[/]");

        var choice = Policies.ChoiceOf(options.Inference, options.Graph, options.ModelsDirectory);
        using var policy = Policies.Open(choice, console);
        var clock = Stopwatch.StartNew();
        var span = options.DataFiles.Count > 0
            ? SpanOf(Open, cancel)
            : GeneratedMarket.SpanOf(options.Minutes * MinuteNs);
        var run = new BacktestRun(pipeline, policy.Backend, span.FirstNs);
        ISignalSource signals = options.Signals.File is { } file
            ? RecordedSignals.Read(file, span)
            : new SeededSignals(span, options.Signals.Count, options.Seed, traded.Id, run.InstrumentIds);
        var result = Play(options, console, run, Open, signals, cancel);
        var elapsed = clock.Elapsed;

        Write(options, result);
        console.WriteLine(
            $"{TimeText.Of(span.FirstNs)} to {TimeText.Of(span.LastNs)}, {policy.Name}, "
            + FormattableString.Invariant($"{elapsed.TotalSeconds:0.00} s"));
        BacktestReport.Show(console, result);
        if (options.DataFiles.Count > 0)
            console.MarkupLineInterpolated($"market data: {MarketSources.Describe(result.Figures.MarketData)}");
        foreach (var path in options.ReportFiles)
            console.MarkupLineInterpolated($"report: {path}");
        if ((result.Figures.Problem ?? check.Problem) is not { } problem)
            return ExitCode.Done;

        Console.Error.WriteLine($"xp backtest: {problem}");
        return ExitCode.Failed;
    }

    private static BacktestResult Play(
        BacktestOptions options, IAnsiConsole console, BacktestRun run, Func<IMarketSource> open, ISignalSource signals,
        CancellationToken cancel)
    {
        var market = open();
        using var closing = market as IDisposable;
        var progress = RunProgress.Create(console, options.IsQuiet);
        var clock = Stopwatch.StartNew();
        var shown = TimeSpan.Zero;
        progress.Start(signals.Count);
        try
        {
            return run.Play(market, signals, OnProgress, cancel);
        }
        finally
        {
            progress.Stop();
        }

        void OnProgress(long done, long orders)
        {
            if (clock.Elapsed - shown < ProgressInterval && done < signals.Count)
                return;

            shown = clock.Elapsed;
            progress.Update(new ProgressFigures(done, done / shown.TotalSeconds, orders, 0));
        }
    }

    private static void Write(BacktestOptions options, BacktestResult result)
    {
        if (options.ReportDirectory is { } folder)
        {
            using var files = new WholeFolder(folder);
            CostReport.WriteHtml(Path.Combine(files.Unfinished, BacktestOptions.Page), result.Costs);
            CostReport.WriteJson(Path.Combine(files.Unfinished, BacktestOptions.Costs), result.Costs);
            files.Complete(isReplacing: options.IsForced);
        }

        if (options.JsonFile is { } json)
            ReportJson.Write(json, result.Figures);
    }

    private static decimal? FirstPrice(Func<IMarketSource> open)
    {
        var market = open();
        using var closing = market as IDisposable;
        var update = default(MarketUpdate);
        while (market.TryNext(ref update))
        {
            if (update is { BidQuantity: > 0, AskQuantity: > 0 })
                return MarketSources.MiddleOf(in update);
        }

        return null;
    }

    /// <summary>Looks through the data once: signals are spread over the time that they cover.</summary>
    private static MarketSpan SpanOf(Func<IMarketSource> open, CancellationToken cancel)
    {
        var market = open();
        using var closing = market as IDisposable;
        var update = default(MarketUpdate);
        var (firstNs, lastNs) = (0L, 0L);
        try
        {
            for (var count = 1L; market.TryNext(ref update); count++)
            {
                if (firstNs == 0 && update is { BidQuantity: > 0, AskQuantity: > 0 })
                    firstNs = update.ExchangeTimeNs;
                lastNs = update.ExchangeTimeNs;
                if (count % UpdatesPerLook == 0)
                    cancel.ThrowIfCancellationRequested();
            }
        }
        catch (MarketDataException)
        {
            // The run comes to the same place and says what is wrong there.
        }

        return firstNs > 0
            ? new MarketSpan(firstNs, lastNs)
            : throw new InvalidDataException("the market data have no quote with a bid and an offer");
    }
}
