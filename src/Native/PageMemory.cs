using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>What can be asked of the system for a range of memory. Ranges are widened to whole pages.</summary>
public static partial class PageMemory
{
    /// <summary>Bytes of a huge page on x64 and, with 4 KiB pages, on arm64.</summary>
    public const int HugePageBytes = 2 << 20;

    private const int AdviceHugePages = 14;
    private const int AdvicePopulateWrite = 23;
    private const string PrivateWritable = "rw-p";

    /// <summary>
    /// Asks for huge pages for what lies on whole ones within the range. It must not have been touched before: the
    /// system then gives them at the first touch, as far as it has them.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The system is not Linux.</exception>
    /// <exception cref="IOException">The system has no huge pages to give on request.</exception>
    public static void UseHugePages(nint address, nint lengthBytes)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("huge pages can be asked for on Linux only");

        var first = (address + HugePageBytes - 1) & ~((nint)HugePageBytes - 1);
        var end = (address + lengthBytes) & ~((nint)HugePageBytes - 1);
        if (first < end && Advise(first, end - first, AdviceHugePages) != 0)
            throw Refused("use huge pages for", lengthBytes, "transparent_hugepage must be 'madvise' or 'always'");
    }

    /// <summary>Brings the range into memory and keeps it there until <see cref="Unlock"/>.</summary>
    /// <exception cref="PlatformNotSupportedException">The system is Windows.</exception>
    /// <exception cref="IOException">The process may not lock so much memory.</exception>
    public static void Lock(nint address, nint lengthBytes)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("memory can be locked on Linux and macOS only");

        if (LockPages(address, lengthBytes) != 0)
            throw Refused("lock", lengthBytes, "raise the limit of locked memory (ulimit -l, LimitMEMLOCK)");
    }

    /// <summary>Undoes <see cref="Lock"/>.</summary>
    public static void Unlock(nint address, nint lengthBytes)
    {
        if (!OperatingSystem.IsWindows())
            _ = UnlockPages(address, lengthBytes);
    }

    /// <summary>
    /// Brings what this process may write to, and no file stands behind, into memory without changing it: the heap that
    /// has been taken above all, which the system otherwise gives page by page at the first write to each. Threads'
    /// stacks are among it.
    /// </summary>
    /// <returns>Bytes of such memory; 0 where the system cannot do it: Linux before 5.14, and every other.</returns>
    public static long TouchOwn()
    {
        if (!OperatingSystem.IsLinux())
            return 0;

        var bytes = 0L;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            // first-last permissions offset device inode path
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 5 || words[1] != PrivateWritable)
                continue;

            var ends = words[0].Split('-');
            var (first, last) = (HexOf(ends[0]), HexOf(ends[1]));
            if (Advise(first, last - first, AdvicePopulateWrite) == 0)
                bytes += last - first;
        }

        return bytes;
    }

    private static nint HexOf(string digits) =>
        (nint)long.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IOException Refused(string what, nint lengthBytes, string hint)
    {
        var reason = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"cannot {what} {lengthBytes >> 10} KiB of memory: {reason.Message}; {hint}", reason);
    }

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint address, nint lengthBytes, int advice);

    [LibraryImport("libc", EntryPoint = "mlock", SetLastError = true)]
    private static partial int LockPages(nint address, nint lengthBytes);

    [LibraryImport("libc", EntryPoint = "munlock")]
    private static partial int UnlockPages(nint address, nint lengthBytes);
}
