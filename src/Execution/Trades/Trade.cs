using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Trades;

/// <summary>
/// A trade: what one signal's entry bought or sold, and what has been given back of it. Several signals net to one
/// position and stay separate trades. Prices are in 1e-9, money in 1e-6 of the account's currency, times in nanoseconds
/// since the Unix epoch, UTC, quantities in contracts.
/// </summary>
public struct Trade
{
    /// <summary>
    /// A <see cref="RepairOf"/> that is no trade: an entry was to close what another order has closed.
    /// </summary>
    public const ulong OfAnOrder = ulong.MaxValue;

    /// <summary>Grows with each trade, from 1.</summary>
    public ulong TradeId;

    /// <summary>The signal that it came from; 0 for an operator's and for executions of unknown orders.</summary>
    public ulong SignalId;

    /// <summary>The parent order whose executions open it; 0 where there is none.</summary>
    public ulong ParentId;

    /// <summary>
    /// The trade whose exits executed more than it held, or <see cref="OfAnOrder"/>: this trade is the excess, and is
    /// closed at the market. 0 for every other trade.
    /// </summary>
    public ulong RepairOf;

    public int InstrumentIndex;

    /// <summary>The side that opened it.</summary>
    public Side Side;

    public ExecutionStrategy Strategy;

    /// <summary>What the last exit was for; unknown before the first.</summary>
    public ExitReason ExitReason;

    /// <summary>What it is to be closed at the market for; unknown: its bracket alone ends it.</summary>
    public ExitReason CloseFor;

    /// <summary>Whether nothing more of its entry will be executed.</summary>
    public bool IsEntryDone;

    /// <summary>
    /// Contracts that its entry was ordered for, without those that closed other trades; 0 where that is not known.
    /// </summary>
    public int PlannedQuantity;

    public int EntryQuantity;
    public int ExitQuantity;

    /// <summary>Stop-loss level; 0: none.</summary>
    public long StopPriceE9;

    /// <summary>Take-profit level; 0: none.</summary>
    public long TargetPriceE9;

    /// <summary>The price that the decision was made at; 0 where there was none.</summary>
    public long ArrivalPriceE9;

    /// <summary>When the decision was made; 0 where there was none.</summary>
    public long ArrivalNs;

    /// <summary>When it is closed at the market; 0: never.</summary>
    public long TimeOutNs;

    /// <summary>When the timer comes that was set for it last; 0: none was.</summary>
    public long TimerNs;

    public long FirstEntryNs;
    public long LastExitNs;

    /// <summary>Sums of price times quantity: a trade scaled in and out all day outgrows 64 bits.</summary>
    public Int128 EntrySumE9;
    public Int128 ExitSumE9;

    /// <summary>Values of the executions, not signed.</summary>
    public long EntryValueE6;
    public long ExitValueE6;

    public long EntryFeesE6;
    public long ExitFeesE6;

    /// <summary>
    /// What the stop and target orders got less than their levels promised; positive is worse, as where a stop gapped.
    /// Of an order at the market in place of a stop, only what is worse than the stop.
    /// </summary>
    public long ExitSlippageE6;

    /// <summary>
    /// Highest and lowest price: of its own executions while it is open, of the market too once closed.
    /// </summary>
    public long HighE9;
    public long LowE9;

    /// <summary>Its place in its instrument's order of openings.</summary>
    public long Epoch;

    public ExitOrder Stop;
    public ExitOrder Target;
    public ExitOrder Close;

    public readonly int OpenQuantity => EntryQuantity - ExitQuantity;

    /// <summary>1 for a long trade, -1 for a short one.</summary>
    public readonly int Sign => Side == Side.Buy ? 1 : -1;

    /// <summary>Signed contracts that it adds to the position.</summary>
    public readonly int SignedOpenQuantity => Sign * OpenQuantity;

    /// <summary>The side that closes it.</summary>
    public readonly Side ExitSide => Side == Side.Buy ? Side.Sell : Side.Buy;

    /// <summary>Whether one of its exit orders may still be executed.</summary>
    public readonly bool HasLiveExit => Stop.IsLive || Target.IsLive || Close.IsLive;

    /// <summary>Before fees, of the contracts that have been given back.</summary>
    public readonly long GrossPnlE6 =>
        Sign * (ExitValueE6 - Apportionment.ShareOf(EntryValueE6, ExitQuantity, EntryQuantity));
}

/// <summary>What a trade must know of one of its exit orders.</summary>
public struct ExitOrder
{
    /// <summary>The last one sent; 0: none.</summary>
    public ulong OrderId;

    /// <summary>No request of this exit is sent before; 0: at once.</summary>
    public long HoldUntilNs;

    /// <summary>
    /// Orders sent for this exit, but for those that were cancelled on request or never came to the venue.
    /// </summary>
    public int Attempts;

    /// <summary>Whether it may still be executed.</summary>
    public bool IsLive;

    /// <summary>
    /// Orders in a row that the venue refused for the phase of its market, as far as the wait grows with them.
    /// </summary>
    public byte PhaseRefusals;
}

/// <summary>Which of a trade's exits is meant.</summary>
public enum ExitLeg : byte
{
    StopLoss = 0,
    TakeProfit = 1,

    /// <summary>The exit at the market: time-out, an operator's close, a repair.</summary>
    Close = 2,
}

/// <summary>An execution as the trades take it.</summary>
/// <param name="InstrumentIndex">In the table.</param>
/// <param name="Side">Bought or sold.</param>
/// <param name="Quantity">Contracts; positive.</param>
/// <param name="PriceE9">On the tick.</param>
/// <param name="FeeE6">Of this execution, in 1e-6 of the account's currency.</param>
/// <param name="TimeNs">The event's.</param>
public readonly record struct TradeExecution(
    int InstrumentIndex, Side Side, int Quantity, long PriceE9, long FeeE6, long TimeNs);

/// <summary>
/// What an entry's execution came from. Left empty, it is that of an order that nobody knows.
/// </summary>
public struct TradeOrigin
{
    public ulong SignalId;

    /// <summary>Executions of one parent open one trade.</summary>
    public ulong ParentId;

    public ExecutionStrategy Strategy;

    /// <summary>What trades of the other side that it closes end for: a reversal, an operator's close.</summary>
    public ExitReason ExitReason;

    /// <summary>Contracts that its parent was still to close of what was held, before this execution.</summary>
    public int ToClose;

    /// <summary>
    /// Contracts that the parent is to execute from this execution on, those included that close trades of the other
    /// side.
    /// </summary>
    public int PlannedQuantity;

    /// <summary>0: none.</summary>
    public long StopPriceE9;

    /// <summary>0: none.</summary>
    public long TargetPriceE9;

    public long ArrivalPriceE9;
    public long ArrivalNs;

    /// <summary>How long the trade may be held from its first execution; 0: for ever.</summary>
    public long HoldingNs;
}
