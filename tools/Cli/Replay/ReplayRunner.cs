using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recording;
using ExecutionPipeline.Stages.Inference;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>`xp replay`: a recorded input through the stages again, and what comes out written or compared.</summary>
public static class ReplayRunner
{
    /// <summary>Runs to the end. Returns the exit code: 1 when the outbound messages differ.</summary>
    public static Task<int> RunAsync(ReplayOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, cancel), CancellationToken.None);

    private static int Run(ReplayOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var configured = DemoConfiguration.Load(options.ConfigFile);
        var ring = new RingOptions { Topology = options.Topology, Size = configured.Ring.Size, Wait = WaitMode.Yield };
        var pipeline = configured with { Ring = ring };
        using var input = Open(options.InputFile);
        if (input.Configuration.ToString() != PipelineConfiguration.HashOf(configured).ToString())
        {
            throw new UsageException(
                $"{options.InputFile} was recorded with another configuration: name it with --config");
        }

        var prices = FirstPrices(options.InputFile, configured.Instruments.Count);
        var ids = configured.Instruments.Select(static instrument => instrument.Id).ToArray();
        foreach (var line in OrderRoom.Describe(configured, id => prices[Array.IndexOf(ids, id)]))
            console.MarkupLineInterpolated($"[yellow]{line}[/]");

        var choice = Policies.ChoiceOf(options.Inference, options.Graph, options.ModelsDirectory);
        using var policy = Policies.Open(choice, console);
        return Replay(options, pipeline, choice, policy, input, console, cancel);
    }

    /// <summary>The middle of each instrument's first quote among the first events, by its place; null: none.</summary>
    private static decimal?[] FirstPrices(string path, int instruments)
    {
        const int eventsMax = 100_000;
        var prices = new decimal?[instruments];
        using var input = Open(path);
        var e = default(PipelineEvent);
        try
        {
            for (var i = 0; i < eventsMax && prices.Contains(null) && input.TryRead(ref e); i++)
            {
                var index = e.Header.InstrumentIndex;
                if (e.Header.Kind == EventKind.MarketUpdate && index < instruments
                    && e.Payload.MarketUpdate is { BidQuantity: > 0, AskQuantity: > 0 })
                    prices[index] ??= MarketSources.MiddleOf(in e.Payload.MarketUpdate);
            }
        }
        catch (InvalidDataException)
        {
            // The replay comes to the same place and says what is wrong there.
        }

        return prices;
    }

    private static InputReader Open(string path)
    {
        try
        {
            return new InputReader(path);
        }
        catch (InvalidDataException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    private static int Replay(
        ReplayOptions options, PipelineOptions pipeline, PolicyChoice choice, LoadedPolicy policy, InputReader input,
        IAnsiConsole console, CancellationToken cancel)
    {
        using var output = new OutboundComparison(options.OutputFile, options.CompareFile);
        var replay = new InputReplay(pipeline, policy.Backend, new StreamSink(output), choice.VersionOpener());
        var clock = Stopwatch.StartNew();
        replay.Run(input, cancel);
        var elapsedS = clock.Elapsed.TotalSeconds;
        output.Finish();

        var report = new ReplayReport
        {
            Events = replay.Count,
            IsWhole = input.IsWhole,
            TornBytes = input.TornBytes,
            ElapsedS = elapsedS,
            ThroughputEps = replay.Count / elapsedS,
            Topology = ReportNames.KeyOf(replay.Topology),
            InferenceBackend = policy.Name,
            OutboundBytes = output.Length,
            OutboundSha256 = output.Sha256,
            IsEqual = options.CompareFile is null ? null : output.DifferenceAt is null,
            DifferenceAt = output.DifferenceAt,
        };
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, report);
        Show(console, options, report);
        return report.IsEqual == false ? ExitCode.Failed : 0;
    }

    /// <summary>The figures for the terminal.</summary>
    public static void Show(IAnsiConsole console, ReplayOptions options, ReplayReport report)
    {
        if (!report.IsWhole)
        {
            var torn = report.TornBytes > 0 ? $"its last {report.TornBytes} bytes are no whole event" : "it has no end";
            console.MarkupLineInterpolated($"[yellow]{options.InputFile} was cut off: {torn}[/]");
        }

        console.WriteLine(FormattableString.Invariant(
            $"{report.Events:#,0} events through the {report.Topology} topology in {report.ElapsedS:0.00} s ")
            + FormattableString.Invariant($"({report.ThroughputEps:#,0} events/s, {report.InferenceBackend})"));
        console.WriteLine(FormattableString.Invariant(
            $"{report.OutboundBytes:#,0} bytes out, SHA-256"));
        console.WriteLine(report.OutboundSha256);
        if (report.DifferenceAt is { } offset)
            console.MarkupLineInterpolated($"[red]differs from {options.CompareFile} at byte {offset}[/]");
        else if (report.IsEqual == true)
            console.MarkupLineInterpolated($"[green]equal to {options.CompareFile}[/]");
    }
}
