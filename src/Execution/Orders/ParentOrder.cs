using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// A parent order: an approved decision, or an operator's close, that an algorithm works by child orders until it is
/// executed or ends. Prices in 1e-9, times in nanoseconds since the Unix epoch, UTC, quantities in contracts.
/// </summary>
public struct ParentOrder
{
    /// <summary>Grows with each parent; the low 24 bits are those of its children's ids.</summary>
    public ulong ParentId;

    /// <summary>The signal that it came from; 0 for an operator's.</summary>
    public ulong SignalId;

    public int InstrumentIndex;

    /// <summary>Where its child at the venue is in the order store; -1 while there is none.</summary>
    public int ChildSlot;

    public Side Side;

    /// <summary>An entry, or an operator's close.</summary>
    public OrderPurpose Purpose;

    /// <summary>
    /// Whether it only takes risk off: then it passes kill switch and breakers. No more once another has closed what it
    /// was to close.
    /// </summary>
    public bool IsReducing;

    /// <summary>Whether it was to close something that was held when it was approved.</summary>
    public bool IsClosingFirst;

    /// <summary>What was decided.</summary>
    public ExecutionStrategy Strategy;

    /// <summary>What works it: the strategy's own, or what ADAPTIVE chose.</summary>
    public AlgorithmKind Algorithm;

    public ParentStatus Status;

    /// <summary>Why it ends; none while it is worked.</summary>
    public ParentEndReason EndReason;

    /// <summary>Whether nothing new is sent for it until it is resumed.</summary>
    public bool IsPaused;

    /// <summary>Contracts to be executed.</summary>
    public int Quantity;

    /// <summary>
    /// Of the quantity: the first that are executed, which close what was held when it was approved; all of it where it
    /// only takes risk off.
    /// </summary>
    public int ToClose;

    /// <summary>Contracts that amendments took off: risk reserves them until the parent ends.</summary>
    public int TakenOff;

    /// <summary>Contracts executed.</summary>
    public int Executed;

    /// <summary>Sum of price times quantity over the executions.</summary>
    public Int128 ExecutedSumE9;

    /// <summary>The price that the decision was made at.</summary>
    public long ArrivalPriceE9;

    /// <summary>Planned stop-loss level of the trade; 0 when there is none.</summary>
    public long StopPriceE9;

    /// <summary>Planned take-profit level of the trade; 0 when there is none.</summary>
    public long TargetPriceE9;

    /// <summary>The worst price that a child may trade at; 0: any.</summary>
    public long LimitPriceE9;

    /// <summary>When it was approved.</summary>
    public long StartNs;

    /// <summary>When its schedule ends.</summary>
    public long EndNs;

    /// <summary>When it is to be asked again; 0: not by time.</summary>
    public long WakeNs;

    /// <summary>When the earliest of the timers that were set for it comes; 0: none is to come.</summary>
    public long TimerNs;

    /// <summary>When the one behind that comes; 0: there is none.</summary>
    public long LaterTimerNs;

    /// <summary>
    /// Until then nothing is asked of the child, whose cancel or replacement the venue has refused, and no other one is
    /// sent after one that did not reach its venue.
    /// </summary>
    public long HoldUntilNs;

    /// <summary>Contracts that the market had traded when it began.</summary>
    public long MarketVolumeAtStart;

    /// <summary>[0, 1], of the signal.</summary>
    public float Urgency;

    /// <summary>Slices of its schedule; 0 where it has none.</summary>
    public int Slices;

    /// <summary>
    /// How far the algorithm is: the slice being worked, from 0; of an iceberg, the peaks shown so far; of an immediate
    /// order, 1 once its order was asked for.
    /// </summary>
    public int Slice;

    /// <summary>When the slice being worked began.</summary>
    public long SliceStartNs;

    /// <summary>When the next one begins; of the last slice, <see cref="EndNs"/>.</summary>
    public long SliceEndNs;

    /// <summary>Contracts to be executed in all by the end of the slice.</summary>
    public int SliceTarget;

    /// <summary>Contracts that were executed when the slice began.</summary>
    public int SliceExecuted;

    /// <summary>The quantity that <see cref="SliceTarget"/> was worked out for; an amended one needs another target.
    /// </summary>
    public int SliceQuantity;

    /// <summary>
    /// The rate of the shortfall schedule's decay over the whole horizon, kappa times T, dimensionless; 0 where another
    /// algorithm works.
    /// </summary>
    public double DecayOverHorizon;

    /// <summary>Child orders sent for it.</summary>
    public int Children;

    /// <summary>Child orders in a row that the venue refused.</summary>
    public int Rejections;

    /// <summary>Children that work beside its own: at other venues, or with an unknown fate.</summary>
    public int AsideCount;

    /// <summary>Contracts that those may still execute.</summary>
    public int Aside;

    /// <summary>A bit for each venue that has filled little of a child, or has refused one.</summary>
    public uint TriedVenues;

    /// <summary>How often its rest was sent anew because of what a venue had filled.</summary>
    public int Reroutes;

    /// <summary>Contracts that a child of its own may execute: none is at two venues.</summary>
    public readonly int Free => Math.Max(0, Remaining - Aside);

    /// <summary>Contracts still to be executed, those that are at the venue included.</summary>
    public readonly int Remaining => Math.Max(0, Quantity - Executed);

    /// <summary>Contracts still to be executed that are to close what is held.</summary>
    public readonly int LeftToClose => Math.Max(0, ToClose - Executed);

    /// <summary>Contracts that risk still reserves for it.</summary>
    public readonly int Reserved => Math.Max(0, Quantity + TakenOff - Executed);

    /// <summary>Nothing new is sent any more. The first reason counts.</summary>
    public void EndFor(ParentEndReason reason)
    {
        if (EndReason == ParentEndReason.None)
            EndReason = reason;
        if (Status == ParentStatus.Working)
            Status = ParentStatus.Ending;
    }

    /// <summary>1 for a buy, -1 for a sale.</summary>
    public readonly int Sign => Side == Side.Buy ? 1 : -1;

    /// <summary>Average price of the executions; 0 before the first.</summary>
    public readonly long AveragePriceE9 => Executed == 0 ? 0 : (long)(ExecutedSumE9 / Executed);
}

/// <summary>How far a parent order has come.</summary>
public enum ParentStatus : byte
{
    None = 0,

    /// <summary>Its algorithm works it.</summary>
    Working = 1,

    /// <summary>Nothing new is sent: it waits for the end of the child at the venue.</summary>
    Ending = 2,

    /// <summary>Nothing of it is at a venue any more.</summary>
    Ended = 3,
}

/// <summary>What works a parent order.</summary>
public enum AlgorithmKind : byte
{
    Immediate = 0,
    Twap = 1,
    Vwap = 2,
    Iceberg = 3,
    ImplementationShortfall = 4,
}
