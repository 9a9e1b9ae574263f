using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Sleeps for a fixed time: least load, latency of the period.</summary>
public sealed class SleepingIdleStrategy : IIdleStrategy
{
    /// <summary>One millisecond.</summary>
    public const long DefaultSleepPeriodNs = 1_000_000;

    private readonly long _sleepPeriodNs;

    /// <summary>Sleeps for <paramref name="sleepPeriodNs"/> nanoseconds at a time, 1 ms unless told.</summary>
    public SleepingIdleStrategy(long sleepPeriodNs = DefaultSleepPeriodNs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sleepPeriodNs);
        _sleepPeriodNs = sleepPeriodNs;
    }

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount <= 0)
            ThreadPark.SleepNs(_sleepPeriodNs);
    }

    /// <inheritdoc/>
    public void Idle() => ThreadPark.SleepNs(_sleepPeriodNs);

    /// <inheritdoc/>
    public void Reset()
    {
    }
}
