using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>What the policies said of the context, and what was taken from it.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct Decision
{
    public const int SizeBytes = 80;

    [FieldOffset(0)] public PolicyOutputs Outputs;

    /// <summary>Contracts: those of <see cref="SizeAction"/>, or fewer where the sizing guard cut them.</summary>
    [FieldOffset(44)] public int Quantity;

    [FieldOffset(48)] public Side Side;
    [FieldOffset(49)] public ExecutionStrategy Strategy;
    [FieldOffset(50)] public DecisionSource Source;

    /// <summary>The action index that the size actor's distribution gave.</summary>
    [FieldOffset(51)] public byte SizeAction;

    /// <summary>Stop distance in ATR multiples, [0.5, 3].</summary>
    [FieldOffset(52)] public float StopLossAtr;

    /// <summary>Target distance in ATR multiples, [1, 5].</summary>
    [FieldOffset(56)] public float TakeProfitAtr;

    /// <summary>What the sizing guard made <see cref="Quantity"/> smaller for.</summary>
    [FieldOffset(60)] public SizeCuts Cuts;

    /// <summary>Why the models did not decide in time.</summary>
    [FieldOffset(61)] public DecisionLateness Lateness;

    /// <summary>
    /// The version of the models that decided, by the first bytes of its hash; 0 for rules, an operator, and models
    /// that lie in no store.
    /// </summary>
    [FieldOffset(64)] public ulong ModelVersion;

    /// <summary>1 when a canary decided.</summary>
    [FieldOffset(72)] public byte Canary;
}

/// <summary>
/// The three actors' outputs, float32, one after the other: 5 size probabilities, 4 strategy probabilities, stop-loss
/// and take-profit in ATR multiples.
/// </summary>
[InlineArray(Count)]
public struct PolicyOutputs
{
    public const int SizeOffset = 0;
    public const int SizeCount = 5;
    public const int StrategyOffset = 5;
    public const int StrategyCount = 4;
    public const int StopLossOffset = 9;
    public const int TakeProfitOffset = 10;
    public const int Count = 11;

    private float _first;
}

/// <summary>
/// The risk stage's word on a decision, with the figures it was judged by: those of the order as it was asked for, also
/// where a smaller one was approved. <see cref="Changes"/> and <see cref="Gate"/> are written for every event; the rest
/// is left as it was for market updates and timers, unless something changed.
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

    /// <summary>
    /// What may leave for a venue with this event, whatever asked for it: a bit for each strategy whose orders that add
    /// risk must not, and <see cref="ThrottledGate"/>. Written for every event.
    /// </summary>
    [FieldOffset(62)] public byte Gate;

    /// <summary>1 while an operator has stopped entries in the instrument.</summary>
    [FieldOffset(63)] public byte EntriesStopped;

    /// <summary>The id of the approved parent order; only where there is one.</summary>
    [FieldOffset(64)] public ulong ParentId;

    /// <summary>Initial margin with every working order and this one filled, in 1e-6 of currency.</summary>
    [FieldOffset(72)] public long ProjectedMarginE6;

    /// <summary>The bit of the gate that asks for fewer orders a second.</summary>
    public const byte ThrottledGate = 1 << 7;

    /// <summary>Whether fewer orders a second may leave than usual.</summary>
    public readonly bool IsThrottled => (Gate & ThrottledGate) != 0;

    /// <summary>
    /// Whether orders that add risk are stopped, of one strategy at least, or in the instrument. Of reports, commands
    /// and signals.
    /// </summary>
    public readonly bool StopsEntries => (Gate & ~ThrottledGate) != 0 || EntriesStopped != 0;

    /// <summary>Whether an order of a strategy that adds risk may leave with this event.</summary>
    public readonly bool Allows(ExecutionStrategy strategy) => (Gate >> (int)strategy & 1) == 0;

    public readonly BreakerState BreakerStateOf(BreakerKind kind) =>
        (BreakerState)(BreakerStates >> (2 * (int)kind) & 3);
}

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

/// <summary>What became of a canary.</summary>
public enum CanaryState
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>It decides its share.</summary>
    Running,

    /// <summary>It decides everything since.</summary>
    Promoted,

    /// <summary>A command ended it.</summary>
    RolledBack,

    /// <summary>It gave too many answers out of bounds or not finite.</summary>
    RolledBackInvalid,

    /// <summary>It differed too often from the models that it ran beside.</summary>
    RolledBackDisagreement,
}
