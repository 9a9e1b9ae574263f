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
    private readonly string _backend;
    private readonly string? _problem;
    private readonly IReadOnlyList<ValidationCheck> _checks;

    // Another backend decides than the one that was asked for by name.
    private readonly bool _isOther;

    private ModelChecks(
        ModelVersion version, LoadedPolicy policy, bool isOther, IReadOnlyList<ValidationCheck> checks)
    {
        Version = version;
        (_backend, _problem, _isOther) = (policy.Name, policy.Problem, isOther);
        _checks = checks;
    }

    public ModelVersion Version { get; }

    /// <summary>Whether every check was passed, by the backend that was asked for.</summary>
    public bool IsPassed => !_isOther && _checks.All(static check => check.IsPassed);

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
        var isOther = options.Inference == InferenceChoice.Compiled && policy.Problem != null;
        return new ModelChecks(ModelVersion.Of(models.Manifest), policy, isOther, checks);
    }

    /// <summary>A line a check, and the verdict.</summary>
    public void Show(IAnsiConsole console)
    {
        FigureTable.Write(
            console, null, ["check", "value", "limit", "unit", ""],
            [
                .. _checks.Select(static check => (string[])
                [
                    check.Name, FormattableString.Invariant($"{check.Value:0.######}"),
                    FormattableString.Invariant($"{(check.IsLeast ? "at least" : "at most")} {check.Limit:0.######}"),
                    check.Unit, check.IsPassed ? "passed" : "NOT PASSED",
                ]),
            ]);
        if (_problem != null)
            console.WriteLine(PrintableText.Line($"the compiled backend does not decide: {_problem}"));

        console.WriteLine($"{Version} by {_backend}: {(IsPassed ? "passed" : "not passed")}");
    }
}
