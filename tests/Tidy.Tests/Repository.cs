namespace ExecutionPipeline.Tidy.Tests;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Repository
{
    private const string SolutionName = "ExecutionPipeline.sln";
    private static readonly string[] CodeFolders = ["src", "tests", "tools", "perf"];
    private static readonly string[] ForeignFolders =
        ["bin", "obj", "node_modules", "TestResults", "StrykerOutput", "BenchmarkDotNet.Artifacts"];
    private static readonly Lazy<IReadOnlyList<SourceFile>> FoundSources = new(FindSources);

    public static string Root => RepositoryFiles.Root;

    public static string Solution => Read(SolutionName);

    public static IReadOnlyList<SourceFile> Sources => FoundSources.Value;

    /// <summary>Files of the code folders with one of the extensions, from the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files(params string[] extensions) =>
    [
        .. CodeFolders
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(Walk)
            .Where(path => extensions.Contains(Path.GetExtension(path)))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool HasFile(string path) => File.Exists(Path.Combine(Root, path));

    private static IReadOnlyList<SourceFile> FindSources() =>
        [.. Files(".cs").Select(path => SourceFile.Of(path, Read(path)))];

    private static IEnumerable<string> Walk(string folder)
    {
        var below = Directory.GetDirectories(folder).Where(name => !ForeignFolders.Contains(Path.GetFileName(name)));
        return Directory.GetFiles(folder).Concat(below.SelectMany(Walk));
    }
}
