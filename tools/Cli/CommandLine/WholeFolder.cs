namespace ExecutionPipeline.Cli.CommandLine;

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
