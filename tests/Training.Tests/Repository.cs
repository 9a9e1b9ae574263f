namespace ExecutionPipeline.Training.Tests;

/// <summary>The repository that the tests run in.</summary>
internal static class Repository
{
    public static string ModelFolder { get; } = Path.Combine(Root(), "models-onnx");

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ExecutionPipeline.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("no folder above the tests holds ExecutionPipeline.sln");
    }
}
