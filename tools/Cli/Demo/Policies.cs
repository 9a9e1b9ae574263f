using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>Opens the policies that a command was asked for.</summary>
public static class Policies
{
    private const string FolderName = "models-onnx";

    /// <summary>The caller disposes of it if it can be disposed of.</summary>
    /// <exception cref="UsageException">The models are not there or not as their manifest says.</exception>
    public static IPolicyBackend Open(InferenceChoice inference, GraphChoice graph, string? modelsDirectory)
    {
        if (inference == InferenceChoice.Rules)
            return new RuleBasedPolicy(new RuleBasedPolicyOptions());

        try
        {
            var models = ModelDirectory.Open(modelsDirectory ?? FindFolder());
            return graph == GraphChoice.Merged
                ? OnnxRuntimePolicy.Load(models)
                : SeparateOnnxRuntimePolicy.Load(models);
        }
        catch (ModelFileException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    /// <summary>As the JSON report names it.</summary>
    public static string NameOf(InferenceChoice inference, GraphChoice graph) => inference switch
    {
        InferenceChoice.Rules => "rules",
        _ when graph == GraphChoice.Separate => "onnxruntime-separate",
        _ => "onnxruntime",
    };

    /// <summary>The nearest models-onnx at or above the working folder, else at or above the program's.</summary>
    public static string FindFolder()
    {
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder != null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, FolderName);
                if (File.Exists(Path.Combine(candidate, ModelManifest.FileName)))
                    return candidate;
            }
        }

        throw new UsageException(
            $"no {FolderName} folder with a {ModelManifest.FileName} here or above: name it with --models");
    }
}
