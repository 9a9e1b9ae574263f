using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// The lock on a driver's folder, which the system drops with its process. The file alone says nothing: a start that
/// was killed before it looked for a driver without a lock leaves one, too. So it is marked once that has been done,
/// and stays marked until it is deleted, as it is with the whole folder when an official driver takes that over.
/// </summary>
internal sealed class DriverLock : IDisposable
{
    public const string FileName = "driver.lock";

    private readonly string _path;
    private readonly FileStream _file;

    private DriverLock(string path, FileStream file)
    {
        _path = path;
        _file = file;
    }

    private static ReadOnlySpan<byte> MarkText => "this project's\n"u8;

    /// <summary>Whether a driver has found, at some time, that none without a lock uses the folder.</summary>
    public bool IsMarked
    {
        get
        {
            Span<byte> text = stackalloc byte[MarkText.Length];
            return RandomAccess.Read(_file.SafeFileHandle, text, 0) == text.Length && text.SequenceEqual(MarkText);
        }
    }

    /// <summary>
    /// Whether the locked file is the one that others would lock: whoever held it before may have deleted it, and a
    /// third one may have made it anew.
    /// </summary>
    public bool IsInPlace => FileIdentity.OfFile(_file.SafeFileHandle) is { } locked
        ? FileIdentity.OfPath(_path) == locked
        : File.Exists(_path);

    /// <summary>Locks a folder, which must be there.</summary>
    /// <exception cref="ActiveDriverException">Somebody holds the lock.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static DriverLock Take(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        var path = Path.Combine(folder, FileName);
        try
        {
            return new DriverLock(path, new FileStream(path, options));
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new ActiveDriverException(
                $"active driver detected in {folder}: stop it or give AeronDirectoryName another directory");
        }
    }

    /// <summary>Notes that no driver without a lock uses the folder.</summary>
    public void Mark() => RandomAccess.Write(_file.SafeFileHandle, MarkText, 0);

    /// <summary>Deletes the file, which nobody else may do as long as it is held.</summary>
    public void Delete()
    {
        if (IsInPlace)
            File.Delete(_path);
    }

    public void Dispose() => _file.Dispose();
}
