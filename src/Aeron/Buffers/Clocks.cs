using System.Diagnostics;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>The system's monotonic clock.</summary>
public sealed class SystemNanoClock : INanoClock
{
    /// <summary>The one instance.</summary>
    public static readonly SystemNanoClock INSTANCE = new();

    private static readonly double NanosPerTick = 1e9 / Stopwatch.Frequency;

    /// <inheritdoc/>
    public long NanoTime() => (long)(Stopwatch.GetTimestamp() * NanosPerTick);
}

/// <summary>The system's wall clock.</summary>
public sealed class SystemEpochClock : IEpochClock
{
    /// <summary>The one instance.</summary>
    public static readonly SystemEpochClock INSTANCE = new();

    /// <inheritdoc/>
    public long Time() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}

/// <summary>Monotonic time, for intervals within a process.</summary>
public interface INanoClock
{
    /// <summary>Nanoseconds since some fixed moment.</summary>
    long NanoTime();
}

/// <summary>Wall-clock time, for stamps that several processes compare.</summary>
public interface IEpochClock
{
    /// <summary>Milliseconds since the Unix epoch, UTC.</summary>
    long Time();
}
