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

    /// <summary>Everything is written. What else is in a folder that is there already stays there.</summary>
    public void Complete()
    {
        if (!Directory.Exists(_path))
        {
            Directory.Move(Unfinished, _path);
            return;
        }

        foreach (var file in Directory.GetFiles(Unfinished))
            File.Move(file, Path.Combine(_path, Path.GetFileName(file)), overwrite: true);
    }

    public void Dispose()
    {
        if (Directory.Exists(Unfinished))
            Directory.Delete(Unfinished, recursive: true);
    }
}
