namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Wall-clock time, for stamps that several processes compare.</summary>
public interface IEpochClock
{
    /// <summary>Milliseconds since the Unix epoch, UTC.</summary>
    long Time();
}
