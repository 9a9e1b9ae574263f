using System.Diagnostics;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Spins for a time, then yields for a time, then leaves the waiting to another strategy. For consumers that are to be
/// quick while events come and cheap while they do not.
/// </summary>
public sealed class PhasedBackoffWaitStrategy : IWaitStrategy
{
    private readonly IWaitStrategy _fallbackStrategy;

    /// <summary>
    /// Creates a strategy that stops spinning after <paramref name="spinTimeout"/> and yielding after
    /// <paramref name="yieldTimeout"/>, both counted from the first reading of the clock, after a hundred turns.
    /// </summary>
    public PhasedBackoffWaitStrategy(TimeSpan spinTimeout, TimeSpan yieldTimeout, IWaitStrategy fallbackStrategy)
    {
        SpinTimeout = StopwatchTicks.From(spinTimeout);
        YieldTimeout = StopwatchTicks.From(yieldTimeout);
        _fallbackStrategy = fallbackStrategy;
    }

    /// <inheritdoc/>
    public bool IsBlockingStrategy => _fallbackStrategy.IsBlockingStrategy;

    /// <summary>When spinning ends, in ticks of <see cref="Stopwatch"/>.</summary>
    public long SpinTimeout { get; }

    /// <summary>When yielding ends, in ticks of <see cref="Stopwatch"/>.</summary>
    public long YieldTimeout { get; }

    /// <summary>Creates a strategy that falls back to <see cref="BlockingWaitStrategy"/>.</summary>
    public static PhasedBackoffWaitStrategy WithLock(TimeSpan spinTimeout, TimeSpan yieldTimeout)
    {
        return new PhasedBackoffWaitStrategy(spinTimeout, yieldTimeout, new BlockingWaitStrategy());
    }

    /// <summary>Creates a strategy that falls back to <see cref="SleepingWaitStrategy"/>.</summary>
    public static PhasedBackoffWaitStrategy WithSleep(TimeSpan spinTimeout, TimeSpan yieldTimeout)
    {
        return new PhasedBackoffWaitStrategy(spinTimeout, yieldTimeout, new SleepingWaitStrategy(0, 0));
    }

    /// <inheritdoc/>
    public ISequenceWaiter NewSequenceWaiter(SequenceWaiterOwner owner, DependentSequenceGroup dependentSequences)
    {
        var fallback = _fallbackStrategy.NewSequenceWaiter(owner, dependentSequences);
        return new SequenceWaiter(dependentSequences, fallback, SpinTimeout, YieldTimeout);
    }

    /// <inheritdoc/>
    public void SignalAllWhenBlocking() => _fallbackStrategy.SignalAllWhenBlocking();

    private sealed class SequenceWaiter(
        DependentSequenceGroup dependentSequences,
        ISequenceWaiter fallback,
        long spinTimeoutTicks,
        long yieldTimeoutTicks) : ISequenceWaiter
    {
        /// <summary>Turns between two readings of the clock, which costs more than a turn.</summary>
        private const int TurnsPerClockReading = 100;

        public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
        {
            long? start = null;
            while (true)
            {
                for (var turn = 0; turn < TurnsPerClockReading; turn++)
                {
                    var availableSequence = dependentSequences.Value;
                    if (availableSequence >= sequence)
                        return availableSequence;
                }

                cancellationToken.ThrowIfCancellationRequested();
                start ??= Stopwatch.GetTimestamp();
                var elapsedTicks = Stopwatch.GetTimestamp() - start.Value;
                if (elapsedTicks > yieldTimeoutTicks)
                    return fallback.WaitFor(sequence, cancellationToken);

                if (elapsedTicks > spinTimeoutTicks)
                    Thread.Yield();
            }
        }

        public void Cancel() => fallback.Cancel();

        public void Dispose() => fallback.Dispose();
    }
}
