namespace ExecutionPipeline.Disruptor;

/// <summary>On whose behalf a waiter waits, for strategies that treat consumers differently.</summary>
public class SequenceWaiterOwner
{
    private SequenceWaiterOwner(object? handler, SequenceWaiterOwnerType type)
    {
        Handler = handler;
        Type = type;
    }

    /// <summary>An owner that is not an event handler.</summary>
    public static SequenceWaiterOwner Unknown { get; } = new(null, SequenceWaiterOwnerType.Unknown);

    /// <summary>The event handler, or null.</summary>
    public object? Handler { get; }

    /// <summary>What the owner is.</summary>
    public SequenceWaiterOwnerType Type { get; }

    /// <summary>The owner that <paramref name="eventHandler"/> is.</summary>
    public static SequenceWaiterOwner EventHandler(IEventHandler eventHandler)
    {
        return new SequenceWaiterOwner(eventHandler, SequenceWaiterOwnerType.EventHandler);
    }
}
