using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>What a thread does when it finds no work.</summary>
public interface IIdleStrategy
{
    /// <summary>Idles when <paramref name="workCount"/> is zero, and starts over when it is not.</summary>
    void Idle(int workCount);

    /// <summary>Idles once.</summary>
    void Idle();

    /// <summary>Starts over: the next idling is the shortest.</summary>
    void Reset();
}

/// <summary>Spins, then yields, then sleeps for a time that doubles up to a limit.</summary>
public sealed class BackoffIdleStrategy : IIdleStrategy
{
    private readonly long _maxSpins;
    private readonly long _maxYields;
    private readonly long _minParkPeriodNs;
    private readonly long _maxParkPeriodNs;
    private long _idleCount;
    private long _parkPeriodNs;

    /// <summary>The usual mix: 10 spins, 5 yields, sleeps from 1 us to 1 ms.</summary>
    public BackoffIdleStrategy()
        : this(10, 5, 1_000, 1_000_000)
    {
    }

    /// <summary>Sets how many spins and yields come before sleeping, and the sleep's range in nanoseconds.</summary>
    public BackoffIdleStrategy(long maxSpins, long maxYields, long minParkPeriodNs, long maxParkPeriodNs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minParkPeriodNs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxParkPeriodNs, minParkPeriodNs);
        _maxSpins = maxSpins;
        _maxYields = maxYields;
        _minParkPeriodNs = minParkPeriodNs;
        _maxParkPeriodNs = maxParkPeriodNs;
        _parkPeriodNs = minParkPeriodNs;
    }

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount > 0)
            Reset();
        else
            Idle();
    }

    /// <inheritdoc/>
    public void Idle()
    {
        if (_idleCount < _maxSpins)
        {
            _idleCount++;
            Thread.SpinWait(1);
        }
        else if (_idleCount < _maxSpins + _maxYields)
        {
            _idleCount++;
            Thread.Yield();
        }
        else
        {
            ThreadPark.SleepNs(_parkPeriodNs);
            _parkPeriodNs = Math.Min(_parkPeriodNs << 1, _maxParkPeriodNs);
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _idleCount = 0;
        _parkPeriodNs = _minParkPeriodNs;
    }
}

/// <summary>Spins with the processor's pause instruction: least latency, a whole core.</summary>
public sealed class BusySpinIdleStrategy : IIdleStrategy
{
    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount <= 0)
            Thread.SpinWait(1);
    }

    /// <inheritdoc/>
    public void Idle() => Thread.SpinWait(1);

    /// <inheritdoc/>
    public void Reset()
    {
    }
}

/// <summary>Does nothing at all.</summary>
public sealed class NoOpIdleStrategy : IIdleStrategy
{
    /// <inheritdoc/>
    public void Idle(int workCount)
    {
    }

    /// <inheritdoc/>
    public void Idle()
    {
    }

    /// <inheritdoc/>
    public void Reset()
    {
    }
}

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

/// <summary>Offers the core to any other thread that wants it.</summary>
public sealed class YieldingIdleStrategy : IIdleStrategy
{
    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount <= 0)
            Thread.Yield();
    }

    /// <inheritdoc/>
    public void Idle() => Thread.Yield();

    /// <inheritdoc/>
    public void Reset()
    {
    }
}
