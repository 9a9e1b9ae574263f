namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Monotonic time, for intervals within a process.</summary>
public interface INanoClock
{
    /// <summary>Nanoseconds since some fixed moment.</summary>
    long NanoTime();
}
