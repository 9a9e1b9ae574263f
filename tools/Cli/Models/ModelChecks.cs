using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Validation;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Models;

/// <summary>What a version showed when it was measured against what models must show.</summary>
internal sealed class ModelChecks
{
    private readonly string _backend;
    private readonly string? _problem;
    private readonly IReadOnlyList<ValidationCheck> _checks;

    private ModelChecks(
        ModelVersion version, string backend, string? problem, IReadOnlyList<ValidationCheck> checks)
    {
        Version = version;
        _backend = backend;
        _problem = problem;
        _checks = checks;
    }

    public ModelVersion Version { get; }

    public bool IsPassed => _checks.All(static check => check.IsPassed);

    /// <summary>For a JSON file.</summary>
    public object Figures => new
    {
        Version = Version.ToString(),
        Backend = _backend,
        Problem = _problem,
        IsPassed,
        // What is not a number is not written as one.
        Checks = _checks.Select(static check => new
        {
            check.Name,
            Value = double.IsFinite(check.Value) ? check.Value : (double?)null,
            check.Limit,
            check.IsLeast,
            check.Unit,
            check.IsPassed,
        }),
    };

    /// <summary>Verifies the files of the version that is asked for, opens it and measures it.</summary>
    /// <exception cref="ModelFileException">There is no such version, or a file is not as it should be.</exception>
    public static ModelChecks Run(ModelStoreOptions options, CancellationToken cancel)
    {
        var models = ModelStoreRunner.Resolve(options.StoreDirectory, options.Version);
        models.VerifyAll();
        cancel.ThrowIfCancellationRequested();
        using var policy = new PolicyChoice(options.Inference, GraphChoice.Merged, null).OpenModels(models);
        var checks = ValidationSuite.Run(
            policy.Backend, models.Manifest.Validation,
            new ValidationOptions { LatencyMaxNs = options.LatencyMaxUs * 1e3 }, cancel);
        return new ModelChecks(ModelVersion.Of(models.Manifest), policy.Name, policy.Problem, checks);
    }

    /// <summary>A line a check, and the verdict.</summary>
    public void Show(IAnsiConsole console)
    {
        var table = ModelStoreRunner.Table("check", "value", "limit", "unit", "");
        foreach (var check in _checks)
        {
            table.AddRow(ModelStoreRunner.Texts(
                check.Name, FormattableString.Invariant($"{check.Value:0.######}"),
                FormattableString.Invariant($"{(check.IsLeast ? "at least" : "at most")} {check.Limit:0.######}"),
                check.Unit, check.IsPassed ? "passed" : "NOT PASSED"));
        }

        console.Write(table);
        console.WriteLine($"{Version} by {_backend}: {(IsPassed ? "passed" : "not passed")}");
    }
}
