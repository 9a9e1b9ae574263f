namespace ExecutionPipeline.Disruptor;

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
