using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Buffers;

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
