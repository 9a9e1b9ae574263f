namespace ExecutionPipeline.HdrHistogram.Tests.Support;

/// <summary>
/// The reference files of HdrHistogram for Java, which lie beside the repository and not in it.
/// </summary>
internal static class SharedVectors
{
    internal static string PathOf(string fileName) =>
        RepositoryFiles.SharedPathOf("vectors", "hdrhistogram", fileName);

    internal static ExpectedInterval[] Expected()
        => ExpectedInterval.Parse(File.ReadAllText(PathOf("expected.json")));
}
