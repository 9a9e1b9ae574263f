using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Who decides.</summary>
public enum InferenceChoice
{
    /// <summary>As <see cref="Compiled"/> where that can be done, else as <see cref="OnnxRuntime"/>.</summary>
    Auto,

    /// <summary>The ONNX models, compiled and held against ONNX Runtime first.</summary>
    Compiled,

    /// <summary>The ONNX models, run by ONNX Runtime.</summary>
    OnnxRuntime,

    /// <summary>The rule-based policy that the models were fitted to.</summary>
    Rules,
}

/// <summary>The graphs that the models are run from.</summary>
public enum GraphChoice
{
    /// <summary>The three actors in one graph.</summary>
    Merged,

    /// <summary>A graph for each actor.</summary>
    Separate,
}

/// <summary>Opens the policies that a run is asked to decide by.</summary>
/// <param name="Inference">Who decides.</param>
/// <param name="Graph">From which graphs.</param>
/// <param name="ModelsDirectory">
/// A folder of models or a store of their versions; null where <paramref name="Inference"/> is the rules.
/// </param>
public sealed record PolicyChoice(InferenceChoice Inference, GraphChoice Graph, string? ModelsDirectory)
{
    private bool IsByRules => Inference == InferenceChoice.Rules;

    private ModelStore? Store =>
        !IsByRules && ModelsDirectory is { } folder && ModelStore.IsStore(folder) ? new ModelStore(folder) : null;

    /// <summary>The caller disposes of it.</summary>
    /// <exception cref="ModelFileException">
    /// The models are not there, not as their manifest says, or their answers are none.
    /// </exception>
    public LoadedPolicy Open() => IsByRules
        ? LoadedPolicy.Rules()
        : PolicyChain.OpenProbed(ModelsOf(RequireFolder()), OpenModels);

    /// <summary>
    /// As <see cref="Open"/>, but what cannot be used is passed over: the current models, the previous ones, the rules.
    /// </summary>
    /// <exception cref="ModelFileException">There is no folder of models to look in.</exception>
    public LoadedPolicy OpenChain()
    {
        if (IsByRules)
            return LoadedPolicy.Rules();

        var folder = RequireFolder();
        if (!ModelStore.IsStore(folder) && !File.Exists(Path.Combine(folder, ModelManifest.FileName)))
        {
            throw new ModelFileException(
                $"{folder} has no {ModelManifest.FileName} and is no store: it holds no models");
        }

        return PolicyChain.Open(folder, OpenModels);
    }

    /// <summary>Opens a folder of models by the backend that was asked for.</summary>
    public LoadedPolicy OpenModels(ModelDirectory models) => Inference == InferenceChoice.OnnxRuntime
        ? LoadedPolicy.OpenOnnxRuntime(models, Graph == GraphChoice.Separate)
        : LoadedPolicy.OpenCompiled(models, Graph == GraphChoice.Separate);

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
    /// <param name="initial">What decides at the start.</param>
    public ModelSource? SourceFor(LoadedPolicy initial) => Store is { } store
        ? new ModelSource { Store = store, Open = OpenModels, Initial = initial.Version }
        : null;

    /// <summary>Opens the versions that a recording names; null where there is no store of them.</summary>
    public Func<ModelVersion, LoadedPolicy>? VersionOpener()
    {
        if (IsByRules)
            return static _ => LoadedPolicy.Rules();

        return Store is { } store ? version => PolicyChain.OpenProbed(store.Open(version), OpenModels) : null;
    }

    private string RequireFolder() =>
        ModelsDirectory ?? throw new ModelFileException("name a folder of models");
}
