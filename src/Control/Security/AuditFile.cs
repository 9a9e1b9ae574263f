namespace ExecutionPipeline.Control.Security;

/// <summary>
/// A file that is only added to, up to a size; then it becomes FILE.1, what was that FILE.2, and the oldest goes. A
/// lock file beside it keeps a second control plane out, which writes FILE-2 instead.
/// </summary>
internal sealed class AuditFile : IDisposable
{
    private const int MostWriters = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;
    private readonly long _mostBytes;
    private readonly int _files;
    private FileStream? _stream;

    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="mostBytes">Its size, above 0.</param>
    /// <param name="files">How many are kept, at least 1.</param>
    /// <exception cref="IOException">It cannot be used.</exception>
    public AuditFile(string path, long mostBytes, int files)
    {
        (_mostBytes, _files) = (mostBytes, files);
        (Path, _lock) = Claim(path);
        try
        {
            _stream = Open();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>The file that is written.</summary>
    public string Path { get; }

    /// <summary>Adds whole lines.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        _stream ??= Open();
        if (_stream.Length > 0 && _stream.Length + lines.Length > _mostBytes)
        {
            var full = _stream;
            // First, so that the next lines open a file even where this one's last bytes cannot be written.
            _stream = null;
            full.Dispose();
            Rotate();
            _stream = Open();
        }

        DurableFile.Append(_stream, lines);
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _lock.Dispose();
    }

    private static (string Path, FileStream Lock) Claim(string path)
    {
        if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? path : System.IO.Path.Combine(
                System.IO.Path.GetDirectoryName(path) ?? "",
                $"{System.IO.Path.GetFileNameWithoutExtension(path)}-{number}{System.IO.Path.GetExtension(path)}");
            try
            {
                return (name, New(name + ".lock", FileMode.OpenOrCreate, FileShare.None));
            }
            catch (IOException) when (number < MostWriters && File.Exists(name + ".lock"))
            {
                // Another control plane writes it.
            }
        }
    }

    private FileStream Open()
    {
        var stream = New(Path, FileMode.OpenOrCreate, FileShare.Read);
        EndTornLine(stream);
        return stream;
    }

    /// <summary>What a power failure cut off stays as it is; what comes begins on a line of its own.</summary>
    private static void EndTornLine(FileStream stream)
    {
        if (stream.Length == 0)
            return;

        stream.Seek(-1, SeekOrigin.End);
        if (stream.ReadByte() != '\n')
            stream.WriteByte((byte)'\n');
    }

    private void Rotate()
    {
        if (_files == 1)
        {
            File.Delete(Path);
            return;
        }

        File.Delete($"{Path}.{_files - 1}");
        for (var number = _files - 2; number >= 1; number--)
        {
            if (File.Exists($"{Path}.{number}"))
                File.Move($"{Path}.{number}", $"{Path}.{number + 1}");
        }

        File.Move(Path, $"{Path}.1");
    }

    private static FileStream New(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}
