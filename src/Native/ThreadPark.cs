using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>Sleeps for less than a millisecond, which <see cref="Thread.Sleep(int)"/> cannot.</summary>
public static partial class ThreadPark
{
    private const long NanosPerSecond = 1_000_000_000;
    private const long NanosPerMilli = 1_000_000;

    /// <summary>
    /// Gives the processor away for at least <paramref name="periodNs"/> nanoseconds, or until a signal arrives.
    /// </summary>
    public static void SleepNs(long periodNs)
    {
        if (periodNs <= 0)
        {
            Thread.Yield();
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Thread.Sleep((int)Math.Clamp((periodNs + NanosPerMilli - 1) / NanosPerMilli, 1, int.MaxValue));
            return;
        }

        var period = new TimeSpec { Seconds = periodNs / NanosPerSecond, Nanoseconds = periodNs % NanosPerSecond };
        NanoSleep(in period, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec period, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
