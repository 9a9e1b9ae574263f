namespace ExecutionPipeline.Messages.Events;

/// <summary>What an event changed in the risk stage's own state.</summary>
[Flags]
public enum RiskChanges : byte
{
    None = 0,

    /// <summary>The kill switch was latched. Everything open is cancelled.</summary>
    Tripped = 1 << 0,

    /// <summary>The kill switch was released.</summary>
    Released = 1 << 1,

    /// <summary>A breaker changed its state.</summary>
    Breaker = 1 << 2,

    /// <summary>The volatility regime or the instrument's market regime changed.</summary>
    Regime = 1 << 3,
}
