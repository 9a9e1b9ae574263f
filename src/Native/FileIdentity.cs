using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ExecutionPipeline.Native;

/// <summary>
/// Which file something is, whatever its name, and whose. Known on Linux alone; elsewhere, and where the system does
/// not tell, there is none.
/// </summary>
/// <param name="Device">The file system that the file is in.</param>
/// <param name="Inode">The file's number there.</param>
/// <param name="Owner">The number of the user that the file belongs to.</param>
public readonly partial record struct FileIdentity(ulong Device, ulong Inode, uint Owner)
{
    private const int CurrentFolder = -100;
    private const int NotThroughLinks = 0x100;
    private const int OfTheHandle = 0x1000;
    private const uint BasicFields = 0x7FF;

    /// <summary>The number of the user as which this process makes files; null off Linux.</summary>
    public static uint? CurrentUser => OperatingSystem.IsLinux() ? EffectiveUser() : null;

    /// <summary>What has a path now: a link at its end is not followed. Null where nothing has it.</summary>
    public static FileIdentity? OfPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!OperatingSystem.IsLinux())
            return null;

        return StatusOfPath(CurrentFolder, path, NotThroughLinks, BasicFields, out var status) == 0
            ? status.Identity
            : null;
    }

    /// <summary>What is open, even if it has another path by now, or none.</summary>
    public static FileIdentity? OfFile(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!OperatingSystem.IsLinux())
            return null;

        return StatusOfFile(file, "", OfTheHandle, BasicFields, out var status) == 0 ? status.Identity : null;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatusOfPath(int folder, string path, int flags, uint fields, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatusOfFile(
        SafeFileHandle file, string path, int flags, uint fields, out FileStatus status);

    /// <summary>The kernel's struct statx, which is the same on every processor; other fields are left out.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct FileStatus
    {
        [FieldOffset(20)]
        private readonly uint _owner;

        [FieldOffset(32)]
        private readonly ulong _inode;

        [FieldOffset(136)]
        private readonly uint _deviceMajor;

        [FieldOffset(140)]
        private readonly uint _deviceMinor;

        public FileIdentity Identity => new((ulong)_deviceMajor << 32 | _deviceMinor, _inode, _owner);
    }
}
