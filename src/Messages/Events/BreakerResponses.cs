namespace ExecutionPipeline.Messages.Events;

/// <summary>What open breakers ask for; the bits are in the order of <see cref="BreakerKind"/>.</summary>
[Flags]
public enum BreakerResponses : byte
{
    None = 0,

    /// <summary>No new risk by the strategies that volatile markets make dear.</summary>
    PauseStrategies = 1 << 0,

    /// <summary>Orders go to the backup venue; without one, none that adds risk is sent.</summary>
    BackupVenue = 1 << 1,

    /// <summary>All orders go to another venue; without one, none that adds risk is sent.</summary>
    Reroute = 1 << 2,

    /// <summary>Fewer orders a second.</summary>
    Throttle = 1 << 3,

    /// <summary>Nobody knows what became of an order: none that adds risk is sent.</summary>
    HoldOrders = 1 << 4,
}
