using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>Opens the policies that a command was asked for, and says what stands in for what.</summary>
public static class Policies
{
    private const string FolderName = "models-onnx";

    /// <summary>How far below a store its versions' files are.</summary>
    private const int StoreDepth = 2;

    /// <summary>What a command was asked for; the nearest models where it names none.</summary>
    /// <exception cref="UsageException">Models are asked for and there are none here.</exception>
    public static PolicyChoice ChoiceOf(InferenceChoice inference, GraphChoice graph, string? modelsDirectory) =>
        new(inference, graph, inference == InferenceChoice.Rules ? null : modelsDirectory ?? FindFolder());

    /// <summary>The caller disposes of it. Says on the console when a policy stands in for the one asked for.</summary>
    /// <exception cref="ModelFileException">The models are not there or not as their manifest says.</exception>
    public static LoadedPolicy Open(PolicyChoice choice, IAnsiConsole? console = null) => Open(choice.Open, console);

    /// <summary>
    /// As <see cref="Open(PolicyChoice, IAnsiConsole?)"/>, but what cannot be used is passed over: the current models,
    /// the previous ones, the rules.
    /// </summary>
    /// <exception cref="ModelFileException">There is no folder of models to look in.</exception>
    public static LoadedPolicy OpenChain(PolicyChoice choice, IAnsiConsole? console = null) =>
        Open(choice.OpenChain, console);

    /// <summary>The nearest models-onnx at or above the working folder, else at or above the program's.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string FindFolder() => NearestFolder() ?? throw new UsageException(
        $"no {FolderName} folder with a {ModelManifest.FileName} here or above: name it with --models");

    /// <summary>
    /// The models and manifests of a folder or a store, and what else either keeps; of the nearest models where none is
    /// named.
    /// </summary>
    public static IEnumerable<string> FilesOf(string? folder)
    {
        folder ??= NearestFolder();
        var all = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = StoreDepth };
        if (folder is null || !Directory.Exists(folder))
            return [];

        var models = Directory.EnumerateFiles(folder, "*", all).Where(IsOfModels).ToArray();
        return
        [
            .. models, .. ModelStore.IsStore(folder) ? ModelStore.OwnFilesOf(folder) : [],
            .. models.Where(IsManifest).SelectMany(DataOf),
        ];
    }

    private static bool IsOfModels(string path) => Path.GetExtension(path) == ".onnx" || IsManifest(path);

    private static bool IsManifest(string path) => Path.GetFileName(path) == ModelManifest.FileName;

    /// <summary>Where the models of a manifest keep weights beside them; none where it cannot be read.</summary>
    private static IEnumerable<string> DataOf(string manifest)
    {
        var folder = Path.GetDirectoryName(manifest)!;
        try
        {
            return
            [
                .. ModelDirectory.Open(folder).Manifest.Models.SelectMany(static model => model.Data ?? [])
                    .Select(data => Path.Combine(folder, data.File)),
            ];
        }
        catch (ModelFileException)
        {
            // Whoever loads them says so.
            return [];
        }
    }

    private static string? NearestFolder()
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

        return null;
    }

    private static LoadedPolicy Open(Func<LoadedPolicy> open, IAnsiConsole? console)
    {
        var policy = open();
        if (policy.Problem is { } instead)
            console?.MarkupLineInterpolated($"[yellow]{policy.Name} decides, not what was asked for: {instead}[/]");

        return policy;
    }
}
