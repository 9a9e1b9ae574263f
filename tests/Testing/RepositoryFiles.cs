namespace ExecutionPipeline.Testing;

/// <summary>Finds files of the repository, and those that lie beside it, from wherever the tests run.</summary>
public static class RepositoryFiles
{
    private const string RootMark = "ExecutionPipeline.sln";

    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside the repository, whether there is something or not.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>
    /// A file or folder under ../shared, which is beside the repository and not in it. Where it is missing, the test
    /// is ignored with a message that names it.
    /// </summary>
    public static string SharedPathOf(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. parts]));
        if (!Path.Exists(path))
            Assert.Ignore($"not beside the repository: {Path.Combine(["..", "shared", .. parts])}");

        return path;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, RootMark)))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no folder above the tests holds {RootMark}");
    }
}
