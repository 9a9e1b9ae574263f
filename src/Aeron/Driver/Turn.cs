namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// Whose turn it is to move publication limits: the driver's, or that of a publisher of its process. A lock that a
/// publisher never waits for, and that allocates nothing when it is contended, which the framework's do.
/// </summary>
internal sealed class Turn
{
    private const int Nobody = 0;

    private int _threadId = Nobody;

    /// <summary>True when the calling thread has the turn.</summary>
    public bool IsMine => Volatile.Read(ref _threadId) == Environment.CurrentManagedThreadId;

    /// <summary>Takes the turn unless somebody has it. Whoever has taken it must <see cref="Pass"/> it.</summary>
    public bool TryTake() =>
        Volatile.Read(ref _threadId) == Nobody
        && Interlocked.CompareExchange(ref _threadId, Environment.CurrentManagedThreadId, Nobody) == Nobody;

    /// <summary>
    /// Takes the turn, waiting for another thread that has it: some microseconds, or until it runs again.
    /// </summary>
    public void Take()
    {
        var spin = default(SpinWait);
        while (!TryTake())
            spin.SpinOnce();
    }

    /// <summary>Lets others have it. What was written in the turn is seen in the next.</summary>
    public void Pass() => Volatile.Write(ref _threadId, Nobody);
}

/// <summary>The times that the driver's turn began with.</summary>
internal sealed class TurnTime
{
    /// <summary>By the wall clock, in milliseconds since the Unix epoch; at most a millisecond old.</summary>
    public long NowMs { get; set; }

    /// <summary>By the monotonic clock, in nanoseconds.</summary>
    public long TurnNs { get; set; }
}
