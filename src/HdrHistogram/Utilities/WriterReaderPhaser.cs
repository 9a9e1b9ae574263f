namespace ExecutionPipeline.HdrHistogram.Utilities;

/// <summary>
/// Lets readers wait until every writer that began before a certain moment (the flip of a phase) has ended, while
/// writers never wait. Writers count themselves in at the start, and out in the counter of the phase that they
/// began in; a flip exchanges the start counter, and waits until as many have ended as had begun.
/// </summary>
/// <remarks>
/// The start counter is negative in odd phases and not in even ones, so the number that a writer draws when it
/// begins also says which phase it is in.
/// </remarks>
public class WriterReaderPhaser
{
    private readonly Lock _readerLock = new();
    private long _startEpoch;
    private long _evenEndEpoch;
    private long _oddEndEpoch = long.MinValue;

    /// <summary>Begins a stretch of writing; never waits.</summary>
    /// <returns>What to hand to <see cref="WriterCriticalSectionExit"/> at its end.</returns>
    public long WriterCriticalSectionEnter()
        => Interlocked.Increment(ref _startEpoch) - 1; // Pairs with the exchange in FlipPhase.

    /// <summary>Ends a stretch of writing; never waits.</summary>
    /// <param name="criticalValueAtEnter">What the beginning of the stretch returned.</param>
    public void WriterCriticalSectionExit(long criticalValueAtEnter)
    {
        // Pairs with the volatile read of the ended writers in FlipPhase, which makes the writes visible there.
        if (criticalValueAtEnter < 0)
            Interlocked.Increment(ref _oddEndEpoch);
        else
            Interlocked.Increment(ref _evenEndEpoch);
    }

    /// <summary>Keeps other readers out.</summary>
    public void ReaderLock() => _readerLock.Enter();

    /// <summary>Lets other readers in again.</summary>
    public void ReaderUnlock() => _readerLock.Exit();

    /// <summary>Waits, giving up the processor in between, for all writers that have begun.</summary>
    /// <inheritdoc cref="FlipPhase(TimeSpan)"/>
    public void FlipPhase() => FlipPhase(TimeSpan.Zero);

    /// <summary>Waits for all writers that have begun, though not for those that begin meanwhile.</summary>
    /// <param name="yieldPeriod">How long to sleep between two looks at the writers.</param>
    /// <exception cref="InvalidOperationException">The caller does not hold the reader lock.</exception>
    public void FlipPhase(TimeSpan yieldPeriod)
    {
        if (!_readerLock.IsHeldByCurrentThread)
            throw new InvalidOperationException("FlipPhase can only be called while holding the reader lock");

        // Only a flip changes the sign, and flips exclude each other; writers merely count up beside this read.
        var isNextPhaseEven = Volatile.Read(ref _startEpoch) < 0;
        var nextPhaseStart = isNextPhaseEven ? 0 : long.MinValue;
        ref var nextEnd = ref isNextPhaseEven ? ref _evenEndEpoch : ref _oddEndEpoch;
        ref var previousEnd = ref isNextPhaseEven ? ref _oddEndEpoch : ref _evenEndEpoch;

        // No writer counts itself out of the next phase before the exchange below, so its counter is free.
        Volatile.Write(ref nextEnd, nextPhaseStart);

        // Pairs with the increment at the start of a stretch of writing: who begins later is in the next phase.
        var begunInPreviousPhase = Interlocked.Exchange(ref _startEpoch, nextPhaseStart);

        // Pairs with the increment at the end of a stretch of writing.
        while (Volatile.Read(ref previousEnd) != begunInPreviousPhase)
        {
            if (yieldPeriod == TimeSpan.Zero)
                Thread.Yield();
            else
                Thread.Sleep(yieldPeriod);
        }
    }
}
