using ExecutionPipeline.Execution.Calendars;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>Whether a resting order trades when the other side's quote comes to it without a trade.</summary>
public enum QuoteFillRule
{
    /// <summary>It does as soon as the quote reaches its price: who quotes there would have traded with it.</summary>
    Reached,

    /// <summary>Only once the quote lies beyond its price.</summary>
    Crossed,

    /// <summary>Never: only trades execute resting orders.</summary>
    Never,
}

/// <summary>How the simulated exchange behaves.</summary>
public sealed record SimulatedExchangeOptions
{
    /// <summary>
    /// How far beyond the touch a market order may trade, in ticks; what is left then expires, as under a venue's
    /// market protection. Default 12.
    /// </summary>
    public int ProtectionTicks { get; init; } = 12;

    /// <summary>
    /// The most orders that rest at a time, stops that wait included, over all instruments; more are rejected. Default
    /// 131,072.
    /// </summary>
    public int MaxRestingOrders { get; init; } = 131_072;

    /// <summary>What a quote that comes to a resting order does. Default: it trades with it.</summary>
    public QuoteFillRule QuoteFill { get; init; } = QuoteFillRule.Reached;

    /// <summary>
    /// Whether orders are taken only in the sessions of an instrument's calendar, at whose close day orders expire.
    /// Default no: the market is open whenever it is quoted, and day orders expire with the trading day.
    /// </summary>
    public bool EnforceSessions { get; init; }

    /// <summary>
    /// How long before a session's open orders are collected for the opening, in minutes; they are matched, in order of
    /// arrival, at the open with the last quote that the call has shown, else with the first one of the session. Only
    /// with sessions. Default 0.
    /// </summary>
    public int OpeningCallMinutes { get; init; }

    /// <summary>What orders that trade at once pay where the quotes are no order book.</summary>
    public SlippageOptions Slippage { get; init; } = new();

    /// <summary>When day orders expire: at the end of this trading day.</summary>
    public TradingDayOptions TradingDay { get; init; } = new();

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (ProtectionTicks is < 0 or > 1_000)
            throw new ArgumentException("simulated exchange: set ProtectionTicks to 0 to 1,000 ticks.");
        if (MaxRestingOrders is < 1 or > 1_048_576)
            throw new ArgumentException("simulated exchange: set MaxRestingOrders to 1 to 1,048,576.");
        if (!Enum.IsDefined(QuoteFill))
            throw new ArgumentException("simulated exchange: set QuoteFill to Reached, Crossed or Never.");
        if (OpeningCallMinutes is < 0 or > 720)
            throw new ArgumentException("simulated exchange: set OpeningCallMinutes to 0 to 720 minutes.");
        Slippage.Validate();
    }
}
