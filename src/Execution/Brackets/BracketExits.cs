using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Brackets;

/// <summary>
/// Which exit orders a trade should have now, and so what is to be asked of the venue. It keeps no state: the plan
/// follows from the trade and its three exits alone, is made again after each report, and asks nothing where nothing is
/// missing.
/// <list type="bullet">
/// <item>Stop and target each cover what is open: one that executes shrinks the other, and nothing open cancels both.
/// </item>
/// <item>An exit with an unanswered request waits for the answer.</item>
/// <item>An exit that never came to the venue, or was refused since its market was closed, halted, in an auction or not
/// quoted, is sent again later, as often as it takes.</item>
/// <item>A trade whose stop cannot be placed is closed at the market. So is one that is held for too long, that is
/// asked to be closed, or that is the excess of two orders which both executed what was held once.</item>
/// <item>Closing goes in order: both are cancelled, their ends are awaited, then a market order goes for what is open.
/// What it leaves is sent again later.</item>
/// </list>
/// </summary>
public sealed class BracketExits
{
    private const long NsPerMs = 1_000_000;

    /// <summary>So long a market that takes no orders is left alone at most.</summary>
    private const long MaxRetryNs = 60_000_000_000;

    /// <summary>A longer wait than the longest, and no overflow, by then.</summary>
    private const int MaxDoublings = 16;

    private readonly BracketActivation _activation;
    private readonly int _maxAttempts;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public BracketExits(BracketOptions options)
    {
        options.Validate();
        _activation = options.Activation;
        _maxAttempts = options.MaxAttempts;
        HoldingNs = options.HoldingNs;
        RetryNs = options.RetryMs * NsPerMs;
    }

    /// <summary>How long a trade may be held, in nanoseconds; 0: for ever.</summary>
    public long HoldingNs { get; }

    /// <summary>
    /// How long an exit is to be held after a cancel or a replacement that was refused, after an order that never came
    /// to the venue, or after one at the market that ended without closing the trade. A stop that the venue ended is
    /// sent again at once.
    /// </summary>
    public long RetryNs { get; }

    /// <summary>
    /// How long an exit is to be held after the venue has refused it. A market that takes no orders may do so for a
    /// weekend, so the wait for it doubles; but a stop is to be there as soon as it can.
    /// </summary>
    /// <param name="leg">Which exit it is.</param>
    /// <param name="phaseRefusals">Orders in a row that were refused for the phase of the market.</param>
    public long RetryAfter(ExitLeg leg, int phaseRefusals) => leg == ExitLeg.StopLoss || phaseRefusals == 0
        ? RetryNs
        : Math.Max(RetryNs, Math.Min(RetryNs << Math.Min(phaseRefusals - 1, MaxDoublings), MaxRetryNs));

    /// <summary>Makes the plan of a trade.</summary>
    /// <param name="trade">Open, or closed and not yet let go.</param>
    /// <param name="stop">Its stop order.</param>
    /// <param name="target">Its target order.</param>
    /// <param name="close">Its order at the market.</param>
    /// <param name="timeNs">The event's.</param>
    /// <param name="plan">Written whole.</param>
    public void Reconcile(
        in Trade trade, in LegState stop, in LegState target, in LegState close, long timeNs, out ExitPlan plan)
    {
        plan = default;
        var open = trade.OpenQuantity;
        plan.CloseReason = open > 0 ? CloseReasonOf(trade, stop, timeNs) : ExitReason.Unknown;
        var isClosing = plan.CloseReason != ExitReason.Unknown;
        plan.CancelEntry = !trade.IsEntryDone && (open == 0 || isClosing || IsOnItsWayOut(trade));

        // A market order at the venue is an exit already: nothing stands beside it, and it is not replaced. What it
        // leaves is sent again, and one that is too large is cancelled.
        var isBracketed = !isClosing && !close.IsLive && IsActive(trade);
        var wantedStop = isBracketed && trade.StopPriceE9 > 0 ? open : 0;
        var wantedTarget = isBracketed && trade.TargetPriceE9 > 0 && CanBePlaced(target, trade.Target) ? open : 0;
        var wantedClose = isClosing && !stop.IsLive && !target.IsLive ? open : 0;
        plan.Stop = PlanOf(stop, trade.Stop, wantedStop, trade.StopPriceE9, timeNs, ref plan.WakeNs);
        plan.Target = PlanOf(target, trade.Target, wantedTarget, trade.TargetPriceE9, timeNs, ref plan.WakeNs);
        if (close.IsLive)
            wantedClose = close.Leaves > open ? 0 : close.Leaves;
        plan.Close = PlanOf(close, trade.Close, wantedClose, close.PriceE9, timeNs, ref plan.WakeNs);
        if (open > 0 && trade.TimeOutNs > timeNs)
            WakeAt(trade.TimeOutNs, ref plan.WakeNs);
    }

    /// <summary>Unknown: the trade is not to be closed at the market.</summary>
    private ExitReason CloseReasonOf(in Trade trade, in LegState stop, long timeNs)
    {
        if (trade.CloseFor != ExitReason.Unknown)
            return trade.CloseFor;
        if (trade.RepairOf != 0)
            return ExitReason.Repair;
        if (trade.TimeOutNs != 0 && timeNs >= trade.TimeOutNs)
            return ExitReason.TimeOut;

        var isUnprotected = _activation != BracketActivation.None
            && trade.StopPriceE9 > 0
            && !CanBePlaced(stop, trade.Stop);
        return isUnprotected ? ExitReason.StopLoss : ExitReason.Unknown;
    }

    private bool CanBePlaced(in LegState leg, in ExitOrder exit) =>
        leg.Phase != LegPhase.Rejected && (leg.Phase != LegPhase.Ended || exit.Attempts < _maxAttempts);

    private bool IsActive(in Trade trade) => _activation switch
    {
        BracketActivation.EachFill => true,
        BracketActivation.WholeEntry => trade.IsEntryDone || trade.EntryQuantity >= trade.PlannedQuantity,
        _ => false,
    };

    /// <summary>An exit of its own has executed: what the entry would still buy is not wanted any more.</summary>
    private static bool IsOnItsWayOut(in Trade trade) =>
        trade.ExitReason is ExitReason.StopLoss or ExitReason.TakeProfit or ExitReason.TimeOut;

    private static LegPlan PlanOf(
        in LegState leg, in ExitOrder exit, int wanted, long priceE9, long timeNs, ref long wakeNs)
    {
        var action = leg.Phase switch
        {
            LegPhase.Working when wanted == 0 => LegAction.Cancel,
            LegPhase.Working when leg.Leaves != wanted || leg.PriceE9 != priceE9 => LegAction.Replace,
            LegPhase.None or >= LegPhase.Ended when wanted > 0 => LegAction.Submit,
            _ => LegAction.None,
        };
        if (action != LegAction.None && timeNs < exit.HoldUntilNs)
        {
            WakeAt(exit.HoldUntilNs, ref wakeNs);
            return default;
        }

        return action is LegAction.Submit or LegAction.Replace
            ? new LegPlan(action, wanted, priceE9)
            : new LegPlan(action);
    }

    private static void WakeAt(long timeNs, ref long wakeNs) =>
        wakeNs = wakeNs == 0 ? timeNs : Math.Min(wakeNs, timeNs);
}
