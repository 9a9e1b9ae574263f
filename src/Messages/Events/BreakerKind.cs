namespace ExecutionPipeline.Messages.Events;

/// <summary>What a circuit breaker watches.</summary>
public enum BreakerKind : byte
{
    /// <summary>An instrument's one-minute realised volatility.</summary>
    MarketVolatility = 0,

    /// <summary>Share of the latest orders that were rejected.</summary>
    ExecutionFailure = 1,

    /// <summary>Share of the latest orders that the venue did not take for a reason of its own.</summary>
    VenueUnavailability = 2,

    /// <summary>Share of the latest signals that had waited too long when they were taken in.</summary>
    SystemLoad = 3,

    /// <summary>Seconds that an order has been without any answer of the venue's.</summary>
    UnansweredOrder = 4,
}
