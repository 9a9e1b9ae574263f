using System.CommandLine;
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

/// <summary>`xp replay`: its options and how they become <see cref="ReplayOptions"/>.</summary>
public sealed class ReplayCommand : System.CommandLine.Command
{
    private readonly Argument<string?> _input = PathArguments.ExistingFile(
        "FILE", "An input that xp demo --record wrote.");

    private readonly ValueOption<Topology> _topology = RunOptions.Choice(
        "--topology", "NAME", "How the stages are spread over threads; the results are the same.",
        Topology.Inline);

    private readonly ValueOption<InferenceChoice> _inference = RunOptions.Choice(
        "--inference", "NAME", "Who decides: the ONNX models, compiled or by ONNX Runtime, or the rule-based policy.",
        InferenceChoice.Auto);

    private readonly ValueOption<GraphChoice> _graph = RunOptions.Choice(
        "--graph", "NAME", "The three actors in one ONNX graph, or one each.", GraphChoice.Merged);

    private readonly ValueOption<string?> _output = new(
        "--output", "FILE", "Writes the outbound messages.", Paths.OutputFile, null, "not written");

    private readonly ValueOption<string?> _compare = new(
        "--compare", "FILE",
        "Compares the outbound messages with a file that --output wrote; exit code 1 when they differ.",
        Paths.ExistingFile, null, "not compared");

    private readonly ValueOption<string?> _config = RunOptions.Config();
    private readonly ValueOption<string?> _models = RunOptions.Models();
    private readonly ValueOption<string?> _json = RunOptions.Json();
    private readonly FlagOption _force = RunOptions.Force();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public ReplayCommand(Func<ReplayOptions, CancellationToken, Task<int>> run)
        : base("replay", "Runs a recorded input through the stages again and writes or compares what comes out.")
    {
        Add(_input);
        Option[] options = [_topology, _inference, _graph, _output, _compare, _config, _models, _json, _force];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private ReplayOptions OptionsOf(ParseResult parsed)
    {
        var options = Read(parsed);
        WrittenFiles.MustStandAlone(
            [options.InputFile, options.CompareFile, options.ConfigFile], options.OutputFile, options.JsonFile);
        WrittenFiles.MustBeNew(parsed.GetValue(_force), options.OutputFile);
        return options;
    }

    private ReplayOptions Read(ParseResult parsed) => new()
    {
        InputFile = parsed.GetRequiredValue(_input)!,
        Topology = parsed.GetValue(_topology),
        Inference = parsed.GetValue(_inference),
        Graph = parsed.GetValue(_graph),
        OutputFile = parsed.GetValue(_output),
        CompareFile = parsed.GetValue(_compare),
        ConfigFile = parsed.GetValue(_config),
        ModelsDirectory = parsed.GetValue(_models),
        JsonFile = parsed.GetValue(_json),
    };
}

/// <summary>Everything that `xp replay` was asked for, validated; paths are absolute.</summary>
public sealed record ReplayOptions
{
    /// <summary>An input that `xp demo --record` wrote.</summary>
    public required string InputFile { get; init; }

    public Topology Topology { get; init; } = Topology.Inline;

    public InferenceChoice Inference { get; init; }

    public GraphChoice Graph { get; init; }

    /// <summary>Where the outbound messages go; null: nowhere.</summary>
    public string? OutputFile { get; init; }

    /// <summary>Outbound messages that these must equal, byte for byte; null: none.</summary>
    public string? CompareFile { get; init; }

    /// <summary>The pipeline's configuration; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}

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
        using var input = new InputReader(options.InputFile);
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
        using var input = new InputReader(path);
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

/// <summary>The figures of a replay.</summary>
public sealed record ReplayReport
{
    /// <summary>Events put through the stages, of every kind.</summary>
    public long Events { get; init; }

    /// <summary>Whether the recording goes to the end of its run.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Bytes at the recording's end that are no whole event, and were left out.</summary>
    public long TornBytes { get; init; }

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
}
