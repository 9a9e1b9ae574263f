namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>The system's wall clock.</summary>
public sealed class SystemEpochClock : IEpochClock
{
    /// <summary>The one instance.</summary>
    public static readonly SystemEpochClock INSTANCE = new();

    /// <inheritdoc/>
    public long Time() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
