using System.Text;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>
/// A file that comes to be whole or not at all: what is written goes beside its path and takes its place at the end.
/// </summary>
public sealed class WholeFile : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _path;
    private readonly string? _unfinished;

    /// <exception cref="IOException">Nothing can be written there.</exception>
    public WholeFile(string path)
    {
        _path = path;
        // Another run may be about to write there too.
        _unfinished = IsReplaceable(path) ? $"{path}.{Guid.NewGuid().ToString("n")[..8]}.part" : null;
        try
        {
            Stream = Create(_unfinished ?? path);
        }
        catch (UnauthorizedAccessException) when (_unfinished is not null && File.Exists(path))
        {
            // The file may be written to, but nothing beside it.
            _unfinished = null;
            Stream = Create(path);
        }
    }

    public Stream Stream { get; }

    /// <summary>Writes a text, over what was there.</summary>
    /// <exception cref="IOException">It cannot be written; what was there is still there.</exception>
    public static void WriteText(string path, string text)
    {
        using var file = new WholeFile(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Complete();
    }

    /// <summary>Everything is written: it takes its place.</summary>
    public void Complete()
    {
        Stream.Dispose();
        if (_unfinished is not null)
            File.Move(_unfinished, _path, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        finally
        {
            if (_unfinished is not null)
                File.Delete(_unfinished);
        }
    }

    private static FileStream Create(string path) =>
        new(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);

    /// <summary>
    /// A link is to be followed, and a device or a pipe, which are never longer than nothing, to be written to.
    /// </summary>
    private static bool IsReplaceable(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null && (!file.Exists || file.Length > 0);
    }
}

/// <summary>
/// A folder of files that belong together: they are written beside their place and take it together, once all are
/// whole.
/// </summary>
public sealed class WholeFolder : IDisposable
{
    private readonly string _path;

    /// <exception cref="IOException">Nothing can be written there.</exception>
    public WholeFolder(string path)
    {
        _path = Path.TrimEndingDirectorySeparator(path);
        var parent = Path.GetDirectoryName(_path) ?? _path;
        Directory.CreateDirectory(parent);
        Unfinished = Path.Combine(parent, $"{Path.GetFileName(_path)}.{Guid.NewGuid().ToString("n")[..8]}.part");
        Directory.CreateDirectory(Unfinished);
    }

    /// <summary>Where the files are written until they are complete.</summary>
    public string Unfinished { get; }

    /// <summary>
    /// Everything is written. What else is in a folder that is there already stays there; where one of the files is
    /// there and may not be replaced, all go to a folder of another name.
    /// </summary>
    /// <returns>The folder that they went to.</returns>
    public string Complete(bool isReplacing)
    {
        var path = _path;
        while (!IsMovedTo(path, isReplacing))
            path = WrittenFiles.FreeName(_path);
        return path;
    }

    private bool IsMovedTo(string path, bool isReplacing)
    {
        string[] files = [.. Directory.GetFiles(Unfinished).Order(StringComparer.Ordinal)];
        try
        {
            if (!Directory.Exists(path))
            {
                Directory.Move(Unfinished, path);
                return true;
            }

            // Of several runs one is first with the first file, and only that one goes on.
            if (!isReplacing && files.Any(file => File.Exists(Path.Combine(path, Path.GetFileName(file)))))
                return false;

            File.Move(files[0], Path.Combine(path, Path.GetFileName(files[0])), isReplacing);
        }
        catch (IOException) when (Directory.Exists(path) && File.Exists(files[0]))
        {
            return false;
        }

        foreach (var file in files.Skip(1))
            File.Move(file, Path.Combine(path, Path.GetFileName(file)), overwrite: true);
        return true;
    }

    public void Dispose()
    {
        if (Directory.Exists(Unfinished))
            Directory.Delete(Unfinished, recursive: true);
    }
}

/// <summary>Guards what a command reads, and what was written before, from what it writes.</summary>
public static class WrittenFiles
{
    /// <summary>So many links the system follows in a path.</summary>
    private const int MostLinks = 40;

    /// <summary>
    /// Refuses a file that is to be written and read, or written twice, whatever links lead to it. Folders may be among
    /// both. Null stands for no file.
    /// </summary>
    /// <exception cref="UsageException">There is one; it is named.</exception>
    public static void MustStandAlone(IEnumerable<string?> read, params IEnumerable<string?> written)
    {
        var inputs = read.OfType<string>().Select(static path => TargetOf(path)).ToHashSet();
        var outputs = new HashSet<string>();
        foreach (var path in written.OfType<string>())
        {
            var target = TargetOf(path);
            if (inputs.Contains(target))
                throw new UsageException($"'{path}' is to be written, but it is read too");
            if (!outputs.Add(target))
                throw new UsageException($"'{path}' is to be written twice: name two files");
        }
    }

    /// <summary>Refuses to write over files, unless that is asked for. Null stands for no file.</summary>
    /// <exception cref="UsageException">There is one; it is named.</exception>
    public static void MustBeNew(bool isForced, params IEnumerable<string?> written)
    {
        // A device, a pipe and an empty file have nothing to lose.
        foreach (var path in written.OfType<string>().Where(_ => !isForced))
        {
            if (File.Exists(path) && new FileInfo(TargetOf(path)).Length > 0)
                throw new UsageException($"'{path}' is there already: name another, or write over it with --force");
        }
    }

    /// <summary>
    /// The path, or, where something is there already, one beside it that is free: figures-2.json for figures.json.
    /// </summary>
    public static string FreeName(string path)
    {
        var trimmed = Path.TrimEndingDirectorySeparator(path);
        var extension = Path.GetExtension(trimmed);
        var stem = trimmed[..(trimmed.Length - extension.Length)];
        var free = trimmed;
        for (var number = 2; Path.Exists(free); number++)
            free = $"{stem}-{number}{extension}";
        return free;
    }

    /// <summary>The path without links, whether there is something or not.</summary>
    private static string TargetOf(string path, int links = MostLinks)
    {
        if (links == 0 || Path.GetDirectoryName(path) is not { } folder)
            return path;

        folder = TargetOf(folder, links);
        var own = Path.Combine(folder, Path.GetFileName(path));
        return new FileInfo(own).LinkTarget is { } target
            ? TargetOf(Path.GetFullPath(target, folder), links - 1)
            : own;
    }
}
