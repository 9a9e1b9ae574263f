using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using ExecutionPipeline.Native;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Stages.Inference.Onnx;
using ExecutionPipeline.Training.Networks;
using ExecutionPipeline.Training.Onnx;

namespace ExecutionPipeline.Training.Distillation;

/// <summary>
/// Fits the three documented actors to the rule-based policy and writes them as ONNX files with a manifest: decisions
/// that make sense until there are models that have learnt from trading.
/// </summary>
public static class TeacherDistillation
{
    private const string TeacherDescription =
        "RuleBasedPolicy with its default parameters: modified Kelly sizing (costs, variance penalty, Kelly "
        + "multiplier) scaled down by the room under position, VaR, margin and loss limits; strategy scores by "
        + "urgency, spread, depth and volume; stop and target multiples by volatility, VaR use, loss and confidence";

    /// <summary>The names of the files that are written.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
    [
        ModelManifest.FileName, FileOf(PolicyModels.Merged), FileOf(PolicyModels.PositionSizing),
        FileOf(PolicyModels.ExecutionTiming), FileOf(PolicyModels.RiskManagement),
    ];

    /// <summary>Fits, measures and writes. The same options give the same bytes on the same machine.</summary>
    /// <param name="options">What to fit, and where to write it.</param>
    /// <param name="progress">Called on this thread, about a hundred times.</param>
    /// <param name="cancellation">Ends the fit between two steps; nothing is written then.</param>
    /// <returns>The manifest, as written.</returns>
    /// <exception cref="ArgumentException">A parameter is out of its range.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was triggered.</exception>
    public static ModelManifest Run(
        DistillationOptions options,
        Action<DistillationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        // A folder that cannot be written to is found out before the work, not after it.
        Directory.CreateDirectory(options.OutputDirectory);
        var teacher = new RuleBasedPolicy(options.Teacher);
        var fit = new DistillationFit(options, teacher);
        fit.Run(progress, cancellation);
        var validation = new DistillationValidation(options, teacher, fit.Actors, fit.Unrounded).Run();
        var files = BuildFiles(fit.Actors, fit.Unrounded is null ? null : ModelEntry.Bfloat16Weights);
        var manifest = new ModelManifest
        {
            Format = ModelManifest.CurrentFormat,
            Origin = Origin(options),
            Validation = validation,
            Models = [.. files.Select(static file => file.Entry)],
        };
        foreach (var (entry, bytes) in files)
            DurableFile.Replace(Path.Combine(options.OutputDirectory, entry.File), bytes);
        DurableFile.Replace(
            Path.Combine(options.OutputDirectory, ModelManifest.FileName), Encoding.UTF8.GetBytes(manifest.ToJson()));
        return manifest;
    }

    /// <summary>How the merged graph's operators differ from the actors' own; see <see cref="PolicyGraph"/>.</summary>
    private const string MergedNote =
        "the actors' functions with normalisation and attention folded into the first layers and the sigmoid heads"
        + " side by side: ";

    private static string FileOf(string model) => $"{model}.onnx";

    private static List<(ModelEntry Entry, byte[] Bytes)> BuildFiles(
        IReadOnlyList<PolicyActor> actors, string? weights)
    {
        var merged = PolicyGraph.BuildMerged(PolicyModels.Merged, actors);
        var files = new List<(ModelEntry, byte[])> { BuildFile(merged, MergedNote, actors, weights) };
        foreach (var actor in actors) files.Add(BuildFile(PolicyGraph.Build(actor), "", [actor], weights));
        return files;
    }

    private static (ModelEntry Entry, byte[] Bytes) BuildFile(
        OnnxModel model, string note, IReadOnlyList<PolicyActor> actors, string? weights)
    {
        var name = model.Graph.Name;
        var bytes = OnnxModelWriter.Write(model);
        var entry = new ModelEntry
        {
            Name = name,
            File = FileOf(name),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Opset = model.OpsetVersion,
            Weights = weights,
            Architecture = note + string.Join(" | ", actors.Select(
                static actor => $"{actor.Architecture.OutputName} = {actor.Architecture.Describe()}")),
            Inputs = [.. model.Graph.Inputs.Select(Tensor)],
            Outputs = [.. model.Graph.Outputs.Select(Tensor)],
        };
        return (entry, bytes);
    }

    private static ModelTensor Tensor(OnnxValueInfo value) => new() { Name = value.Name, Shape = value.Shape };

    private static ModelOrigin Origin(DistillationOptions options) => new()
    {
        Tool = "xp models fit",
        Command = string.Create(CultureInfo.InvariantCulture,
            $"xp models fit --seed {options.Seed} --steps {options.Steps} --batch-size {options.BatchSize} ")
            + string.Create(CultureInfo.InvariantCulture, $"--learning-rate {options.LearningRate} ")
            + string.Create(CultureInfo.InvariantCulture, $"--rounding-steps {options.RoundingSteps}"),
        Seed = options.Seed,
        Method = "fitted to a rule-based teacher by supervised distillation, not trained by reinforcement; "
            + "says nothing of profit",
        Teacher = TeacherDescription,
        Steps = options.Steps,
        RoundingSteps = options.RoundingSteps,
        BatchSize = options.BatchSize,
        VectorBits = Vector<byte>.Count * 8,
    };
}

/// <summary>
/// How the models are fitted to the rule-based teacher. The defaults made the models that are shipped.
/// </summary>
public sealed class DistillationOptions
{
    /// <summary>Folder that the models and their manifest are written to; made where it is missing.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Decides initial weights and contexts. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Optimizer steps, [1, 10,000,000]. Default 45,000: about two minutes of one core.</summary>
    public int Steps { get; init; } = 45_000;

    /// <summary>
    /// Steps that follow with weights rounded to bfloat16, [0, 10,000,000]; 0: weights stay float32. Default 20,000.
    /// </summary>
    public int RoundingSteps { get; init; } = 20_000;

    /// <summary>Contexts a step, [1, 65,536]. Default 256. Each context is drawn anew.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>
    /// Adam's largest rate, (0, 1]: reached after a twentieth of the steps, then falling to 0. Default 0.01.
    /// </summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Held-out contexts that the result is measured on, [1, 10,000,000]. Default 50,000.</summary>
    public int ValidationContexts { get; init; } = 50_000;

    /// <summary>The teacher's parameters.</summary>
    public RuleBasedPolicyOptions Teacher { get; init; } = new();

    /// <exception cref="ArgumentException">A parameter is out of its range; the message says what to set.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(OutputDirectory), "OutputDirectory must name a folder");
        Require(Steps is >= 1 and <= 10_000_000, "Steps must be in [1, 10000000]");
        Require(RoundingSteps is >= 0 and <= 10_000_000, "RoundingSteps must be in [0, 10000000]");
        Require(BatchSize is >= 1 and <= 65_536, "BatchSize must be in [1, 65536]");
        Require(LearningRate is > 0 and <= 1, "LearningRate must be in (0, 1]");
        Require(ValidationContexts is >= 1 and <= 10_000_000, "ValidationContexts must be in [1, 10000000]");
        Teacher.Validate();
    }

    private static void Require(bool isMet, string message)
    {
        if (!isMet) throw new ArgumentException(message);
    }
}

/// <summary>Where a fit stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="SizeLossNats">Mean cross-entropy of the size actor since the last report.</param>
/// <param name="StrategyLossNats">Mean cross-entropy of the timing actor since the last report.</param>
/// <param name="BracketLoss">Mean squared error of the risk actor since the last report, in squared ranges.</param>
public readonly record struct DistillationProgress(
    int Step,
    int Steps,
    double SizeLossNats,
    double StrategyLossNats,
    double BracketLoss);
