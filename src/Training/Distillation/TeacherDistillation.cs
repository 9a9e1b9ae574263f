using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
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
        var validation = new DistillationValidation(options, teacher, fit.Actors).Run();
        var files = BuildFiles(fit.Actors);
        var manifest = new ModelManifest
        {
            Format = ModelManifest.CurrentFormat,
            Origin = Origin(options),
            Validation = validation,
            Models = [.. files.Select(static file => file.Entry)],
        };
        foreach (var (entry, bytes) in files) Replace(options.OutputDirectory, entry.File, bytes);
        Replace(options.OutputDirectory, ModelManifest.FileName, Encoding.UTF8.GetBytes(manifest.ToJson()));
        return manifest;
    }

    /// <summary>How the merged graph's operators differ from the actors' own; see <see cref="PolicyGraph"/>.</summary>
    private const string MergedNote =
        "the actors' functions with normalisation and attention folded into the first layers and the sigmoid heads"
        + " side by side: ";

    private static List<(ModelEntry Entry, byte[] Bytes)> BuildFiles(IReadOnlyList<PolicyActor> actors)
    {
        var merged = PolicyGraph.BuildMerged(PolicyModels.Merged, actors);
        var files = new List<(ModelEntry, byte[])> { BuildFile(merged, MergedNote, actors) };
        foreach (var actor in actors) files.Add(BuildFile(PolicyGraph.Build(actor), "", [actor]));
        return files;
    }

    private static (ModelEntry Entry, byte[] Bytes) BuildFile(
        OnnxModel model, string note, IReadOnlyList<PolicyActor> actors)
    {
        var name = model.Graph.Name;
        var bytes = OnnxModelWriter.Write(model);
        var entry = new ModelEntry
        {
            Name = name,
            File = $"{name}.onnx",
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Opset = model.OpsetVersion,
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
            + string.Create(CultureInfo.InvariantCulture, $"--learning-rate {options.LearningRate}"),
        Seed = options.Seed,
        Method = "fitted to a rule-based teacher by supervised distillation, not trained by reinforcement; "
            + "says nothing of profit",
        Teacher = TeacherDescription,
        Steps = options.Steps,
        BatchSize = options.BatchSize,
        VectorBits = Vector<byte>.Count * 8,
    };

    // A reader sees the file of before or the one of after, never a part.
    private static void Replace(string folder, string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        var temporary = path + ".tmp";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
