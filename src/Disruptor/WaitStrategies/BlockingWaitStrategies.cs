namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Sleeps until a producer signals or the time is over, which handlers hear of through
/// <see cref="IEventHandler.OnTimeout"/>.
/// </summary>
public sealed class TimeoutBlockingWaitStrategy : IWaitStrategy
{
    private readonly WaitGate _gate = new();
    private readonly int _timeoutMs;

    /// <summary>Creates a strategy that waits for <paramref name="timeout"/>, in whole milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or above 2^31 - 1 milliseconds.</exception>
    public TimeoutBlockingWaitStrategy(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromMilliseconds(int.MaxValue));

        _timeoutMs = (int)timeout.TotalMilliseconds;
    }

    /// <inheritdoc/>
    public bool IsBlockingStrategy => true;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new GateSequenceWaiter(_gate, dependentSequences, _timeoutMs);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking() => _gate.SignalAll();
}

/// <summary>
/// Sleeps until a producer signals. For consumers whose latency matters less than the processor's time. Behind other
/// consumers it waits with an <see cref="AggressiveSpinWait"/>, since only producers signal.
/// </summary>
public sealed class BlockingWaitStrategy : IWaitStrategy
{
    private readonly WaitGate _gate = new();

    /// <inheritdoc/>
    public bool IsBlockingStrategy => true;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new GateSequenceWaiter(_gate, dependentSequences);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking() => _gate.SignalAll();
}

/// <summary>
/// Sleeps until a producer signals, and behind other consumers waits with a <see cref="SpinWait"/>, which comes to
/// sleep: the strategy that takes least of the processor.
/// </summary>
public sealed class BlockingSpinWaitWaitStrategy : IWaitStrategy
{
    private readonly WaitGate _gate = new();

    /// <inheritdoc/>
    public bool IsBlockingStrategy => true;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new GateSequenceWaiter(_gate, dependentSequences, isSleepingBehindConsumers: true);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking() => _gate.SignalAll();
}
