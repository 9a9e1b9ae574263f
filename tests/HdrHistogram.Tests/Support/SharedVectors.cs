namespace ExecutionPipeline.HdrHistogram.Tests.Support;

/// <summary>
/// The reference files of HdrHistogram for Java, which lie beside the repository and not in it.
/// </summary>
internal static class SharedVectors
{
    private const string Folder = "shared/vectors/hdrhistogram";

    internal static string PathOf(string fileName)
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
             folder is not null;
             folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "ExecutionPipeline.sln")))
                continue;

            var path = Path.GetFullPath(Path.Combine(folder.FullName, "..", Folder, fileName));
            if (File.Exists(path))
                return path;
            break;
        }

        Assert.Ignore($"The reference file ../{Folder}/{fileName} is not beside the repository.");
        return "";
    }

    internal static ExpectedInterval[] Expected()
        => ExpectedInterval.Parse(File.ReadAllText(PathOf("expected.json")));
}
