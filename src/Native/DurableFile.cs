namespace ExecutionPipeline.Native;

/// <summary>
/// Files that are there whole, as they were or as they are to be, whenever the process ends or the power fails.
/// </summary>
public static class DurableFile
{
    /// <summary>What a file is called while it is written.</summary>
    public const string NextSuffix = ".next";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Puts a content in the place of a file, or where there is none. It is on the disk when this returns.
    /// </summary>
    /// <param name="path">The file; its folder must be there.</param>
    /// <param name="parts">The content, part by part.</param>
    /// <exception cref="IOException">The disk did not take it: the file is whole, old or new.</exception>
    public static void Replace(string path, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var next = path + NextSuffix;
        Write(next, mode: null, parts);
        Rename(next, path);
    }

    /// <summary>The same of a file that its owner alone may read.</summary>
    /// <exception cref="IOException">The disk did not take it: the file is whole, old or new.</exception>
    public static void ReplacePrivate(string path, ReadOnlyMemory<byte> content)
    {
        var next = path + NextSuffix;
        // The mode is one of files that are made anew.
        File.Delete(next);
        Write(next, OwnerOnly, content);
        Rename(next, path);
    }

    /// <summary>Puts a written and synced file in the place of another one.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        SyncFolderOf(to);
    }

    /// <summary>Adds to the end of a file: all of it, or, where the disk does not take all, nothing.</summary>
    /// <param name="file">It does not buffer, and is written nowhere else.</param>
    /// <param name="bytes">What is added.</param>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Append(FileStream file, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(file);
        var length = file.Length;
        try
        {
            file.Position = length;
            file.Write(bytes);
        }
        catch (IOException)
        {
            file.SetLength(length);
            throw;
        }
    }

    /// <summary>Writes a file that nobody looks for yet, and brings its content onto the disk.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, mode: null, content);

    /// <summary>Brings the name of a file or folder onto the disk.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void SyncFolderOf(string path) =>
        MemoryMap.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);

    private static void Write(string path, UnixFileMode? mode, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (mode is not null && !OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using var file = new FileStream(path, options);
        foreach (var part in parts)
            file.Write(part.Span);
        file.Flush(flushToDisk: true);
    }
}
