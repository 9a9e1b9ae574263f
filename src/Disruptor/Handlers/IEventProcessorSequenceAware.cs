namespace ExecutionPipeline.Disruptor;

/// <summary>
/// A handler that releases events within a batch: it is given its processor's sequence and may set it to the last event
/// that it is done with, so that producers and later handlers need not wait for the end of the batch.
/// </summary>
public interface IEventProcessorSequenceAware
{
    /// <summary>Called once, when the handler is added.</summary>
    void SetSequenceCallback(Sequence sequenceCallback);
}
