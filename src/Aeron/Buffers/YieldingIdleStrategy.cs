namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Offers the core to any other thread that wants it.</summary>
public sealed class YieldingIdleStrategy : IIdleStrategy
{
    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        if (workCount <= 0)
            Thread.Yield();
    }

    /// <inheritdoc/>
    public void Idle() => Thread.Yield();

    /// <inheritdoc/>
    public void Reset()
    {
    }
}
