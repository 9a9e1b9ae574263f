using System.Runtime.InteropServices;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>`xp latency`: stages by themselves, without ring and transport.</summary>
public static class LatencyRunner
{
    /// <summary>Measures and reports. Returns the exit code.</summary>
    /// <exception cref="UsageException">The models are not there or not as their manifest says.</exception>
    public static Task<int> RunAsync(LatencyOptions options, IAnsiConsole console, CancellationToken cancel) =>
        Task.Run(() => Run(options, console, cancel), CancellationToken.None);

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
            Machine = $"{Environment.ProcessorCount} processors, {RuntimeInformation.ProcessArchitecture}",
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
        console.WriteLine($"means of batches of {report.BatchEvents} events, all subjects in turns");
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
