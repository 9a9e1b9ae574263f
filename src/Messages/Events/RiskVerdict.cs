using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// The risk stage's word on a decision, with the figures it was judged by: those of the order as it was asked for, also
/// where a smaller one was approved. <see cref="Changes"/> is written for every event; the rest is left as it was for
/// market updates and timers, unless something changed.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RiskVerdict
{
    public const int SizeBytes = 80;

    /// <summary>Contracts that may be sent; 0 when refused or when nothing was asked.</summary>
    [FieldOffset(0)] public int ApprovedQuantity;

    [FieldOffset(4)] public RiskViolations Violations;

    /// <summary>Position with every working order and this one filled.</summary>
    [FieldOffset(8)] public int ProjectedPosition;

    [FieldOffset(12)] public int TradesToday;

    /// <summary>Gross notional with this order filled, in 1e-6 of the account's currency.</summary>
    [FieldOffset(16)] public long ProjectedNotionalE6;

    /// <summary>Daily VaR with this order filled, in account currency.</summary>
    [FieldOffset(24)] public double ProjectedVar;

    /// <summary>Expected shortfall over the past returns, a share of equity; 0 where there are none.</summary>
    [FieldOffset(32)] public float HistoricalShortfall;

    /// <summary>Value of the instrument's sector as a share of equity.</summary>
    [FieldOffset(36)] public float SectorShare;

    /// <summary>1 while the kill switch is latched.</summary>
    [FieldOffset(40)] public byte KillSwitch;

    /// <summary>1 when the order only takes risk off.</summary>
    [FieldOffset(41)] public byte Reducing;

    /// <summary>What latched the kill switch; none while it is not.</summary>
    [FieldOffset(42)] public KillCause KillCause;

    /// <summary>The worst regime of any instrument: limits follow it.</summary>
    [FieldOffset(43)] public VolatilityRegime Volatility;

    /// <summary>The instrument's own: execution follows it.</summary>
    [FieldOffset(44)] public MarketRegime Regime;

    /// <summary>What the open breakers ask for.</summary>
    [FieldOffset(45)] public BreakerResponses Responses;

    /// <summary>What this event changed in the stage's state; on a trip, routing cancels all that is open.</summary>
    [FieldOffset(46)] public RiskChanges Changes;

    /// <summary>Instruments that may have a position once every order is filled.</summary>
    [FieldOffset(47)] public byte OpenPositions;

    /// <summary>The strongest co-movement with another position; only where it is a violation.</summary>
    [FieldOffset(48)] public float Correlation;

    /// <summary>Age of the instrument's market in milliseconds.</summary>
    [FieldOffset(52)] public float MarketAgeMs;

    /// <summary>Orders sent in the second up to this event.</summary>
    [FieldOffset(56)] public int OrdersInSecond;

    /// <summary>State of each breaker, two bits each, in the order of <see cref="BreakerKind"/>.</summary>
    [FieldOffset(60)] public ushort BreakerStates;

    /// <summary>The id that the approved order is sent with; only where there is one.</summary>
    [FieldOffset(64)] public ulong OrderId;

    /// <summary>Initial margin with every working order and this one filled, in 1e-6 of currency.</summary>
    [FieldOffset(72)] public long ProjectedMarginE6;

    public readonly BreakerState BreakerStateOf(BreakerKind kind) =>
        (BreakerState)(BreakerStates >> (2 * (int)kind) & 3);
}
