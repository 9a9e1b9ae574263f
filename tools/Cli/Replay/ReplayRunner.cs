using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Stages.Inference;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>`xp replay`: a journal through the stages again, and what comes out written or compared.</summary>
public static class ReplayRunner
{
    /// <summary>Runs to the end. Returns the exit code: 1 when the outbound messages differ.</summary>
    public static Task<int> RunAsync(ReplayOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(
            () => options.WhatIf is null ? Run(options, console, cancel) : WhatIfRunner.Run(options, console, cancel),
            CancellationToken.None);

    private static int Run(ReplayOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        using var input = new JournalReader(options.JournalFolder);
        var (configured, _) = JournalFolders.ConfigurationOf(options.JournalFolder, input, options.ConfigFile);
        var ring = new RingOptions { Topology = options.Topology, Size = configured.Ring.Size, Wait = WaitMode.Yield };
        var pipeline = configured with { Ring = ring };
        var prices = FirstPrices(options.JournalFolder, configured.Instruments.Count);
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
        using var input = new JournalReader(path);
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
        catch (JournalDamageException)
        {
            // The replay comes to the same place and says what is wrong there.
        }

        return prices;
    }

    private static int Replay(
        ReplayOptions options, PipelineOptions pipeline, PolicyChoice choice, LoadedPolicy policy, JournalReader input,
        IAnsiConsole console, CancellationToken cancel)
    {
        using var output = new OutboundComparison(options.OutputFile, options.CompareFile);
        var replay = new JournalReplay(pipeline, policy.Backend, new StreamSink(output), choice.VersionOpener())
        {
            Until = options.Until,
        };
        var clock = Stopwatch.StartNew();
        replay.Run(input, cancel);
        var elapsedS = clock.Elapsed.TotalSeconds;
        output.Finish();

        var report = new ReplayReport
        {
            Events = replay.Count,
            IsWhole = input.End == JournalEnd.Ordered,
            EndNote = input.EndNote,
            TornBytes = input.TornBytes,
            AgreedTo = replay.AgreedTo,
            DiffersBefore = replay.DiffersBefore,
            ResultsHash = $"{replay.Results:x16}",
            ElapsedS = elapsedS,
            ThroughputEps = replay.Count / elapsedS,
            Topology = ReportNames.KeyOf(replay.Topology),
            InferenceBackend = policy.Name,
            OutboundBytes = output.Length,
            OutboundSha256 = output.Sha256,
            IsEqual = options.CompareFile is null ? null : output.DifferenceAt is null,
            DifferenceAt = output.DifferenceAt,
            FirstDifference = output.DifferenceAt is not { } at ? null : FirstDifference.Find(
                options.JournalFolder, options.CompareFile!, at, pipeline, policy.Backend, choice.VersionOpener(),
                options.Until, cancel),
        };
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, report);
        Show(console, options, report);
        if (options.ShowsState)
            ReplayedState.Show(console, replay.Chain, [.. pipeline.Instruments.Select(static one => one.Symbol)]);
        var isVerified = report is { DiffersBefore: null, AgreedTo: > 0 };
        return report.IsEqual == false || (options.IsVerified && !isVerified) ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>The figures for the terminal.</summary>
    public static void Show(IAnsiConsole console, ReplayOptions options, ReplayReport report)
    {
        if (report.EndNote is not null)
            console.MarkupLineInterpolated($"[yellow]{report.EndNote}[/]");

        console.WriteLine(FormattableString.Invariant(
            $"{report.Events:#,0} events through the {report.Topology} topology in {report.ElapsedS:0.00} s ")
            + FormattableString.Invariant($"({report.ThroughputEps:#,0} events/s, {report.InferenceBackend})"));
        console.WriteLine(FormattableString.Invariant(
            $"{report.OutboundBytes:#,0} bytes out, SHA-256"));
        console.WriteLine(report.OutboundSha256);
        if (report.DiffersBefore is { } sequence)
        {
            console.MarkupLineInterpolated(
                $"[red]the results are those of the journal up to event {report.AgreedTo}, and not at {sequence}[/]");
            console.WriteLine(
                "the first event whose results differ is one of these: xp journal dump --journal "
                + $"{options.JournalFolder} --from {report.AgreedTo} --until {sequence}");
        }
        else if (report.AgreedTo > 0)
        {
            console.MarkupLineInterpolated(
                $"[green]the results are those of the journal up to event {report.AgreedTo}[/]");
        }
        else if (options.IsVerified)
        {
            console.MarkupLine("[red]nothing was verified: none of these events has a checkpoint in the journal[/]");
        }

        if (report.DifferenceAt is { } offset)
            console.MarkupLineInterpolated($"[red]differs from {options.CompareFile} at byte {offset}[/]");
        else if (report.IsEqual == true)
            console.MarkupLineInterpolated($"[green]equal to {options.CompareFile}[/]");
        report.FirstDifference?.Show(console);
    }
}

/// <summary>The figures of a replay.</summary>
public sealed record ReplayReport
{
    /// <summary>Events put through the stages, of every kind.</summary>
    public long Events { get; init; }

    /// <summary>Whether the journal goes to the ordered end of its run.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Bytes at the journal's end that are no whole record, and were left out.</summary>
    public long TornBytes { get; init; }

    /// <summary>How it ends, where that is no ordered end.</summary>
    public string? EndNote { get; init; }

    /// <summary>Events up to which the journal's checkpoints tell of the same results.</summary>
    public long AgreedTo { get; init; }

    /// <summary>The first checkpoint that tells of other results; null: none does.</summary>
    public long? DiffersBefore { get; init; }

    /// <summary>The hash of all results.</summary>
    public string ResultsHash { get; init; } = "";

    public double ElapsedS { get; init; }

    public double ThroughputEps { get; init; }

    public required string Topology { get; init; }

    public required string InferenceBackend { get; init; }

    /// <summary>Bytes of the outbound messages, each behind its length.</summary>
    public long OutboundBytes { get; init; }

    /// <summary>Of those bytes: two replays did the same when these are the same.</summary>
    public required string OutboundSha256 { get; init; }

    /// <summary>Whether they equal the file that they were compared with; null: with none.</summary>
    public bool? IsEqual { get; init; }

    /// <summary>The first byte that differs, from the start; null: none does.</summary>
    public long? DifferenceAt { get; init; }

    /// <summary>The message that the byte is in, field by field; null: none differs.</summary>
    public FirstDifference? FirstDifference { get; init; }
}
