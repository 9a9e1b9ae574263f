namespace ExecutionPipeline.Disruptor;

/// <summary>A barrier whose waits can be ended.</summary>
public interface ICancellableBarrier
{
    /// <summary>Wakes whoever waits, so that it looks at its cancellation token.</summary>
    void CancelProcessing();
}
