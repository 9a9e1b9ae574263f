namespace ExecutionPipeline.Aeron.Buffers;

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
