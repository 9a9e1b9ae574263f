using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Works the parent orders: asks each one's algorithm which child order should be at the venue now, and brings the one
/// that is there into line, by submitting, replacing or cancelling it. A request that waits for its answer is left
/// alone until the answer has come. A parent that has ended with something left tells risk by a report of its own.
/// </summary>
internal sealed class ParentDesk(
    ParentStore parents,
    OrderStore orders,
    OrderSender sender,
    ChildDesk children,
    AlgorithmSet algorithms,
    RoutingOutputs outputs,
    MarketView[] markets,
    RoutingOptions options)
{
    /// <summary>A child that was held back, or a request that was refused, is tried again after so long.</summary>
    private const long RetryNs = 100_000_000;

    /// <summary>So long after the end of its schedule a parent gives up what is left.</summary>
    private const long GraceNs = 30_000_000_000;

    /// <summary>Is told that a parent has ended; null: nobody is.</summary>
    public ExitDesk? Exits { get; set; }

    /// <summary>Plans a parent that has just been added, and sends its first child where it wants one.</summary>
    public ChildRefusal Begin(int place, ref PipelineEvent e)
    {
        ref var parent = ref parents[place];
        algorithms.Plan(ref parent, MarketOf(parent, e));
        return Work(place, ref e);
    }

    /// <summary>Brings a parent's child into line; an operator's close is none of the desk's.</summary>
    /// <returns>Why a child that was wanted did not leave.</returns>
    public ChildRefusal Work(int place, ref PipelineEvent e)
    {
        ref var parent = ref parents[place];
        var refusal = ChildRefusal.None;
        if (parent.Purpose == OrderPurpose.Close)
            return refusal;
        if (parent.Status == ParentStatus.Working && IsOver(parent, e.Header.TimeNs))
            parent.EndFor(ParentEndReason.Expired);
        else if (parent.Status == ParentStatus.Working && !parent.IsPaused && !MustWaitForVenue(parent))
            refusal = React(ref parent, ref e);

        if (parent.Remaining == 0)
            parent.EndFor(ParentEndReason.Executed);
        if (parent.Status != ParentStatus.Ending && !parent.IsPaused)
            return refusal;

        // What was asked for in between, such as a refused cancel, has taken the place of the time to give up.
        if (parent.Status == ParentStatus.Working)
            WakeBy(ref parent, GiveUpNs(parent));
        if (parent.ChildSlot < 0 && parent.AsideCount > 0)
            return refusal;

        if (parent.ChildSlot < 0 && parent.Status == ParentStatus.Ending)
            End(place, ParentEndKind(refusal), ref e);
        else if (parent.ChildSlot >= 0
            && !orders[parent.ChildSlot].IsImmediate
            && !MustWait(ref parent, e.Header.TimeNs))
            sender.TryCancel(parent.ChildSlot, e.Header.TimeNs);

        return refusal;
    }

    /// <summary>An instrument's best prices have changed.</summary>
    public void OnTouch(int instrument, ref PipelineEvent e)
    {
        for (var place = parents.First(instrument); place >= 0;)
        {
            var next = parents.Next(place);
            Work(place, ref e);
            place = next;
        }
    }

    /// <summary>A timer of a parent is due. One whose time has moved is not asked.</summary>
    public void OnTimer(ulong parentId, ref PipelineEvent e)
    {
        if (!parents.TryFind(parentId, out var place))
            return;

        ref var parent = ref parents[place];
        if (parent.TimerNs <= e.Header.TimeNs)
            (parent.TimerNs, parent.LaterTimerNs) = (parent.LaterTimerNs, 0);
        if (parent.AsideCount > 0)
            children.CancelAside(parent, e.Header.TimeNs);
        if (parent.WakeNs > e.Header.TimeNs)
        {
            SetTimer(ref parent);
            return;
        }

        parent.WakeNs = 0;
        Work(place, ref e);
    }

    /// <summary>A report has changed a child.</summary>
    public void OnChild(in Order order, int slot, in ExecutionResolution resolution, ref PipelineEvent e)
    {
        if (!parents.TryFind(order.ParentId, out var place))
            return;

        ref var parent = ref parents[place];
        parent.Executed += resolution.Booked;
        parent.ExecutedSumE9 += (Int128)resolution.PriceE9 * resolution.Booked;
        ref readonly var report = ref e.Payload.ExecutionReport;
        if (parent.ChildSlot == slot && report.IsRefusedRequest)
            parent.HoldUntilNs = e.Header.TimeNs + RetryNs;
        if (order.IsAside)
            children.FollowAside(ref parent, order, slot, report, e.Header.TimeNs);
        else if (parent.ChildSlot == slot && !order.IsWorking)
            parent.ChildSlot = ParentStore.None;
        if (!order.IsWorking)
            EndChild(ref parent, order, report, e.Header.TimeNs);

        Work(place, ref e);
        if (parent.AsideCount > 0 && report.IsRefusedRequest)
            WakeBy(ref parent, e.Header.TimeNs + RetryNs);
    }

    /// <summary>What was held for a request on the child that has ended is held no longer.</summary>
    private void EndChild(ref ParentOrder parent, in Order order, in ExecutionReport report, long timeNs)
    {
        if (children.End(ref parent, order, report))
            parent.HoldUntilNs = timeNs + RetryNs;
        else if (parent.ChildSlot < 0)
            parent.HoldUntilNs = 0;
    }

    /// <summary>Cancels what is left of a parent.</summary>
    public void Cancel(ulong parentId, ref PipelineEvent e)
    {
        if (!parents.TryFind(parentId, out var place) || parents[place].Status != ParentStatus.Working)
            return;

        parents[place].EndFor(ParentEndReason.Withdrawn);
        parents[place].HoldUntilNs = 0;
        Work(place, ref e);
    }

    /// <summary>Ends a parent, and tells of it.</summary>
    public void End(int place, ExecutionReportKind kind, ref PipelineEvent e)
    {
        ref readonly var parent = ref parents[place];
        parents.End(place);
        RemoveTimer(parent.ParentId, parent.TimerNs);
        RemoveTimer(parent.ParentId, parent.LaterTimerNs);
        outputs.TellEnd(parent);
        Exits?.OnParentEnded(parent.ParentId, ref e);
        // An operator's close reserves nothing, but risk takes no signal before it has ended.
        if (parent.Reserved > 0 || parent.Purpose == OrderPurpose.Close)
            outputs.Report(parent, kind, e.Header.TimeNs);
    }

    private bool MustWaitForVenue(in ParentOrder parent) =>
        parent.AsideCount > 0 && options.LostVenue == LostVenuePolicy.Wait;

    /// <summary>
    /// From when on what is left of a parent is given up; 0 where it has no schedule, and so ends with its child. One
    /// that is paused would not.
    /// </summary>
    public static long GiveUpNs(in ParentOrder parent) =>
        parent.EndNs > parent.StartNs || parent.IsPaused ? parent.EndNs + GraceNs + 1 : 0;

    private static bool IsOver(in ParentOrder parent, long timeNs) =>
        GiveUpNs(parent) != 0 && timeNs >= GiveUpNs(parent);

    private static ExecutionReportKind ParentEndKind(ChildRefusal refusal) =>
        refusal == ChildRefusal.Capacity ? ExecutionReportKind.Rejected : ExecutionReportKind.Expired;

    private ChildRefusal React(ref ParentOrder parent, ref PipelineEvent e)
    {
        var timeNs = e.Header.TimeNs;
        ref readonly var market = ref MarketOf(parent, e);
        var target = algorithms.React(ref parent, market, StateOf(parent));
        Wake(ref parent, target.WakeNs == 0 ? GiveUpNs(parent) : target.WakeNs);
        if (target.IsDone && parent.AsideCount == 0)
            parent.EndFor(target.IsTooDear ? ParentEndReason.TooDear : ParentEndReason.Expired);

        target.Quantity = target.IsDone ? 0 : Math.Min(target.Quantity, parent.Free);
        if (parent.ChildSlot >= 0)
        {
            if (!MustWait(ref parent, timeNs))
                Adjust(ref parent, target, market, e.Verdict);
            return ChildRefusal.None;
        }

        if (target.Quantity == 0 || MustWait(ref parent, timeNs))
            return ChildRefusal.None;

        var refusal = children.TrySend(ref parent, target, market, ref e);
        if (refusal != ChildRefusal.None)
            Postpone(ref parent, timeNs);
        return refusal;
    }

    /// <summary>A schedule that is over leaves no time to try again.</summary>
    private void Postpone(ref ParentOrder parent, long timeNs)
    {
        if (timeNs >= parent.EndNs)
            parent.EndFor(ParentEndReason.Refused);
        else
            WakeBy(ref parent, timeNs + RetryNs);
    }

    /// <summary>
    /// Whether a request that was refused, or a child that did not reach its venue or its market, is too fresh to be
    /// tried again: a venue that refuses at once, as one that cannot be reached does, would be asked without end. What
    /// is commanded is asked at once all the same.
    /// </summary>
    private bool MustWait(ref ParentOrder parent, long timeNs)
    {
        if (timeNs >= parent.HoldUntilNs)
            return false;

        WakeBy(ref parent, parent.HoldUntilNs);
        return true;
    }

    /// <summary>
    /// Brings the child at the venue to what is wanted, unless it waits for an answer. One that may not become that
    /// stays as it is, and is tried again.
    /// </summary>
    private void Adjust(
        ref ParentOrder parent, in ChildTarget target, in MarketView market, in RiskVerdict verdict)
    {
        ref readonly var order = ref orders[parent.ChildSlot];
        var (timeNs, quantity) = (market.TimeNs, target.Quantity);
        if (order.IsImmediate)
            return;

        if (quantity == 0 || order.Type != target.Type || order.TimeInForce != target.TimeInForce)
        {
            sender.TryCancel(parent.ChildSlot, timeNs);
            return;
        }

        if (order.LeavesQuantity == quantity && order.LimitPriceE9 == target.LimitPriceE9)
            return;

        if (!children.MayBecome(parent, order, target, market, verdict))
        {
            WakeBy(ref parent, timeNs + RetryNs);
            return;
        }

        var terms = new OrderTerms(order.CumulativeQuantity + quantity, target.LimitPriceE9, order.TriggerPriceE9);
        sender.TryReplace(parent.ChildSlot, terms, timeNs);
    }

    /// <summary>Asks a parent again at a time, where it is not asked before.</summary>
    private void WakeBy(ref ParentOrder parent, long wakeNs)
    {
        if (parent.WakeNs == 0 || parent.WakeNs > wakeNs)
            Wake(ref parent, wakeNs);
    }

    public void Wake(ref ParentOrder parent, long wakeNs)
    {
        if (wakeNs == 0 || wakeNs == parent.WakeNs)
            return;

        parent.WakeNs = wakeNs;
        SetTimer(ref parent);
    }

    /// <summary>
    /// Sets a timer where none comes by the time that it is to be asked: with each market update that time may move to
    /// and fro, and the wheel has room for so many. A parent has two at most, the next and the last.
    /// </summary>
    private void SetTimer(ref ParentOrder parent)
    {
        if (parent.TimerNs != 0 && parent.TimerNs <= parent.WakeNs)
            return;

        if (parent.LaterTimerNs != 0)
            RemoveTimer(parent.ParentId, parent.TimerNs);
        else
            parent.LaterTimerNs = parent.TimerNs;
        parent.TimerNs = parent.WakeNs;
        outputs.Timers.Set(TimerOwner.Parent, parent.ParentId, parent.WakeNs);
    }

    private void RemoveTimer(ulong parentId, long dueNs)
    {
        if (dueNs != 0)
            outputs.Timers.Remove(TimerOwner.Parent, parentId, dueNs);
    }

    private ref readonly MarketView MarketOf(in ParentOrder parent, in PipelineEvent e)
    {
        ref var market = ref markets[parent.InstrumentIndex];
        market.TimeNs = e.Header.TimeNs;
        return ref market;
    }

    private ChildState StateOf(in ParentOrder parent)
    {
        if (parent.ChildSlot < 0)
            return ChildState.None;

        ref readonly var order = ref orders[parent.ChildSlot];
        return new ChildState(order.LeavesQuantity, order.Type, order.TimeInForce, order.LimitPriceE9);
    }
}
