using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference;

/// <summary>The models of the repository that the tests run in.</summary>
internal static class ShippedModels
{
    public static string Folder { get; } = RepositoryFiles.PathOf("models-onnx");

    public static ModelDirectory Open() => ModelDirectory.Open(Folder);

    /// <summary>A copy that a test may damage.</summary>
    public static string CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Folder)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }
}
