using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>`xp backtest sweep`: makes the runs on several threads, and compares what they came to.</summary>
public static class SweepRunner
{
    /// <summary>Runs all. Returns the exit code: 1 when the market data are damaged.</summary>
    public static Task<int> RunAsync(SweepOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, cancel), CancellationToken.None);

    private static int Run(SweepOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var backtest = options.Backtest;
        var variants = options.Variants();
        var pipelines = variants
            .Select(variant => variant.ConfigurationSettings())
            .Select(settings => BacktestRunner.WithOneVenue(
                DemoConfiguration.LoadScheduled(backtest.ConfigFile, settings), backtest.ConfigFile))
            .ToArray();
        foreach (var pipeline in pipelines)
            DemoConfiguration.MustFit(backtest.ConfigFile, pipeline);
        var traded = pipelines[0].Instruments.FirstOrDefault()
            ?? throw new UsageException($"{backtest.ConfigFile}: instruments: there is none");
        return Run(options, variants, pipelines, new BacktestMarket(backtest, traded, cancel), console, cancel);
    }

    /// <summary>The same with a market that was looked through.</summary>
    internal static int Run(
        SweepOptions options, IReadOnlyList<SweepVariant> variants, PipelineOptions[] pipelines, BacktestMarket market,
        IAnsiConsole console, CancellationToken cancel)
    {
        foreach (var note in market.Notes)
            console.MarkupLineInterpolated($"[yellow]{note}[/]");

        var runs = Play(options, variants, pipelines, market, cancel);
        var venue = market.Venue.Kind.ToString().ToLowerInvariant();
        var figures = SweepFigures.Of(options, venue, variants, runs);
        Show(console, figures);
        if (options.JsonFile is { } json)
            ReportJson.Write(json, figures);
        if (options.PageFile is { } page)
        {
            WholeFile.WriteText(page, Html(figures));
            console.MarkupLineInterpolated($"report: {page}");
        }

        if ((figures.Problem ?? market.Problem) is not { } problem)
            return ExitCode.Done;

        Console.Error.WriteLine($"xp backtest sweep: {problem}");
        return ExitCode.Failed;
    }

    /// <summary>The page; it needs nothing but itself.</summary>
    public static string Html(SweepFigures figures)
    {
        var data = new JsonObject { ["sweep"] = JsonSerializer.SerializeToNode(figures, HtmlPage.DataOptions) };
        return HtmlPage.Text("Execution pipeline: sweep", "sweep", data);
    }

    private static SweepRunFigures[] Play(
        SweepOptions options, IReadOnlyList<SweepVariant> variants, PipelineOptions[] pipelines, BacktestMarket market,
        CancellationToken cancel)
    {
        var backtest = options.Backtest;
        var choice = Policies.ChoiceOf(backtest.Inference, backtest.Graph, backtest.ModelsDirectory);
        var runs = new SweepRunFigures[variants.Count * options.Seeds];
        var idle = new ConcurrentBag<LoadedPolicy>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancel };
        try
        {
            Parallel.For(0, runs.Length, parallel, index =>
            {
                // A policy is for one thread at a time, and each run leaves it as it was.
                var policy = idle.TryTake(out var free) ? free : Policies.Open(choice);
                var seed = backtest.Seed + index % options.Seeds;
                var variant = index / options.Seeds;
                var result = market.Play(pipelines[variant], policy.Backend, seed, null, cancel);
                runs[index] = SweepRunFigures.Of(variants[variant].Name, seed, result);
                idle.Add(policy);
            });
        }
        catch (AggregateException several)
        {
            throw several.InnerExceptions[0];
        }
        finally
        {
            foreach (var policy in idle)
                policy.Dispose();
        }

        return runs;
    }

    private static void Show(IAnsiConsole console, SweepFigures figures)
    {
        FigureTable.Write(
            console,
            "Cost of the orders, bp of the value decided, mean over the seeds ± 95 %",
            ["variant", "orders", "filled", "cost", "with fees", "saved, %"],
            [.. figures.Variants.Select(static one => (string[])
            [
                one.Variant,
                one.Orders.ToString("N0", CultureInfo.InvariantCulture),
                one.FillRate.ToString("0.00 %", CultureInfo.InvariantCulture),
                Text(one.CostBps),
                Text(one.TotalBps),
                one.Saved is { } saved ? Text(saved.Times(100), "0.0") : "-",
            ])]);
        console.WriteLine(
            $"{figures.Venue}, {figures.Signals} signals, {figures.Seeds} seeds; saved: of the first variant's cost "
            + "with the same seeds, before fees");
        if (figures.Fixed.Count > 0)
            console.WriteLine($"all with {string.Join(", ", figures.Fixed)}");
    }

    private static string Text(IntervalFigures interval, string format = "0.000")
    {
        var mean = interval.Mean.ToString(format, CultureInfo.InvariantCulture);
        return interval.HalfWidth95 is { } half
            ? $"{mean} ± {half.ToString(format, CultureInfo.InvariantCulture)}"
            : mean;
    }
}
