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
