namespace ExecutionPipeline.Messages.Events;

/// <summary>A circuit breaker's state.</summary>
public enum BreakerState : byte
{
    /// <summary>All is well.</summary>
    Closed = 0,

    /// <summary>Tripped: the response is in force until the recovery time has passed.</summary>
    Open = 1,

    /// <summary>A few orders may try whether it is over.</summary>
    HalfOpen = 2,
}
