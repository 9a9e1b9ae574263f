using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Where the consumers of a blocking strategy sleep. Producers take the lock only when somebody sleeps, so publishing
/// to consumers that are busy costs them a fence and no lock.
/// </summary>
internal sealed class WaitGate
{
    private readonly object _lock = new();
    // Set by whoever goes to sleep, reset by whoever wakes the sleepers, both inside the lock.
    private bool _hasSleepers;

    /// <summary>Sleeps until the group's cursor has reached <paramref name="sequence"/>.</summary>
    /// <param name="sequence">The sequence waited for.</param>
    /// <param name="dependentSequences">The group whose cursor is watched.</param>
    /// <param name="timeoutMs">The longest time to sleep, in milliseconds; -1 for no limit.</param>
    /// <param name="cancellationToken">Looked at whenever the sleeper is woken.</param>
    /// <returns>False when the time was over first.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool TryWaitForCursor(
        long sequence,
        DependentSequenceGroup dependentSequences,
        int timeoutMs,
        CancellationToken cancellationToken)
    {
        return dependentSequences.CursorValue >= sequence
               || TrySleep(sequence, dependentSequences, timeoutMs, cancellationToken);
    }

    /// <summary>Wakes the sleepers, if there are any. Called after the cursor has been set.</summary>
    public void SignalAll()
    {
        // Full fence between the cursor's write and the read of the flag: pairs with the exchange in TrySleep, which
        // comes before the sleeper's read of the cursor. One of the two sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _hasSleepers))
            WakeAll();
    }

    /// <summary>Wakes the sleepers, so that they look at their cancellation tokens.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void WakeAll()
    {
        lock (_lock)
        {
            // Waking takes as long as publishing a thousand events: none of those is to wake the same sleepers again.
            _hasSleepers = false;
            Monitor.PulseAll(_lock);
        }
    }

    private bool TrySleep(
        long sequence,
        DependentSequenceGroup dependentSequences,
        int timeoutMs,
        CancellationToken cancellationToken)
    {
        var deadlineMs = Environment.TickCount64 + timeoutMs;
        lock (_lock)
        {
            while (true)
            {
                // Full fence: pairs with the one in SignalAll. Each time, since whoever woke this thread has reset it.
                Interlocked.Exchange(ref _hasSleepers, true);
                if (dependentSequences.CursorValue >= sequence)
                    return true;

                cancellationToken.ThrowIfCancellationRequested();
                var leftMs = timeoutMs < 0 ? Timeout.Infinite : Math.Max(0, deadlineMs - Environment.TickCount64);
                if (!Monitor.Wait(_lock, (int)leftMs))
                    return dependentSequences.CursorValue >= sequence;
            }
        }
    }
}
