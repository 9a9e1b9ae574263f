using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference;

/// <summary>The models of the repository that the tests run in.</summary>
internal static class ShippedModels
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot(), "models-onnx");

    public static ModelDirectory Open() => ModelDirectory.Open(Folder);

    /// <summary>A copy that a test may damage.</summary>
    public static string CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Folder)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ExecutionPipeline.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("no folder above the tests holds ExecutionPipeline.sln");
    }
}
