using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>
/// Files that are there whole, as they were or as they are to be, whenever the process ends or the power fails.
/// </summary>
public static partial class DurableFile
{
    /// <summary>What a file is called while it is written.</summary>
    public const string NextSuffix = ".next";

    /// <summary>The system's word for two names on different disks: EXDEV on Linux and macOS.</summary>
    private const int OtherDisk = 18;

    private const int CopyBytes = 1 << 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Puts a content in the place of a file, or where there is none. It is on the disk when this returns.
    /// </summary>
    /// <param name="path">The file; its folder must be there.</param>
    /// <param name="parts">The content, part by part.</param>
    /// <exception cref="IOException">The disk did not take it: the file is whole, old or new.</exception>
    public static void Replace(string path, params ReadOnlySpan<ReadOnlyMemory<byte>> parts) =>
        Fill(path + NextSuffix, mode: null, path, parts);

    /// <summary>The same of a file that its owner alone may read.</summary>
    /// <exception cref="IOException">The disk did not take it: the file is whole, old or new.</exception>
    public static void ReplacePrivate(string path, ReadOnlyMemory<byte> content)
    {
        // The mode is one of files that are made anew.
        File.Delete(path + NextSuffix);
        Fill(path + NextSuffix, OwnerOnly, path, content);
    }

    /// <summary>Puts a written and synced file in the place of another one.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        SyncFolderOf(to);
    }

    /// <summary>
    /// Moves a file that nobody writes any more to where none is. Onto another disk it is copied, and the first one
    /// goes when the copy is whole there: one of them is there at any time, and no part ever has the name.
    /// </summary>
    /// <param name="from">The file.</param>
    /// <param name="to">A name that is free; its folder must be there.</param>
    /// <param name="cancel">Ends a copy, also one that is whole; the file is where it was then.</param>
    /// <exception cref="IOException">The disk did not take it: the file is where it was.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static void Move(string from, string to, CancellationToken cancel = default)
    {
        if (TryRename(from, to))
        {
            SyncFolderOf(to);
            return;
        }

        Copy(from, to, cancel);
        // Whoever ended it may have let go of the file by now: both stay.
        cancel.ThrowIfCancellationRequested();
        File.Delete(from);
    }

    /// <summary>
    /// Copies a file to where none is, with its time and who may read it. The copy is whole on the disk when this
    /// returns. What an attempt that was ended has left is replaced.
    /// </summary>
    /// <exception cref="IOException">The disk did not take it: there is no copy, nor a part of one.</exception>
    /// <exception cref="OperationCanceledException">It was ended: neither is there.</exception>
    public static void Copy(string from, string to, CancellationToken cancel = default)
    {
        var next = to + NextSuffix;
        using var source = OpenToRead(from);
        using (var target = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            try
            {
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(target.SafeFileHandle, File.GetUnixFileMode(source.SafeFileHandle));
                CopyBytesOf(source, target, cancel);
                File.SetLastWriteTimeUtc(target.SafeFileHandle, File.GetLastWriteTimeUtc(source.SafeFileHandle));
                target.Flush(flushToDisk: true);
            }
            catch
            {
                File.Delete(next);
                throw;
            }
        }

        File.Move(next, to);
        SyncFolderOf(to);
    }

    /// <summary>Whether a file has the bytes of another one; its name is on the disk when this returns.</summary>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static bool IsCopy(string copy, string of, CancellationToken cancel = default)
    {
        using var first = OpenToRead(copy);
        using var second = OpenToRead(of);
        if (first.Length != second.Length)
            return false;

        var (a, b) = (new byte[CopyBytes], new byte[CopyBytes]);
        while (first.ReadAtLeast(a, a.Length, throwOnEndOfStream: false) is > 0 and var count)
        {
            cancel.ThrowIfCancellationRequested();
            second.ReadAtLeast(b, count, throwOnEndOfStream: false);
            if (!a.AsSpan(0, count).SequenceEqual(b.AsSpan(0, count)))
                return false;
        }

        SyncFolderOf(copy);
        return true;
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
    /// <exception cref="IOException">The disk did not take it: there is no part of it.</exception>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Fill(path, mode: null, null, content);

    /// <summary>Brings the name of a file or folder onto the disk.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void SyncFolderOf(string path) =>
        MemoryMap.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);

    private static FileStream OpenToRead(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static void CopyBytesOf(FileStream source, FileStream target, CancellationToken cancel)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            while (source.Read(bytes) is > 0 and var count)
            {
                cancel.ThrowIfCancellationRequested();
                target.Write(bytes, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Gives a file its name on the same disk. False: the name is on another one.</summary>
    private static bool TryRename(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            if (Path.GetPathRoot(Path.GetFullPath(from)) != Path.GetPathRoot(Path.GetFullPath(to)))
                return false;

            File.Move(from, to);
            return true;
        }

        if (RenameFile(from, to) == 0)
            return true;

        var reason = Marshal.GetLastPInvokeError();
        return reason == OtherDisk
            ? false
            : throw new IOException($"cannot move {from} to {to}", new Win32Exception(reason));
    }

    /// <summary>The file is held until it has its name, so that nobody takes it for one that was left behind.</summary>
    private static void Fill(
        string path, UnixFileMode? mode, string? name, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
        };
        if (mode is not null && !OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using var file = new FileStream(path, options);
        try
        {
            foreach (var part in parts)
                file.Write(part.Span);
            file.Flush(flushToDisk: true);
            if (name is not null)
                Rename(path, name);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);
}
