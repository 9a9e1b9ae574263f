namespace ExecutionPipeline.Disruptor;

/// <summary>
/// Sleeps at a gate until a producer signals. Behind other consumers it then waits awake, or with pauses that come to
/// sleep, since only producers signal.
/// </summary>
internal sealed class GateSequenceWaiter(
    WaitGate gate,
    DependentSequenceGroup dependentSequences,
    int timeoutMs = Timeout.Infinite,
    bool isSleepingBehindConsumers = false) : ISequenceWaiter
{
    public SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken)
    {
        if (!gate.TryWaitForCursor(sequence, dependentSequences, timeoutMs, cancellationToken))
            return SequenceWaitResult.Timeout;

        return isSleepingBehindConsumers
            ? dependentSequences.SpinWaitFor(sequence, cancellationToken)
            : dependentSequences.AggressiveSpinWaitFor(sequence, cancellationToken);
    }

    public void Cancel() => gate.WakeAll();

    public void Dispose()
    {
    }
}

/// <summary>A waiter that stays awake: there is nobody to wake and nothing to release.</summary>
internal abstract class NonBlockingSequenceWaiter : ISequenceWaiter
{
    public abstract SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken);

    public void Cancel()
    {
    }

    public void Dispose()
    {
    }
}
