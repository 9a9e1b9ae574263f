using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Validation;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Models;

/// <summary>What a version showed when it was measured against what models must show.</summary>
internal sealed class ModelChecks
{
    private readonly IReadOnlyList<GraphChecks> _graphs;

    private ModelChecks(ModelVersion version, IReadOnlyList<GraphChecks> graphs) =>
        (Version, _graphs) = (version, graphs);

    public ModelVersion Version { get; }

    /// <summary>Whether every check of every graph was passed, by the backend that was asked for.</summary>
    public bool IsPassed => _graphs.All(
        static graph => !graph.IsOther && graph.Checks.All(static check => check.IsPassed));

    /// <summary>For a JSON file.</summary>
    public object Figures => new
    {
        Version = Version.ToString(),
        Backend,
        Problem,
        IsPassed,
        // What is not a number is not written as one.
        Checks = Checks.Select(static check => new
        {
            check.Name,
            Value = double.IsFinite(check.Value) ? check.Value : (double?)null,
            check.Limit,
            check.IsLeast,
            check.Unit,
            check.IsPassed,
        }),
    };

    private string Backend => string.Join(", ", _graphs.Select(static graph => graph.Backend));

    /// <summary>Why what was asked for does not decide from one of the graphs; null: it does.</summary>
    private string? Problem => _graphs.Select(static graph => graph.Problem).FirstOrDefault(static one => one != null);

    private IEnumerable<ValidationCheck> Checks => _graphs.SelectMany(static graph => graph.Checks);

    /// <summary>
    /// Verifies the files of the version that is asked for, opens it and measures it: the merged graph, and the actors'
    /// own where there are any, since a running pipeline may decide from either and does not say from which.
    /// </summary>
    /// <exception cref="ModelFileException">There is no such version, or a file is not as it should be.</exception>
    public static ModelChecks Run(ModelStoreOptions options, CancellationToken cancel)
    {
        var models = ModelStoreRunner.Resolve(options.StoreDirectory, options.Version);
        models.VerifyAll();
        var graphs = new List<GraphChecks> { GraphChecks.Run(options, models, GraphChoice.Merged, cancel) };
        if (HasSeparate(models.Manifest))
            graphs.Add(GraphChecks.Run(options, models, GraphChoice.Separate, cancel));
        return new ModelChecks(ModelVersion.Of(models.Manifest), graphs);
    }

    private static bool HasSeparate(ModelManifest manifest)
    {
        string[] actors = [PolicyModels.PositionSizing, PolicyModels.ExecutionTiming, PolicyModels.RiskManagement];
        return actors.All(actor => manifest.Models.Any(model => model.Name == actor));
    }

    /// <summary>A line a check, and the verdict.</summary>
    public void Show(IAnsiConsole console)
    {
        FigureTable.Write(
            console, null, ["check", "value", "limit", "unit", ""],
            [
                .. Checks.Select(static check => (string[])
                [
                    check.Name, FormattableString.Invariant($"{check.Value:0.######}"),
                    FormattableString.Invariant($"{(check.IsLeast ? "at least" : "at most")} {check.Limit:0.######}"),
                    check.Unit, check.IsPassed ? "passed" : "NOT PASSED",
                ]),
            ]);
        if (Problem != null)
            console.WriteLine(PrintableText.Line($"the compiled backend does not decide: {Problem}"));

        console.WriteLine($"{Version} by {Backend}: {(IsPassed ? "passed" : "not passed")}");
    }

    /// <summary>What one of the graphs showed.</summary>
    /// <param name="Backend">That measured it.</param>
    /// <param name="Problem">Why it is not the one that was asked for; null: it is.</param>
    /// <param name="IsOther">Another backend decides than the one that was asked for by name.</param>
    /// <param name="Checks">By names that say which graph it was.</param>
    private sealed record GraphChecks(
        string Backend, string? Problem, bool IsOther, IReadOnlyList<ValidationCheck> Checks)
    {
        private const string SeparatePrefix = "separate graphs: ";

        public static GraphChecks Run(
            ModelStoreOptions options, ModelDirectory models, GraphChoice graph, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            using var policy = new PolicyChoice(options.Inference, graph, null).OpenModels(models);
            var checks = ValidationSuite.Run(
                policy.Backend, models.Manifest.Validation,
                new ValidationOptions { LatencyMaxNs = options.LatencyMaxUs * 1e3 }, cancel);
            var prefix = graph == GraphChoice.Separate ? SeparatePrefix : "";
            return new GraphChecks(
                policy.Name, policy.Problem, options.Inference == InferenceChoice.Compiled && policy.Problem != null,
                [.. checks.Select(check => check with { Name = prefix + check.Name })]);
        }
    }
}
