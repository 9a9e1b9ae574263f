using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Readers of paths. They give absolute paths and look whether the path can be used as intended.</summary>
public static class Paths
{
    private const int MostNeighbours = 1000;

    /// <summary>A file that is there.</summary>
    public static ValueReader<string?> ExistingFile { get; } = Reader(path =>
        File.Exists(path) ? ProblemOfReading(path)
        : Directory.Exists(path) ? $"'{path}' is a folder, not a file"
        : $"there is no file '{path}'{Neighbour(path)}");

    /// <summary>A folder that is there.</summary>
    public static ValueReader<string?> ExistingDirectory { get; } = Reader(path =>
        Directory.Exists(path) ? null
        : File.Exists(path) ? $"'{path}' is a file, not a folder"
        : $"there is no folder '{path}'{Neighbour(path)}");

    /// <summary>A file to write, in a folder that is there.</summary>
    public static ValueReader<string?> OutputFile { get; } = Reader(path =>
    {
        if (Directory.Exists(path))
            return $"'{path}' is a folder, not a file";

        var folder = Path.GetDirectoryName(path) ?? path;
        if (!Directory.Exists(folder))
            return $"there is no folder '{folder}' to write '{Path.GetFileName(path)}' to{Neighbour(folder)}";

        return File.Exists(path) ? ProblemOfFile(path) : ProblemOfFolder(folder);
    });

    /// <summary>A folder that is made where it is missing. It may be one that is only read.</summary>
    public static ValueReader<string?> OutputDirectory { get; } = Reader(FileInTheWay);

    /// <summary>A folder to write files to, which is made where it is missing.</summary>
    public static ValueReader<string?> WritableDirectory { get; } = Reader(path =>
        FileInTheWay(path) ?? ProblemOfFolder(NearestFolder(path)));

    private static ValueReader<string?> Reader(Func<string, string?> problemOf) => new("unit: path", text =>
    {
        if (string.IsNullOrWhiteSpace(text) || text.Contains('\0'))
            return ReadValue<string?>.Not("an empty path");

        var path = Path.GetFullPath(text);
        return new ReadValue<string?>(path, problemOf(path));
    });

    private static string? FileInTheWay(string path)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(folder))
                return $"'{folder}' is a file, not a folder";
        }

        return null;
    }

    private static string NearestFolder(string path)
    {
        var folder = path;
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    // Whoever waited for a run must not learn only then that its figures have no place to go.
    private static string? ProblemOfFolder(string folder) => HasSucceeded(() => new FileStream(
        Path.Combine(folder, $".xp-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
        FileOptions.DeleteOnClose))
        ? null
        : $"nothing can be written to '{folder}'";

    // A pipe, which is as long as nothing, would wait for its other end.
    private static string? ProblemOfFile(string path) =>
        new FileInfo(path).Length == 0 || HasSucceeded(() => File.OpenWrite(path))
            ? null
            : $"'{path}' cannot be written to";

    private static string? ProblemOfReading(string path) =>
        new FileInfo(path).Length == 0 || HasSucceeded(() => File.OpenRead(path))
            ? null
            : $"'{path}' cannot be read";

    private static bool HasSucceeded(Func<FileStream> open)
    {
        try
        {
            open().Dispose();
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A typing error in the last part of a path shows against what lies beside it.
    private static string Neighbour(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (folder is null || !Directory.Exists(folder))
            return "";

        try
        {
            var entries = Directory.EnumerateFileSystemEntries(folder).Take(MostNeighbours);
            return Suggestion.For(Path.GetFileName(path), entries.Select(entry => Path.GetFileName(entry)));
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
