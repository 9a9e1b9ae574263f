using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>Opens the policies that a command was asked for.</summary>
public static class Policies
{
    private const string FolderName = "models-onnx";

    /// <summary>The caller disposes of it. Says on the console when a policy stands in for the one asked for.</summary>
    /// <exception cref="UsageException">The models are not there or not as their manifest says.</exception>
    public static LoadedPolicy Open(
        InferenceChoice inference, GraphChoice graph, string? modelsDirectory, IAnsiConsole? console = null)
    {
        if (inference == InferenceChoice.Rules)
            return new LoadedPolicy(new RuleBasedPolicy(new RuleBasedPolicyOptions()), "rules", null);

        try
        {
            var models = ModelDirectory.Open(modelsDirectory ?? FindFolder());
            var isSeparate = graph == GraphChoice.Separate;
            if (inference == InferenceChoice.OnnxRuntime)
                return LoadedPolicy.OpenOnnxRuntime(models, isSeparate);

            var policy = LoadedPolicy.OpenCompiled(models, isSeparate);
            if (policy.Problem is { } problem)
            {
                console?.MarkupLineInterpolated(
                    $"[yellow]{policy.Name} decides, not the compiled models: {problem}[/]");
            }

            return policy;
        }
        catch (ModelFileException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

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
