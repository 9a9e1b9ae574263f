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
