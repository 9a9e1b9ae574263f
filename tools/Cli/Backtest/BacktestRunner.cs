using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>`xp backtest`: opens what it plays, shows how far it is, and writes what it came to.</summary>
public static class BacktestRunner
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs to the end. Returns the exit code: 1 when the market data are damaged.</summary>
    public static Task<int> RunAsync(BacktestOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, cancel), CancellationToken.None);

    /// <summary>Refuses a configuration that a virtual run has no venues for.</summary>
    /// <exception cref="UsageException">It names several.</exception>
    internal static PipelineOptions WithOneVenue(PipelineOptions pipeline, string? file) =>
        pipeline.Routing.Venues.Count <= 1
            ? pipeline
            : throw new UsageException($"{file}: routing.venues: a backtest has one venue, and there are several");

    private static int Run(BacktestOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var pipeline = WithOneVenue(DemoConfiguration.LoadScheduled(options.ConfigFile), options.ConfigFile);
        DemoConfiguration.MustFit(options.ConfigFile, pipeline);
        var traded = pipeline.Instruments.FirstOrDefault()
            ?? throw new UsageException($"{options.ConfigFile}: instruments: there is none");
        var clock = Stopwatch.StartNew();
        var market = new BacktestMarket(options, traded, cancel);
        foreach (var note in market.Notes)
            console.MarkupLineInterpolated($"[yellow]{note}[/]");
        foreach (var line in OrderRoom.Describe(pipeline, id => id == traded.Id ? market.FirstPrice : null))
            console.MarkupLineInterpolated($"[yellow]{line}[/]");

        var choice = Policies.ChoiceOf(options.Inference, options.Graph, options.ModelsDirectory);
        using var policy = Policies.Open(choice, console);
        var span = market.Span;
        var recorded = SignalsOf(options, pipeline, span, console);
        // Until the run stands, whatever ends its start leaves the journal that it is to write over as it was.
        using var replaced = ReplacedJournal.SetAside(options.IsForced, options.JournalFolder);
        // A pipeline that is started on the folder would take the journal for a dead run's, and cut it.
        using var held = options.JournalFolder is { } written ? JournalLock.Take(written) : null;
        using var journal = JournalOf(options, pipeline);
        var run = DemoConfiguration.Make(options.ConfigFile, () => new BacktestRun(
            market.Complete(pipeline), policy.Backend, span.FirstNs, market.Venue, journal));
        var signals = recorded ?? (ISignalSource)new SeededSignals(
            SeededSignals.SessionsIn(span, run.Stages.Instruments[0].Calendar), options.Signals.Count, options.Seed,
            traded.Id, run.InstrumentIds);
        replaced?.Remove();
        var result = Play(options, console, run, market, signals, journal, cancel);
        var elapsed = clock.Elapsed;

        var reports = Write(options, result);
        console.WriteLine(
            $"{TimeText.Of(span.FirstNs)} to {TimeText.Of(span.LastNs)}, {policy.Name}, "
            + FormattableString.Invariant($"{elapsed.TotalSeconds:0.00} s"));
        BacktestReport.Show(console, result);
        if (options.DataFiles.Count > 0)
            console.MarkupLineInterpolated($"market data: {MarketSources.Describe(result.Figures.MarketData)}");
        foreach (var path in reports)
            console.MarkupLineInterpolated($"report: {path}");
        if ((result.Figures.Problem ?? market.Problem) is not { } problem)
            return ExitCode.Done;

        Console.Error.WriteLine($"xp backtest: {problem}");
        return ExitCode.Failed;
    }

    /// <summary>Those of a journal; null: they are seeded.</summary>
    private static JournalSignals? SignalsOf(
        BacktestOptions options, PipelineOptions pipeline, MarketSpan span, IAnsiConsole console)
    {
        if (options.Signals.Journal is not { } folder)
            return null;

        var signals = JournalSignals.Read(folder, span, pipeline);
        var all = signals.LeftOut + signals.NotConfigured + signals.Count;
        if (signals.LeftOut > 0)
        {
            console.MarkupLineInterpolated(
                $"[yellow]{signals.LeftOut} of the {all} signals of the journal lie outside the market data's time[/]");
        }

        if (signals.NotConfigured > 0)
        {
            var note = $"{signals.NotConfigured} of the {all} signals of the journal are of instruments that are not "
                + "configured";
            console.MarkupLineInterpolated($"[yellow]{note}[/]");
        }

        JournalFolders.TellEnd("backtest", signals.EndNote);
        return signals;
    }

    private static EventJournal? JournalOf(BacktestOptions options, PipelineOptions pipeline) =>
        options.JournalFolder is { } folder
            ? new EventJournal(folder, pipeline.Journal, PipelineConfiguration.HashOf(pipeline))
            : null;

    private static BacktestResult Play(
        BacktestOptions options, IAnsiConsole console, BacktestRun run, BacktestMarket market, ISignalSource signals,
        EventJournal? journal, CancellationToken cancel)
    {
        var source = market.Open(run);
        using var closing = source as IDisposable;
        var progress = RunProgress.Create(console, options.IsQuiet);
        var clock = Stopwatch.StartNew();
        var shown = TimeSpan.Zero;
        progress.Start(signals.Count);
        try
        {
            var result = run.Play(source, signals, OnProgress, cancel);
            journal?.Finish();
            return result;
        }
        catch
        {
            journal?.Abandon();
            throw;
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

    /// <summary>Returns the report's files, which are in another folder where one of them was there already.</summary>
    private static IReadOnlyList<string> Write(BacktestOptions options, BacktestResult result)
    {
        IReadOnlyList<string> reports = [];
        if (options.ReportDirectory is { } folder)
        {
            using var files = new WholeFolder(folder);
            CostReport.WriteHtml(Path.Combine(files.Unfinished, BacktestOptions.Page), result.Costs);
            CostReport.WriteJson(Path.Combine(files.Unfinished, BacktestOptions.Costs), result.Costs);
            reports = BacktestOptions.ReportFilesIn(files.Complete(isReplacing: options.IsForced));
        }

        if (options.JsonFile is { } json)
            ReportJson.Write(json, result.Figures);
        return reports;
    }
}
