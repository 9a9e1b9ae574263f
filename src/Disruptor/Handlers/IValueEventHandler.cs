namespace ExecutionPipeline.Disruptor;

/// <summary>Handles the events of a ring of value types, in place and in order, on one thread.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public interface IValueEventHandler<T> : IEventHandler
    where T : struct
{
    /// <summary>Called for each event.</summary>
    /// <param name="data">The event in its slot. It may be changed; it must not be kept.</param>
    /// <param name="sequence">The event's sequence.</param>
    /// <param name="endOfBatch">
    /// Whether no further event is known to be there: what was gathered over the batch should be done now.
    /// </param>
    void OnEvent(ref T data, long sequence, bool endOfBatch);

    /// <summary>Called before the first event of each batch.</summary>
    /// <param name="batchSize">Events in the batch, at least 1.</param>
    void OnBatchStart(long batchSize)
    {
    }
}
