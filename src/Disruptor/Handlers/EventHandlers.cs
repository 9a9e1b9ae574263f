namespace ExecutionPipeline.Disruptor;

/// <summary>What every event handler has, whatever its events are.</summary>
public interface IEventHandler
{
    /// <summary>
    /// The most events handled before the handler's sequence is set, which is when producers and later handlers see the
    /// progress; null for no limit. Read once, when the handler is added.
    /// </summary>
    int? MaxBatchSize => null;

    /// <summary>Called on the handler's thread before the first event.</summary>
    void OnStart()
    {
    }

    /// <summary>Called on the handler's thread after the last event.</summary>
    void OnShutdown()
    {
    }

    /// <summary>Called when the wait strategy's time was over before an event came.</summary>
    /// <param name="sequence">The last sequence that this handler has processed.</param>
    void OnTimeout(long sequence)
    {
    }
}

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

/// <summary>
/// A handler that releases events within a batch: it is given its processor's sequence and may set it to the last event
/// that it is done with, so that producers and later handlers need not wait for the end of the batch.
/// </summary>
public interface IEventProcessorSequenceAware
{
    /// <summary>Called once, when the handler is added.</summary>
    void SetSequenceCallback(Sequence sequenceCallback);
}
