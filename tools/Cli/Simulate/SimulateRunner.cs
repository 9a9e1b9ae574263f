using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Simulation;
using ExecutionPipeline.Stages.Inference;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Simulate;

/// <summary>What all seeds came to.</summary>
public sealed record SimulationFigures
{
    public required ulong FirstSeed { get; init; }
    public required int SeedsRun { get; init; }
    public required long Events { get; init; }
    public required double EventsPerSecond { get; init; }
    public required double TimesRealTime { get; init; }
    public required long Kills { get; init; }
    public required long PowerFailures { get; init; }
    public required long Ends { get; init; }
    public required long Holes { get; init; }
    public required long DiskTroubles { get; init; }
    public required long Flips { get; init; }
    public required long Snapshots { get; init; }
    public required long Orders { get; init; }
    public required long Executions { get; init; }

    /// <summary>Null: no rule was broken.</summary>
    public FailureFigures? Failure { get; init; }
}

/// <summary>The least that shows a broken rule.</summary>
public sealed record FailureFigures(
    ulong Seed, string Violation, long Event, long Events, string Faults, string Lives, string Inference)
{
    /// <summary>The command line that shows it.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture,
        $"xp simulate --seed {Seed} --events {Events} --faults {Faults} --lives {Lives} --inference {Inference}");
}

/// <summary>`xp simulate`: runs seeds on several threads, and shortens the first one that breaks a rule.</summary>
public static class SimulateRunner
{
    /// <summary>Runs all. Returns the exit code: 1 when a rule was broken.</summary>
    public static Task<int> RunAsync(SimulateOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, cancel), CancellationToken.None);

    private static int Run(SimulateOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var idle = new ConcurrentBag<LoadedPolicy>();
        var trace = options.TraceFile is null ? null : new StringBuilder();
        try
        {
            var began = Stopwatch.StartNew();
            var results = RunSeeds(options, console, idle, trace, cancel);
            if (options.TraceFile is { } file)
                WholeFile.WriteText(file, trace!.ToString());
            var seconds = began.Elapsed.TotalSeconds;
            var failed = results.Where(static r => r.Violation is not null).MinBy(static r => r.Seed);
            var failure = failed is null ? null : Shorten(options, console, failed, idle, cancel);
            var figures = FiguresOf(options, results, seconds, failure);
            Show(console, figures);
            if (options.JsonFile is { } json)
                ReportJson.Write(json, figures);
            return failure is null ? ExitCode.Done : ExitCode.Failed;
        }
        finally
        {
            foreach (var policy in idle)
                policy.Dispose();
        }
    }

    private static List<SimulationResult> RunSeeds(
        SimulateOptions options, IAnsiConsole console, ConcurrentBag<LoadedPolicy> idle, StringBuilder? trace,
        CancellationToken cancel)
    {
        var results = new List<SimulationResult>();
        console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var progress = context.AddTask("seeds", maxValue: options.Seeds);
                RunSeeds(options, progress, results, idle, trace, cancel);
            });
        return results;
    }

    private static void RunSeeds(
        SimulateOptions options,
        ProgressTask progress,
        List<SimulationResult> results,
        ConcurrentBag<LoadedPolicy> idle,
        StringBuilder? trace,
        CancellationToken cancel)
    {
        var began = Stopwatch.StartNew();
        var events = 0L;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancel };
        Parallel.For(0L, options.Seeds, parallel, (index, loop) =>
        {
            var one = OptionsOf(options, options.Seed + (ulong)index);
            if (trace is not null)
                one = one with { Trace = line => trace.Append(line).Append('\n') };
            var result = RunOne(one, options, idle, cancel);
            lock (results)
            {
                results.Add(result);
                if (result.Violation is not null)
                    loop.Break();
                events += result.Events;
                progress.Description = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{results.Count:N0} of {options.Seeds:N0} seeds, {events:N0} events, "
                    + $"{events / began.Elapsed.TotalSeconds:N0} a second");
                progress.Increment(1);
            }
        });
    }

    /// <summary>A policy is for one thread at a time, and each run leaves it as it was.</summary>
    private static SimulationResult RunOne(
        SimulationOptions run, SimulateOptions options, ConcurrentBag<LoadedPolicy> idle, CancellationToken cancel)
    {
        if (options.Inference == SimulatedInference.Drawn)
            return SimulationRun.Run(run, cancel);

        var choice = options.Inference == SimulatedInference.Rules ? InferenceChoice.Rules : InferenceChoice.Auto;
        if (!idle.TryTake(out var policy))
            policy = Policies.Open(Policies.ChoiceOf(choice, GraphChoice.Merged, null));
        try
        {
            return SimulationRun.Run(run with { Backend = () => policy.Backend }, cancel);
        }
        finally
        {
            idle.Add(policy);
        }
    }

    private static SimulationOptions OptionsOf(SimulateOptions options, ulong seed) =>
        new() { Seed = seed, Events = options.Events, Faults = options.Faults, Lives = options.Lives };

    private static FailureFigures Shorten(
        SimulateOptions options,
        IAnsiConsole console,
        SimulationResult failed,
        ConcurrentBag<LoadedPolicy> idle,
        CancellationToken cancel)
    {
        console.WriteLine($"seed {failed.Seed} broke a rule: {failed.Violation}");
        console.WriteLine("looking for the shortest prefix that shows it");
        var shortest = FailureShortening.Shorten(
            OptionsOf(options, failed.Seed), failed, (run, stop) => RunOne(run, options, idle, stop), cancel);
        return new FailureFigures(
            failed.Seed, failed.Violation!, failed.Events - 1, shortest.Options.Events,
            shortest.Options.Faults.ToString().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal),
            options.Lives.ToString().ToLowerInvariant(),
            options.Inference.ToString().ToLowerInvariant());
    }

    private static SimulationFigures FiguresOf(
        SimulateOptions options, List<SimulationResult> results, double seconds, FailureFigures? failure) => new()
        {
            FirstSeed = options.Seed,
            SeedsRun = results.Count,
            Events = results.Sum(static r => r.Events),
            EventsPerSecond = results.Sum(static r => r.Events) / seconds,
            TimesRealTime = results.Sum(static r => r.VirtualSeconds) / seconds,
            Kills = results.Sum(static r => (long)r.Kills),
            PowerFailures = results.Sum(static r => (long)r.PowerFailures),
            Ends = results.Sum(static r => (long)r.Ends),
            Holes = results.Sum(static r => (long)r.Holes),
            DiskTroubles = results.Sum(static r => (long)r.DiskTroubles),
            Flips = results.Sum(static r => (long)r.Flips),
            Snapshots = results.Sum(static r => (long)r.Snapshots),
            Orders = results.Sum(static r => r.Orders),
            Executions = results.Sum(static r => r.Executions),
            Failure = failure,
        };

    private static void Show(IAnsiConsole console, SimulationFigures figures)
    {
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.SeedsRun:N0} seeds, {figures.Events:N0} events through, {figures.EventsPerSecond:N0} events/s, "
            + $"{figures.TimesRealTime:N0} times real time"));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Kills:N0} kills, {figures.PowerFailures:N0} power failures, {figures.Ends:N0} ends in order, "
            + $"{figures.Holes:N0} torn with holes, {figures.DiskTroubles:N0} disk troubles, {figures.Flips:N0} flips, "
            + $"{figures.Snapshots:N0} snapshots, {figures.Orders:N0} orders, {figures.Executions:N0} executions"));
        if (figures.Failure is not { } failure)
        {
            console.WriteLine("no rule was broken");
            return;
        }

        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"seed {failure.Seed}, event {failure.Event}: {failure.Violation}"));
        console.WriteLine($"shown by: {failure.Command}");
    }
}
