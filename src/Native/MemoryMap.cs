using System.ComponentModel;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ExecutionPipeline.Native;

/// <summary>
/// A file mapped whole into memory, shared with every process that maps it. Pages are written back by the system
/// alone: unmapping never waits for a disk.
/// </summary>
public sealed unsafe partial class MemoryMap : IDisposable
{
    private const int ProtectRead = 1;
    private const int ProtectWrite = 2;
    private const int MapShared = 1;
    private const int MapPopulate = 0x8000;
    private static readonly int SyncAndWait = OperatingSystem.IsLinux() ? 4 : 0x10;
    private const int MapPrivate = 2;
    private const int MapFixed = 0x10;
    // Anonymous, and with no swap space put aside for it.
    private const int LinuxAnonymous = 0x20 | 0x4000;
    private const int MacAnonymous = 0x1000 | 0x40;
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly MemoryMappedFile? _portableFile;
    private readonly MemoryMappedViewAccessor? _portableView;
    private nint _address;

    private MemoryMap(FileStream file, bool isWritable, bool isPopulated)
    {
        GC.SuppressFinalize(this);
        Length = file.Length;
        if (Length <= 0)
            throw new IOException($"cannot map an empty file: {file.Name}");

        if (OperatingSystem.IsWindows())
        {
            var access = isWritable ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read;
            _portableFile = MemoryMappedFile.CreateFromFile(
                file, null, 0, access, HandleInheritability.None, leaveOpen: true);
            _portableView = _portableFile.CreateViewAccessor(0, Length, access);
            byte* pointer = null;
            _portableView.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            _address = (nint)pointer;
            return;
        }

        var protection = isWritable ? ProtectRead | ProtectWrite : ProtectRead;
        var flags = isPopulated && OperatingSystem.IsLinux() ? MapShared | MapPopulate : MapShared;
        _address = Map(0, (nuint)Length, protection, flags, file.SafeFileHandle, 0);
        if (_address == -1)
            throw new IOException($"cannot map {file.Name}", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    /// <summary>Frees what was blanked.</summary>
    ~MemoryMap() => Dispose();

    /// <summary>The first byte. Zero once disposed.</summary>
    public nint Address => _address;

    /// <summary>The file's length when it was mapped, in bytes.</summary>
    public long Length { get; }

    /// <summary>
    /// Creates a file of <paramref name="lengthBytes"/> zero bytes that only this user may read and write, and maps
    /// it. A sparse file takes its space when it is first written; the other takes it now, so that a full file system
    /// is an error here and not a fault later, and its pages are present before the first use.
    /// </summary>
    /// <exception cref="IOException">The file exists, there is no room for it, or it may not be so large.</exception>
    public static MemoryMap Create(string path, long lengthBytes, bool isSparse)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthBytes);
        if (!isSparse)
            MustHaveRoom(path, lengthBytes);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = isSparse ? 0 : lengthBytes,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = PrivateFile;

        using var file = new FileStream(path, options);
        try
        {
            file.SetLength(lengthBytes);
            return new MemoryMap(file, isWritable: true, isPopulated: !isSparse);
        }
        catch (Exception problem)
        {
            File.Delete(path);
            // The runtime's word for what the file system, or a limit on this process, does not allow.
            if (problem is ArgumentOutOfRangeException)
                throw new IOException($"{path}: the system allows no file of {lengthBytes} bytes here", problem);
            throw;
        }
    }

    /// <summary>
    /// A file system may take all the room that there is before it says that it is not enough, and leaves none to
    /// others until then.
    /// </summary>
    private static void MustHaveRoom(string path, long lengthBytes)
    {
        var drive = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var free = drive.AvailableFreeSpace;
        // One in memory without a limit states no size.
        if (drive.TotalSize > 0 && free < lengthBytes)
            throw new IOException($"{path}: there is no room for {lengthBytes} bytes: {free} are free");
    }

    /// <summary>Maps a file that exists, to read and write it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isPopulated">Brings every page in now, so that none faults on first use.</param>
    public static MemoryMap Open(string path, bool isPopulated = false)
    {
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return new MemoryMap(file, isWritable: true, isPopulated);
    }

    /// <summary>Maps a file that exists, to read it. Writing to the memory is a fault.</summary>
    public static MemoryMap OpenReadOnly(string path)
    {
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return new MemoryMap(file, isWritable: false, isPopulated: false);
    }

    /// <summary>
    /// Brings a range, widened to whole pages, onto the disk, and waits for it. What is written meanwhile may or may
    /// not be part of it.
    /// </summary>
    /// <exception cref="IOException">The disk did not take it. What was to be brought there may be lost.</exception>
    public void Sync(long offset, long lengthBytes)
    {
        if (_portableView is not null)
        {
            _portableView.Flush();
            return;
        }

        var first = offset & ~((long)Environment.SystemPageSize - 1);
        var length = Math.Min(offset + lengthBytes, Length) - first;
        if (length > 0 && SyncPages(_address + (nint)first, (nuint)length, SyncAndWait) != 0)
        {
            var reason = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"the disk did not take what was written: {reason.Message}", reason);
        }
    }

    /// <summary>
    /// Brings a folder's list of files onto the disk, so that a new file is found after a power failure. Nothing is
    /// done on systems that have no such call.
    /// </summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        var file = OpenFile(path, 0);
        if (file < 0)
            throw new IOException($"cannot open {path}", new Win32Exception(Marshal.GetLastPInvokeError()));

        var result = SyncFile(file);
        var reason = Marshal.GetLastPInvokeError();
        _ = CloseFile(file);
        if (result != 0)
            throw new IOException($"the disk did not take the list of files of {path}", new Win32Exception(reason));
    }

    /// <summary>
    /// Lets go of the file, but leaves private zeroes where it was, so that a thread in the middle of using it harms
    /// nobody. They go when nothing refers to this object any more. False where the system has no such thing: then
    /// nothing has been done.
    /// </summary>
    public bool TryBlank()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return false;

        const int protection = ProtectRead | ProtectWrite;
        var flags = MapPrivate | MapFixed | (OperatingSystem.IsLinux() ? LinuxAnonymous : MacAnonymous);
        using var noFile = new SafeFileHandle(-1, ownsHandle: false);
        if (_address == 0 || Map(_address, (nuint)Length, protection, flags, noFile, 0) != _address)
            return false;

        GC.ReRegisterForFinalize(this);
        return true;
    }

    /// <summary>Unmaps. Whoever still holds an address into the map must not use it again.</summary>
    public void Dispose()
    {
        var address = Interlocked.Exchange(ref _address, 0);
        if (address == 0)
            return;

        GC.SuppressFinalize(this);
        if (_portableView is null)
        {
            Unmap(address, (nuint)Length);
            return;
        }

        _portableView.SafeMemoryMappedViewHandle.ReleasePointer();
        _portableView.Dispose();
        _portableFile!.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(
        nint address, nuint length, int protection, int flags, SafeFileHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "msync", SetLastError = true)]
    private static partial int SyncPages(nint address, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int file);
}
