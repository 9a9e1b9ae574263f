using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>
/// Nanoseconds since the Unix epoch, UTC, from the system's real-time clock: the one clock that stamps of several
/// processes on a machine can be compared by. It follows the system's time, so a step of that time shows in it.
/// </summary>
public static partial class NanoClock
{
    private const int ClockRealtime = 0;
    private const long NanosPerSecond = 1_000_000_000;

    /// <summary>
    /// The time now, in nanoseconds since the Unix epoch, UTC. Costs one clock reading and no system call.
    /// </summary>
    public static long NowNs() => OperatingSystem.IsLinux() ? LinuxNowNs() : PortableNowNs();

    private static long LinuxNowNs()
    {
        ClockGetTime(ClockRealtime, out var time);
        return time.Seconds * NanosPerSecond + time.Nanoseconds;
    }

    private static long PortableNowNs() => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
