namespace ExecutionPipeline.Disruptor;

/// <summary>Waits on behalf of one consumer.</summary>
public interface ISequenceWaiter : IDisposable
{
    /// <summary>Waits until <paramref name="sequence"/> is available or the strategy's time is over.</summary>
    /// <returns>The available sequence, which may be above the one asked for, or a time-out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    SequenceWaitResult WaitFor(long sequence, CancellationToken cancellationToken);

    /// <summary>Wakes the waiting thread, if it sleeps, so that it looks at its cancellation token.</summary>
    void Cancel();
}
