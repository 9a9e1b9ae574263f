using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Brackets;

/// <summary>Where an exit order stands, as far as it decides what may be asked of it.</summary>
public enum LegPhase : byte
{
    /// <summary>None was sent.</summary>
    None = 0,

    /// <summary>Sent and not answered.</summary>
    PendingNew = 1,

    /// <summary>It stands at the venue, and nothing asked is unanswered.</summary>
    Working = 2,

    /// <summary>Other terms are asked for.</summary>
    PendingReplace = 3,

    /// <summary>Its end is asked for.</summary>
    PendingCancel = 4,

    /// <summary>Filled, cancelled or expired.</summary>
    Ended = 5,

    /// <summary>The venue did not take it.</summary>
    Rejected = 6,

    /// <summary>
    /// It never came to the venue, or came while its market took none: nothing was said against it.
    /// </summary>
    NotArrived = 7,
}

/// <summary>An exit order's state.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Leaves">Contracts that it may still execute.</param>
/// <param name="PriceE9">Trigger of a stop, limit of a target; 0 at the market.</param>
public readonly record struct LegState(LegPhase Phase, int Leaves = 0, long PriceE9 = 0)
{
    /// <summary>Whether it may still be executed.</summary>
    public bool IsLive => Phase is > LegPhase.None and < LegPhase.Ended;

    /// <summary>The state of an order.</summary>
    public static LegState Of(in Order order)
    {
        var phase = order.Status switch
        {
            OrderStatus.None => LegPhase.None,
            OrderStatus.PendingNew => LegPhase.PendingNew,
            OrderStatus.PendingReplace => LegPhase.PendingReplace,
            OrderStatus.PendingCancel => LegPhase.PendingCancel,
            OrderStatus.New or OrderStatus.PartiallyFilled or OrderStatus.Suspended => LegPhase.Working,
            OrderStatus.Rejected => order.HasNotArrived ? LegPhase.NotArrived : LegPhase.Rejected,
            _ => LegPhase.Ended,
        };
        var leaves = phase is > LegPhase.None and < LegPhase.Ended ? order.Quantity - order.CumulativeQuantity : 0;
        return new LegState(phase, leaves, order.TriggerPriceE9 == 0 ? order.LimitPriceE9 : order.TriggerPriceE9);
    }
}

/// <summary>What is to be asked of a venue for one exit.</summary>
public enum LegAction : byte
{
    None = 0,
    Submit = 1,
    Replace = 2,
    Cancel = 3,
}

/// <summary>One exit's next request.</summary>
/// <param name="Action">What to ask.</param>
/// <param name="Quantity">Contracts that it shall be able to execute from now on; 0 for a cancel.</param>
/// <param name="PriceE9">Trigger of a stop, limit of a target; 0 at the market.</param>
public readonly record struct LegPlan(LegAction Action, int Quantity = 0, long PriceE9 = 0)
{
    /// <summary>The terms to replace an order by: its quantity counts what has been executed.</summary>
    public OrderTerms TermsFor(in Order order) => order.TriggerPriceE9 == 0
        ? new OrderTerms(order.CumulativeQuantity + Quantity, PriceE9, 0)
        : new OrderTerms(order.CumulativeQuantity + Quantity, order.LimitPriceE9, PriceE9);
}

/// <summary>What is to be asked for a trade now.</summary>
public struct ExitPlan
{
    public LegPlan Stop;
    public LegPlan Target;

    /// <summary>The exit at the market.</summary>
    public LegPlan Close;

    /// <summary>What the exit at the market is for; unknown while none is wanted.</summary>
    public ExitReason CloseReason;

    /// <summary>Whether the rest of the entry is to be cancelled: the trade is on its way out.</summary>
    public bool CancelEntry;

    /// <summary>When the plan is to be made again without another event, by event time; 0: it need not be.</summary>
    public long WakeNs;

    /// <summary>Whether nothing is to be asked.</summary>
    public readonly bool IsEmpty => !CancelEntry
        && Stop.Action == LegAction.None
        && Target.Action == LegAction.None
        && Close.Action == LegAction.None;

    /// <summary>The request of one exit.</summary>
    public readonly LegPlan this[ExitLeg leg] => leg switch
    {
        ExitLeg.StopLoss => Stop,
        ExitLeg.TakeProfit => Target,
        _ => Close,
    };
}
