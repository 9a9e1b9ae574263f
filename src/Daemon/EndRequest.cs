namespace ExecutionPipeline.Daemon;

/// <summary>
/// Whether a process is asked to end in order, and which of the signals that ask for it end it as usual: another one, a
/// second after the first or later. The system hands signals over on several threads at once.
/// </summary>
public sealed class EndRequest
{
    // What ends a group of processes often signals each of them and the group, so that one intent comes twice.
    private const long SameIntentMs = 1_000;

    // 0: nobody has asked. One field tells both whether and when, so that no second signal sees one without the other.
    private long _firstAtMs;

    // Paired with the exchange in TryMake.
    public bool IsMade => Volatile.Read(ref _firstAtMs) != 0;

    /// <summary>
    /// Asks for the end. Returns whether the first intent is meant, which must end nothing by itself; false: another
    /// one, which ends the process as usual.
    /// </summary>
    /// <param name="nowMs">The time, of a clock that never goes back.</param>
    /// <param name="isFirst">Whether nobody has asked before.</param>
    public bool TryMake(long nowMs, out bool isFirst)
    {
        nowMs = Math.Max(1, nowMs);
        // Paired with the read in IsMade.
        var firstAtMs = Interlocked.CompareExchange(ref _firstAtMs, nowMs, 0);
        isFirst = firstAtMs == 0;
        return isFirst || nowMs - firstAtMs < SameIntentMs;
    }
}
