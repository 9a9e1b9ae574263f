namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// Every limit that a proposed order would break: a verdict lists all of them, not the first. What each is held
/// against is RiskLimits'.
/// </summary>
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
    WeeklyVar = 1 << 8,
    WeeklyDrawdown = 1 << 9,

    /// <summary>The normal distribution's expected shortfall, as a share of equity.</summary>
    ParametricShortfall = 1 << 10,

    /// <summary>The expected shortfall over the configured past returns, as a share of equity.</summary>
    HistoricalShortfall = 1 << 11,

    /// <summary>The instrument's position as a share of equity.</summary>
    PositionShare = 1 << 12,

    /// <summary>The sector's positions as a share of equity.</summary>
    SectorShare = 1 << 13,

    /// <summary>The position would move with another one that is held.</summary>
    Correlation = 1 << 14,
    OpenPositions = 1 << 15,
    OrderRate = 1 << 16,

    /// <summary>The price that the order would trade at is far from the one that the signal was made at.</summary>
    PriceCollar = 1 << 17,

    /// <summary>The order's value: a fat finger.</summary>
    OrderValue = 1 << 18,

    /// <summary>Smaller than an order may be, and it does not close the position.</summary>
    MinimumOrderSize = 1 << 19,
    StaleSignal = 1 << 20,
    DuplicateSignal = 1 << 21,
    StaleMarket = 1 << 22,
    CrossedMarket = 1 << 23,

    /// <summary>An operator's close waits for the instrument's pending orders.</summary>
    Closing = 1 << 24,

    /// <summary>A breaker has paused the strategy that was chosen.</summary>
    PausedStrategy = 1 << 25,

    /// <summary>A breaker has found the venue failing, and there is no other.</summary>
    VenueFailing = 1 << 26,
}
