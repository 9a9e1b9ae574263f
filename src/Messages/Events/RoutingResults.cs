using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// What the routing stage did with the event: the order that it sent for a decision or a command, or the state of the
/// order that an execution report spoke of. All else that the event led to (slices, exits, ends of parents, closed
/// trades) is in the action log: <see cref="ActionCount"/> of them from <see cref="FirstAction"/> on, in order.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RoutingResult
{
    public const int SizeBytes = 96;

    /// <summary>Where the event's actions begin in the action log.</summary>
    [FieldOffset(0)] public int FirstAction;

    /// <summary>Written for every event.</summary>
    [FieldOffset(4)] public int ActionCount;

    /// <summary>Orders at the venue after this event, over all instruments.</summary>
    [FieldOffset(8)] public int WorkingOrders;

    [FieldOffset(12)] public RoutingOutcome Outcome;

    /// <summary>What the event's execution report amounts to; none where it is no report.</summary>
    [FieldOffset(13)] public ReportDisposition Disposition;

    /// <summary>Cancellations that a command's event sent.</summary>
    [FieldOffset(14)] public ushort CancelsSent;

    [FieldOffset(16)] public OrderState Order;
}

/// <summary>An order as it stood after an event. Prices are in 1e-9.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct OrderState
{
    public const int SizeBytes = 80;

    [FieldOffset(0)] public ulong OrderId;

    /// <summary>The signal that the order came from; 0 for an operator's.</summary>
    [FieldOffset(8)] public ulong SignalId;

    [FieldOffset(16)] public OrderStatus Status;
    [FieldOffset(17)] public OrderStatus PreviousStatus;
    [FieldOffset(18)] public Side Side;
    [FieldOffset(19)] public OrderType Type;
    [FieldOffset(20)] public TimeInForce TimeInForce;
    [FieldOffset(21)] public ExecutionStrategy Strategy;
    [FieldOffset(22)] public VenueRejectReason RejectReason;
    [FieldOffset(23)] public OrderPurpose Purpose;
    [FieldOffset(24)] public int Quantity;
    [FieldOffset(28)] public int CumulativeQuantity;
    [FieldOffset(32)] public int LeavesQuantity;

    /// <summary>Index of the instrument.</summary>
    [FieldOffset(36)] public int InstrumentIndex;

    /// <summary>Limit price; 0 for an order without.</summary>
    [FieldOffset(40)] public long LimitPriceE9;

    /// <summary>Average price of the executions so far; 0 before the first.</summary>
    [FieldOffset(48)] public long AveragePriceE9;

    /// <summary>The price that triggers a stop order; of an entry the planned stop-loss level; 0: none.</summary>
    [FieldOffset(56)] public long StopPriceE9;

    /// <summary>Of an entry the planned take-profit level; 0: none.</summary>
    [FieldOffset(64)] public long TargetPriceE9;

    /// <summary>The price the decision was made at: what slippage is counted from.</summary>
    [FieldOffset(72)] public long ArrivalPriceE9;
}

/// <summary>A parent order as it stood after an event. Prices are in 1e-9.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
public struct ParentState
{
    [FieldOffset(0)] public ulong ParentId;

    /// <summary>0 for an operator's.</summary>
    [FieldOffset(8)] public ulong SignalId;

    [FieldOffset(16)] public long StartTimeNs;
    [FieldOffset(24)] public long ArrivalPriceE9;

    /// <summary>Average price of the executions; 0 where there was none.</summary>
    [FieldOffset(32)] public long AveragePriceE9;

    /// <summary>Contracts that were to be executed.</summary>
    [FieldOffset(40)] public int Quantity;

    /// <summary>Contracts executed.</summary>
    [FieldOffset(44)] public int Executed;

    /// <summary>Child orders sent.</summary>
    [FieldOffset(48)] public int Children;

    [FieldOffset(52)] public int InstrumentIndex;
    [FieldOffset(56)] public Side Side;
    [FieldOffset(57)] public ExecutionStrategy Strategy;
    [FieldOffset(58)] public OrderPurpose Purpose;
    [FieldOffset(59)] public ParentOrderState State;

    /// <summary>Why what was not executed was given up.</summary>
    [FieldOffset(60)] public ParentEndReason EndReason;
}

/// <summary>Why a parent order ended.</summary>
public enum ParentEndReason : byte
{
    None = 0,

    /// <summary>All of it was executed.</summary>
    Executed = 1,

    /// <summary>It was taken back: its trade was closed, by an opposite decision or an exit, or an operator ended it.
    /// </summary>
    Withdrawn = 2,

    /// <summary>To go on would have cost more than the strategy's largest slippage.</summary>
    TooDear = 3,

    /// <summary>Its time was over, or its immediate order found no more.</summary>
    Expired = 4,

    /// <summary>The venue or a check of the order refused it.</summary>
    Refused = 5,
}

/// <summary>
/// A trade that an execution closed. Prices are in 1e-9, money in 1e-6 of the account's currency, times in nanoseconds
/// since the Unix epoch, UTC.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
public struct ClosedTrade
{
    [FieldOffset(0)] public ulong TradeId;

    /// <summary>0 where no signal began it.</summary>
    [FieldOffset(8)] public ulong SignalId;

    /// <summary>The order whose execution closed it.</summary>
    [FieldOffset(16)] public ulong OrderId;

    /// <summary>Of its first execution.</summary>
    [FieldOffset(24)] public long EntryTimeNs;

    /// <summary>Of its last execution.</summary>
    [FieldOffset(32)] public long ExitTimeNs;

    /// <summary>Average.</summary>
    [FieldOffset(40)] public long EntryPriceE9;

    /// <summary>Average.</summary>
    [FieldOffset(48)] public long ExitPriceE9;

    /// <summary>The price that the decision was made at; 0 where there was none.</summary>
    [FieldOffset(56)] public long ArrivalPriceE9;

    /// <summary>Before fees.</summary>
    [FieldOffset(64)] public long GrossPnlE6;

    /// <summary>Commission and fees of the entry.</summary>
    [FieldOffset(72)] public long EntryFeesE6;

    /// <summary>Commission and fees of the exit.</summary>
    [FieldOffset(80)] public long ExitFeesE6;

    /// <summary>What the entry cost more than at the arrival price; positive is worse.</summary>
    [FieldOffset(88)] public long SlippageE6;

    /// <summary>What stop and target got less than their levels; positive is worse.</summary>
    [FieldOffset(96)] public long ExitSlippageE6;

    /// <summary>How far the price went the trade's way from its average entry price.</summary>
    [FieldOffset(104)] public long FavourableE9;

    /// <summary>How far it went against it.</summary>
    [FieldOffset(112)] public long AdverseE9;

    /// <summary>Contracts entered over those ordered, [0, 1].</summary>
    [FieldOffset(120)] public float FillRate;

    /// <summary>[0, 1].</summary>
    [FieldOffset(124)] public float QualityScore;

    /// <summary>Contracts closed.</summary>
    [FieldOffset(128)] public int Quantity;

    [FieldOffset(132)] public int InstrumentIndex;

    /// <summary>The side that opened it.</summary>
    [FieldOffset(136)] public Side Side;

    [FieldOffset(137)] public ExecutionStrategy Strategy;
    [FieldOffset(138)] public ExitReason ExitReason;

    /// <summary>Commission and fees of entry and exit.</summary>
    public readonly long FeesE6 => EntryFeesE6 + ExitFeesE6;

    /// <summary>After fees.</summary>
    public readonly long NetPnlE6 => GrossPnlE6 - FeesE6;
}

/// <summary>An order whose request was not answered in time.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct Inquiry
{
    [FieldOffset(0)] public ulong OrderId;
    [FieldOffset(8)] public int InstrumentIndex;

    /// <summary>How often the venue has been asked for it.</summary>
    [FieldOffset(12)] public int Count;
}

/// <summary>What an action is.</summary>
public enum RoutingActionKind : byte
{
    None = 0,

    /// <summary>An order left for a venue.</summary>
    OrderSent = 1,

    /// <summary>A parent order ended: executed, or given up.</summary>
    ParentEnded = 2,

    /// <summary>A trade was closed.</summary>
    TradeClosed = 3,

    /// <summary>A parent order that has not ended: an operator asked for it.</summary>
    ParentListed = 4,

    /// <summary>A venue has not answered a request in time and was asked what became of the order.</summary>
    Unanswered = 5,
}

/// <summary>One output of the routing stage. The kind says which member is there.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct RoutingAction
{
    [FieldOffset(0)] public RoutingActionKind Kind;
    [FieldOffset(8)] public OrderState Order;
    [FieldOffset(8)] public ParentState Parent;
    [FieldOffset(8)] public ClosedTrade Trade;
    [FieldOffset(8)] public Inquiry Inquiry;
}
