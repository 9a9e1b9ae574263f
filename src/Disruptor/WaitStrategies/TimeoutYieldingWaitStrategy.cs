using System.Diagnostics;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Spins, then yields at each turn, until the time is over, which handlers hear of through
/// <see cref="IEventHandler.OnTimeout"/>.
/// </summary>
public sealed class TimeoutYieldingWaitStrategy : IWaitStrategy
{
    private const int DefaultBusySpinCount = 100;

    private readonly long _timeoutTicks;
    private readonly int _busySpinCount;

    /// <summary>Creates a strategy that waits for <paramref name="timeout"/> and spins 100 times first.</summary>
    public TimeoutYieldingWaitStrategy(TimeSpan timeout)
        : this(timeout, DefaultBusySpinCount)
    {
    }

    /// <summary>
    /// Creates a strategy that waits for <paramref name="timeout"/> and spins <paramref name="busySpinCount"/> times
    /// before it yields.
    /// </summary>
    public TimeoutYieldingWaitStrategy(TimeSpan timeout, int busySpinCount)
    {
        _timeoutTicks = StopwatchTicks.From(timeout);
        _busySpinCount = busySpinCount;
    }

    /// <inheritdoc/>
    public bool IsBlockingStrategy => false;

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        return new SequenceWaiter(dependentSequences, _timeoutTicks, _busySpinCount);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking()
    {
    }

    private sealed class SequenceWaiter(DependentSequenceGroup dependentSequences, long timeoutTicks, int busySpinCount)
        : NonBlockingSequenceWaiter
    {
        public override SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            var start = Stopwatch.GetTimestamp();
            var spinsLeft = busySpinCount;
            long availableSequence;
            while ((availableSequence = dependentSequences.Value) < sequence)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Stopwatch.GetTimestamp() - start >= timeoutTicks)
                    return SequenceWaitResult.Timeout;

                if (spinsLeft > 0)
                    spinsLeft--;
                else
                    Thread.Yield();
            }

            return availableSequence;
        }
    }
}
