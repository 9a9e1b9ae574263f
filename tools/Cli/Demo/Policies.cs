using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Models;
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
            return LoadedPolicy.Rules();

        try
        {
            return Say(Opener(inference, graph)(ModelsOf(modelsDirectory ?? FindFolder())), console);
        }
        catch (ModelFileException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    /// <summary>
    /// As <see cref="Open"/>, but what cannot be used is passed over: the current models, the previous ones, the rules.
    /// </summary>
    /// <exception cref="UsageException">There is no folder of models to look in.</exception>
    public static LoadedPolicy OpenChain(
        InferenceChoice inference, GraphChoice graph, string? modelsDirectory, IAnsiConsole? console = null)
    {
        if (inference == InferenceChoice.Rules)
            return LoadedPolicy.Rules();

        var folder = modelsDirectory ?? FindFolder();
        if (!ModelStore.IsStore(folder) && !File.Exists(Path.Combine(folder, ModelManifest.FileName)))
            throw new UsageException($"{folder} has no {ModelManifest.FileName} and is no store: it holds no models");

        return Say(PolicyChain.Open(folder, Opener(inference, graph)), console);
    }

    /// <summary>Opens a folder of models as the options ask for.</summary>
    public static Func<ModelDirectory, LoadedPolicy> Opener(InferenceChoice inference, GraphChoice graph)
    {
        var isSeparate = graph == GraphChoice.Separate;
        return inference == InferenceChoice.OnnxRuntime
            ? models => LoadedPolicy.OpenOnnxRuntime(models, isSeparate)
            : models => LoadedPolicy.OpenCompiled(models, isSeparate);
    }

    /// <summary>The models of a plain folder, or a store's current ones.</summary>
    /// <exception cref="ModelFileException">There are none.</exception>
    public static ModelDirectory ModelsOf(string folder)
    {
        if (!ModelStore.IsStore(folder))
            return ModelDirectory.Open(folder);

        var store = new ModelStore(folder);
        var history = store.History();
        return history.Count > 0
            ? store.Open(history[0])
            : throw new ModelFileException($"{folder}: no version is current");
    }

    /// <summary>Where a running pipeline takes models from; null where there is no store of them.</summary>
    public static ModelSource? SourceOf(DemoOptions options, LoadedPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        return options is { Inference: not InferenceChoice.Rules, ModelsDirectory: { } folder }
            && ModelStore.IsStore(folder)
                ? new ModelSource
                {
                    Store = new ModelStore(folder),
                    Open = Opener(options.Inference, options.Graph),
                    Initial = policy.Version,
                }
                : null;
    }

    private static LoadedPolicy Say(LoadedPolicy policy, IAnsiConsole? console)
    {
        if (policy.Problem is { } problem)
            console?.MarkupLineInterpolated($"[yellow]{policy.Name} decides, not what was asked for: {problem}[/]");

        return policy;
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
