namespace ExecutionPipeline.Disruptor;

/// <summary>What a <see cref="SequenceWaiterOwner"/> is.</summary>
public enum SequenceWaiterOwnerType
{
    /// <summary>A custom processor, or code that waits on a barrier itself.</summary>
    Unknown,

    /// <summary>An event handler that a processor of this library drives.</summary>
    EventHandler,
}
