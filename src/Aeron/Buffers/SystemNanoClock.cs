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
