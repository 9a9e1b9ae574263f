using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Pipeline.Tests.Models;

/// <summary>A store with the shipped models, and with versions made of some of their files.</summary>
internal sealed class TestModels : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xp-swap-").FullName;

    public TestModels()
    {
        Store = new ModelStore(Path.Combine(_folder, "store"));
        First = Store.Add(RepositoryFiles.PathOf("models-onnx"), "t");
        Second = Add(static manifest => manifest with { Models = [.. manifest.Models.Take(1)] });
        Store.MakeCurrent(First);
    }

    public ModelStore Store { get; }

    public ModelVersion First { get; }

    public ModelVersion Second { get; }

    public string JournalFolder => Path.Combine(_folder, "journal");

    public ModelSource Source => new() { Store = Store, Initial = ModelVersion.Rules, Open = OpenModels };

    public LoadedPolicy Open(ModelVersion version) => PolicyChain.OpenProbed(Store.Open(version), OpenModels);

    public string FileOf(ModelVersion version) =>
        Path.Combine(Store.Location, "versions", version.ToString(), "execution_policy.onnx");

    /// <summary>The shipped models under a manifest that differs.</summary>
    /// <param name="change">What differs.</param>
    /// <param name="store">Takes them; null: <see cref="Store"/>.</param>
    public ModelVersion Add(Func<ModelManifest, ModelManifest> change, ModelStore? store = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;
        var shipped = RepositoryFiles.PathOf("models-onnx");
        var manifest = change(ModelDirectory.Open(shipped).Manifest);
        foreach (var model in manifest.Models)
            File.Copy(Path.Combine(shipped, model.File), Path.Combine(folder, model.File));

        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), manifest.ToJson());
        return (store ?? Store).Add(folder, "t");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static LoadedPolicy OpenModels(ModelDirectory models) =>
        LoadedPolicy.OpenOnnxRuntime(models, isSeparate: false);
}
