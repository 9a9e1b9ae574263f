namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>Does nothing at all.</summary>
public sealed class NoOpIdleStrategy : IIdleStrategy
{
    /// <inheritdoc/>
    public void Idle(int workCount)
    {
    }

    /// <inheritdoc/>
    public void Idle()
    {
    }

    /// <inheritdoc/>
    public void Reset()
    {
    }
}
