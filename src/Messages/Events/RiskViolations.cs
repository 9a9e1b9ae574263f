namespace ExecutionPipeline.Messages.Events;

/// <summary>Every limit that a proposed order would break: a verdict lists all of them, not the first.</summary>
[Flags]
public enum RiskViolations : uint
{
    None = 0,
    KillSwitch = 1 << 0,
    OrderSize = 1 << 1,
    Position = 1 << 2,
    Notional = 1 << 3,
    DailyVar = 1 << 4,
    DailyDrawdown = 1 << 5,
    DailyTradeCount = 1 << 6,

    /// <summary>There is no price to value the order with.</summary>
    NoMarket = 1 << 7,
}
