using System.CommandLine;
using System.Runtime.InteropServices;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>`xp latency`: its options and how they become <see cref="LatencyOptions"/>.</summary>
public sealed class LatencyCommand : Command
{
    private readonly ValueOption<LatencyStages> _stage = RunOptions.Choice(
        "--stage", "NAME", "The stage to measure.", LatencyStages.All);

    private readonly ValueOption<long> _iterations = new(
        "--iterations", "N", "Events to measure of each subject.",
        Numbers.Whole("events", 1, RunOptions.MaxEvents), 200_000, "200000");

    private readonly ValueOption<GraphChoice> _graph = RunOptions.Choice(
        "--graph", "NAME", "The three actors in one ONNX graph, or one each.", GraphChoice.Merged);

    private readonly ValueOption<string?> _models = RunOptions.Models();
    private readonly RateSweepInputs _sweep = new();
    private readonly ValueOption<string?> _json = RunOptions.Json();

    /// <summary>The command; <paramref name="run"/> does its work and returns the exit code.</summary>
    public LatencyCommand(Func<LatencyOptions, CancellationToken, Task<int>> run)
        : base("latency", "Measures stages by themselves, one event after the other on one thread, or sweeps rates.")
    {
        Option[] options = [_stage, _iterations, _graph, _models, .. _sweep.All, _json];
        foreach (var option in options)
            Add(option);

        SetAction((parsed, cancel) => run(OptionsOf(parsed), cancel));
    }

    private LatencyOptions OptionsOf(ParseResult parsed)
    {
        var options = new LatencyOptions
        {
            Stage = parsed.GetValue(_stage),
            Iterations = parsed.GetValue(_iterations),
            Graph = parsed.GetValue(_graph),
            ModelsDirectory = parsed.GetValue(_models),
            JsonFile = parsed.GetValue(_json),
            Sweep = _sweep.Read(parsed, parsed.GetValue(_models), parsed.GetValue(_json)),
        };
        WrittenFiles.MustStandAlone(
            Policies.FilesOf(options.ModelsDirectory), options.JsonFile, options.Sweep?.PageFile);
        WrittenFiles.MustBeNew(_sweep.IsForced(parsed), options.Sweep?.PageFile);
        return options;
    }
}

/// <summary>Everything that `xp latency` was asked for, validated; paths are absolute.</summary>
public sealed record LatencyOptions
{
    public LatencyStages Stage { get; init; }

    /// <summary>Events to measure of each subject.</summary>
    public long Iterations { get; init; } = 200_000;

    public GraphChoice Graph { get; init; }

    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>What is looked for instead; null: stages are measured.</summary>
    public RateSweepOptions? Sweep { get; init; }
}

/// <summary>What `xp latency` measures.</summary>
public enum LatencyStages
{
    All,
    Context,
    Inference,
    Risk,
    Ring,
}

/// <summary>`xp latency`: stages by themselves, without ring and transport.</summary>
public static class LatencyRunner
{
    /// <summary>The machine, as the reports of this command name it.</summary>
    internal static string Machine =>
        $"{Environment.ProcessorCount} processors, {RuntimeInformation.ProcessArchitecture}";

    /// <summary>Measures and reports. Returns the exit code.</summary>
    /// <exception cref="UsageException">The models are not there or not as their manifest says.</exception>
    public static Task<int> RunAsync(LatencyOptions options, IAnsiConsole console, CancellationToken cancel) =>
        options.Sweep is { } sweep
            ? RateSweep.RunAsync(sweep, console, cancel)
            : Task.Run(() => Run(options, console, cancel), CancellationToken.None);

    private static int Run(LatencyOptions options, IAnsiConsole console, CancellationToken cancel)
    {
        var stages = new StageSubjects();
        var subjects = new List<LatencySubject>();
        if (options.Stage is LatencyStages.All or LatencyStages.Context)
            subjects.AddRange(stages.Context());
        if (options.Stage is LatencyStages.All or LatencyStages.Risk)
            subjects.Add(stages.Risk());

        if (options.Stage is LatencyStages.All or LatencyStages.Ring)
            subjects.Add(RingSubject.Create());

        var hasInference = options.Stage is LatencyStages.All or LatencyStages.Inference;
        var policies = hasInference ? OpenPolicies(options, console) : [];
        try
        {
            subjects.AddRange(policies.Select(stages.Inference));
            subjects.AddRange([.. subjects.Where(static subject => subject.Name != "ring").Select(
                static subject => subject.Cold)]);
            var measured = LatencyMeter.Measure(subjects, options.Iterations, cancel);
            Report(options, console, measured, policies);
            return 0;
        }
        finally
        {
            policies.ForEach(static policy => policy.Dispose());
        }
    }

    // ONNX Runtime first; the other only where it is another.
    private static List<LoadedPolicy> OpenPolicies(LatencyOptions options, IAnsiConsole console)
    {
        var reference = Policies.Open(Choose(options, InferenceChoice.OnnxRuntime), console);
        var compiled = Policies.Open(Choose(options, InferenceChoice.Compiled), console);
        if (compiled.Problem is null)
            return [reference, compiled];

        compiled.Dispose();
        return [reference];
    }

    private static PolicyChoice Choose(LatencyOptions options, InferenceChoice inference) =>
        Policies.ChoiceOf(inference, options.Graph, options.ModelsDirectory);

    private static void Report(
        LatencyOptions options,
        IAnsiConsole console,
        IReadOnlyList<SubjectLatency> measured,
        List<LoadedPolicy> policies)
    {
        var medians = policies
            .Select(policy => measured.First(subject => subject.Name == $"inference_{policy.Name}").LatencyNs.P50)
            .ToList();
        var report = new LatencyReport
        {
            BatchEvents = LatencyMeter.BatchEvents,
            Subjects = measured,
            OnnxRuntimeOverCompiled = medians is [var reference, var compiled]
                ? Math.Round((double)reference / Math.Max(1, compiled), 2)
                : null,
            Machine = Machine,
            Runtime = RuntimeInformation.FrameworkDescription,
        };
        if (options.JsonFile is not null)
            ReportJson.Write(options.JsonFile, report);
        Show(console, report);
    }

    /// <summary>The figures for the terminal.</summary>
    public static void Show(IAnsiConsole console, LatencyReport report)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        FigureTable.Write(
            console, null, ["ns per event", "p50", "p90", "p99", "max", "bytes"],
            [.. report.Subjects.Select(CellsOf)]);
        console.WriteLine(
            $"means of batches of {report.BatchEvents} events, all subjects in turns; cold: single events with a clock "
            + "reading, each after the caches were filled with something else");
        if (report.OnnxRuntimeOverCompiled is { } ratio)
            console.WriteLine(FormattableString.Invariant($"the compiled models are {ratio:0.0} times as fast"));
    }

    private static string[] CellsOf(SubjectLatency subject)
    {
        var latency = subject.LatencyNs;
        return
        [
            ReportNames.Words(subject.Name), ReportNames.Count(latency.P50), ReportNames.Count(latency.P90),
            ReportNames.Count(latency.P99), ReportNames.Count(latency.Max),
            FormattableString.Invariant($"{subject.AllocatedBytesPerEvent:0.##}"),
        ];
    }
}

/// <summary>The figures of `xp latency`.</summary>
public sealed record LatencyReport
{
    /// <summary>Events that each clock reading is shared by.</summary>
    public int BatchEvents { get; init; }

    public required IReadOnlyList<SubjectLatency> Subjects { get; init; }

    /// <summary>ONNX Runtime's median over the compiled backend's, of this run; null: not measured.</summary>
    public double? OnnxRuntimeOverCompiled { get; init; }

    public required string Machine { get; init; }

    public required string Runtime { get; init; }
}
