using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>An order and how far it has come. Prices in 1e-9, times in nanoseconds since the Unix epoch, UTC.</summary>
public struct Order
{
    public ulong OrderId;

    /// <summary>The signal that it came from; 0 for an operator's.</summary>
    public ulong SignalId;

    /// <summary>The parent order whose child it is; of an exit the one that its trade came from.</summary>
    public ulong ParentId;

    /// <summary>The trade whose exit it is; 0 for others.</summary>
    public ulong TradeId;

    public OrderPurpose Purpose;

    /// <summary>Whether it only takes risk off: then it passes the kill switch.</summary>
    public bool IsReducing;

    /// <summary>
    /// Whether its end is wanted and no parent asks for that: then it is asked for until the order has ended.
    /// </summary>
    public bool IsUnwanted;
    public int InstrumentIndex;
    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public ExecutionStrategy Strategy;
    public OrderStatus Status;

    /// <summary>Contracts ordered; positive.</summary>
    public int Quantity;

    /// <summary>Contracts executed.</summary>
    public int CumulativeQuantity;

    /// <summary>0 for a market order.</summary>
    public long LimitPriceE9;

    /// <summary>The price whose touch makes a stop order a market or limit order; 0 for others.</summary>
    public long TriggerPriceE9;

    /// <summary>When a good-till-date order expires; 0 for others.</summary>
    public long ExpireNs;

    /// <summary>Contracts that an iceberg order shows at a time; 0 where it shows all.</summary>
    public int PeakQuantity;

    /// <summary>Planned stop-loss level; 0 when there is none.</summary>
    public long StopPriceE9;

    /// <summary>Planned take-profit level; 0 when there is none.</summary>
    public long TargetPriceE9;

    /// <summary>The price the decision was made at.</summary>
    public long ArrivalPriceE9;

    /// <summary>When it was sent, by event time.</summary>
    public long SubmitTimeNs;

    /// <summary>When the last request on it left, or the venue was last asked what became of it.</summary>
    public long AskedNs;

    /// <summary>When the venue last said something of it, by event time.</summary>
    public long HeardNs;

    /// <summary>How often the venue was asked for its status since the last request that waits for an answer.</summary>
    public int Inquiries;

    /// <summary>
    /// Whether nothing is certain of it: the venue did not know it when it was to be changed, or was lost.
    /// </summary>
    public bool IsDoubted;

    /// <summary>
    /// Whether it ended as rejected because it never came to the venue, or to its market while that took none: that is
    /// no word against it.
    /// </summary>
    public bool HasNotArrived;

    /// <summary>Whether it works beside its parent's child: elsewhere, or with an unknown fate.</summary>
    public bool IsAside;

    /// <summary>The venue that it is at: its place in the list of venues.</summary>
    public byte Venue;

    /// <summary>Contracts of it that its parent counts as set aside.</summary>
    public int AsideQuantity;

    /// <summary>The venue's time of the word that told quantity and prices last; 0 before one did.</summary>
    public long TermsNs;

    /// <summary>The report with that word.</summary>
    public ulong TermsId;

    /// <summary>The venue's time when it last refused to cancel or replace it; 0 before, and after a status.</summary>
    public long RefusedNs;

    /// <summary>The report that told of it.</summary>
    public ulong RefusalId;

    /// <summary>Sum of price times quantity over the executions.</summary>
    public Int128 ExecutedSumE9;

    /// <summary>What of it can be replaced.</summary>
    public readonly OrderTerms Terms => new(Quantity, LimitPriceE9, TriggerPriceE9);

    /// <summary>Contracts open for execution; 0 when the order has ended.</summary>
    public readonly int LeavesQuantity => IsWorking ? Quantity - CumulativeQuantity : 0;

    /// <summary>Average price of the executions; 0 before the first.</summary>
    public readonly long AveragePriceE9 =>
        CumulativeQuantity == 0 ? 0 : (long)(ExecutedSumE9 / CumulativeQuantity);

    /// <summary>Whether it may still be executed.</summary>
    public readonly bool IsWorking => Status
        is OrderStatus.PendingNew
        or OrderStatus.New
        or OrderStatus.PartiallyFilled
        or OrderStatus.PendingCancel
        or OrderStatus.PendingReplace
        or OrderStatus.Suspended;

    /// <summary>Whether a request on it waits for the venue's answer.</summary>
    public readonly bool IsPending => Status
        is OrderStatus.PendingNew or OrderStatus.PendingCancel or OrderStatus.PendingReplace;

    /// <summary>Whether the venue ends it at once, so that it never rests and need not be cancelled.</summary>
    public readonly bool IsImmediate => TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;

    /// <summary>Whether the venue still has to say something of it.</summary>
    public readonly bool IsAwaited => IsPending || (IsWorking && (IsImmediate || IsDoubted || IsUnwanted));

    /// <summary>1 for a buy, -1 for a sale.</summary>
    public readonly int Sign => Side == Side.Buy ? 1 : -1;
}
