using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>
/// The time of this process in nanoseconds since the Unix epoch, UTC. It never runs backwards and never stands still:
/// it is the system's monotonic clock, anchored to the real-time clock when first read. A step of the system's time is
/// not taken over but slewed in, see <see cref="AnchoredClock{TSource}"/>. A process that goes on with a journal goes
/// on with its time, too (<see cref="GoOnFrom"/>). Stamps that other processes are to compare are the system's real
/// time: this time plus <see cref="WallAheadNs"/>.
/// </summary>
public static class NanoClock
{
    private static readonly AnchoredClock<KernelClocks> Clock = new(default);

    /// <summary>How often the system's time was stepped by a millisecond or more since the first reading.</summary>
    public static long StepCount => Clock.StepCount;

    /// <summary>By how much the system's time was last stepped, in nanoseconds; negative for backwards.</summary>
    public static long LastStepNs => Clock.LastStepNs;

    /// <summary>
    /// The time now, in nanoseconds since the Unix epoch, UTC. Costs one clock reading and no system call.
    /// </summary>
    public static long NowNs() => Clock.NowNs();

    /// <summary>The time now as a date, for the durations between such dates; what is shown is the system's.</summary>
    public static DateTime UtcNow => DateTime.UnixEpoch.AddTicks(NowNs() / TimeSpan.NanosecondsPerTick);

    /// <summary>What makes <see cref="UtcNow"/> the system's time.</summary>
    public static TimeSpan WallAhead => TimeSpan.FromTicks(WallAheadNs() / TimeSpan.NanosecondsPerTick);

    /// <summary>
    /// How far the system's real time is ahead of this clock, in nanoseconds: 0 unless a difference is being slewed in.
    /// </summary>
    public static long WallAheadNs() => Clock.WallAheadNs();

    /// <summary>
    /// Goes on from a moment that may be ahead, such as the last one of a journal behind which the system's time was
    /// stepped back. Returns how far ahead it was, in nanoseconds; 0: it had passed.
    /// </summary>
    public static long GoOnFrom(long timeNs) => Clock.GoOnFrom(timeNs);
}

/// <summary>The two clocks of a system that an <see cref="AnchoredClock{TSource}"/> is made of.</summary>
public interface IClockSource
{
    /// <summary>A clock that nobody steps, in nanoseconds since any moment.</summary>
    long MonotonicNs();

    /// <summary>The real time since the Unix epoch less the monotonic time, in nanoseconds.</summary>
    /// <param name="uncertaintyNs">How far the result can be off, in nanoseconds.</param>
    long MeasureWallOffsetNs(out long uncertaintyNs);
}

/// <summary>The clocks of this system.</summary>
public readonly partial struct KernelClocks : IClockSource
{
    private const int Realtime = 0;
    private const int Monotonic = 1;
    private const int RealtimeCoarse = 5;
    private const int MonotonicCoarse = 6;
    private const int Attempts = 16;
    private const long NanosPerSecond = 1_000_000_000;

    /// <inheritdoc/>
    public long MonotonicNs() => OperatingSystem.IsLinux() ? Read(Monotonic) : PortableNs();

    /// <inheritdoc/>
    /// <remarks>
    /// Both clocks of Linux run at one rate, also while time is disciplined, so the offset is constant but for steps.
    /// The coarse ones stand still between the kernel's ticks, so within one tick the offset is exact, and the same in
    /// every process.
    /// </remarks>
    public long MeasureWallOffsetNs(out long uncertaintyNs)
    {
        uncertaintyNs = 0;
        for (var i = 0; i < Attempts && OperatingSystem.IsLinux(); i++)
        {
            var beforeNs = Read(MonotonicCoarse);
            var wallNs = Read(RealtimeCoarse);
            if (Read(MonotonicCoarse) == beforeNs)
                return wallNs - beforeNs;
        }

        return MeasureFine(out uncertaintyNs);
    }

    private long MeasureFine(out long uncertaintyNs)
    {
        var offsetNs = 0L;
        uncertaintyNs = long.MaxValue;
        for (var i = 0; i < Attempts; i++)
        {
            var beforeNs = MonotonicNs();
            var wallNs = OperatingSystem.IsLinux() ? Read(Realtime) : PortableWallNs();
            var tookNs = MonotonicNs() - beforeNs;
            if (tookNs >= uncertaintyNs)
                continue;

            uncertaintyNs = tookNs;
            offsetNs = wallNs - beforeNs - tookNs / 2;
        }

        return offsetNs;
    }

    private static long PortableNs() => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    private static long PortableWallNs() => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;

    private static long Read(int clock)
    {
        ClockGetTime(clock, out var time);
        return time.Seconds * NanosPerSecond + time.Nanoseconds;
    }

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
