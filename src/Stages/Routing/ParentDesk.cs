using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Routing;
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
    AlgorithmSet algorithms,
    ChildCheck check,
    RoutingOutputs outputs,
    MarketView[] markets,
    VenueTable venues,
    VenueRouter router,
    RoutingOptions options)
{
    /// <summary>A child that was held back, or a request that was refused, is tried again after so long.</summary>
    private const long RetryNs = 100_000_000;

    /// <summary>So long after the end of its schedule a parent gives up what is left.</summary>
    private const long GraceNs = 30_000_000_000;

    /// <summary>So many children in a row that a venue refuses end a parent.</summary>
    private const int MaxRejections = 3;

    /// <summary>An operator is told of so many parents of an instrument at most.</summary>
    private const int MaxListed = 1_000;

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
        if (!parents.TryFind(parentId, out var place) || parents[place].WakeNs > e.Header.TimeNs)
            return;

        parents[place].WakeNs = 0;
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
        if (parent.ChildSlot == slot && e.Payload.ExecutionReport.Kind
            is ExecutionReportKind.CancelRejected or ExecutionReportKind.ReplaceRejected)
            parent.HoldUntilNs = e.Header.TimeNs + RetryNs;
        if (order.IsAside)
            FollowAside(ref parent, order, slot, e.Header.TimeNs);
        else if (parent.ChildSlot == slot && !order.IsWorking)
            parent.ChildSlot = ParentStore.None;
        if (!order.IsWorking)
            EndChild(ref parent, order);

        Work(place, ref e);
    }

    /// <summary>
    /// A venue is lost: the child that is there has an unknown fate, and its parent goes on without it. What may still
    /// be executed of it stays reserved.
    /// </summary>
    public void SetAside(int slot)
    {
        ref readonly var order = ref orders[slot];
        if (order.IsAside || !parents.TryFind(order.ParentId, out var place) || parents[place].ChildSlot != slot)
            return;

        parents[place].ChildSlot = ParentStore.None;
        AddAside(ref parents[place], slot);
    }

    /// <summary>Ends the parents of an instrument: their children are cancelled, the rest is given up.</summary>
    /// <param name="instrument">Index.</param>
    /// <param name="isReducingToo">Whether those that take risk off end too.</param>
    /// <param name="e">The event that wants it.</param>
    public void EndAll(int instrument, bool isReducingToo, ref PipelineEvent e)
    {
        for (var place = parents.First(instrument); place >= 0;)
        {
            var next = parents.Next(place);
            ref var parent = ref parents[place];
            if (parent.Purpose == OrderPurpose.Entry && (isReducingToo || !parent.IsReducing))
            {
                parent.EndFor(ParentEndReason.Withdrawn);
                parent.HoldUntilNs = 0;
                Work(place, ref e);
            }

            place = next;
        }

        CancelOrphans(instrument, e.Header.TimeNs);
    }

    /// <summary>Tells of the parents of an instrument that have not ended, the newest first.</summary>
    public void List(int instrument)
    {
        var place = parents.First(instrument);
        for (var listed = 0; place >= 0 && listed < MaxListed; listed++)
        {
            outputs.TellListed(parents[place]);
            place = parents.Next(place);
        }
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

    /// <summary>Pauses, resumes, cancels or amends the parent that an operator's command names.</summary>
    /// <returns>What became of the command.</returns>
    public RoutingOutcome Obey(ref PipelineEvent e)
    {
        ref readonly var command = ref e.Payload.Command;
        if (!parents.TryFind(command.ParentId, out var place))
            return RoutingOutcome.NothingToDo;

        ref var parent = ref parents[place];
        if (parent.InstrumentIndex != e.Header.InstrumentIndex
            || parent.Purpose != OrderPurpose.Entry
            || parent.Status != ParentStatus.Working
            || (command.Kind == CommandKind.PauseOrder && parent.IsPaused)
            || (command.Kind == CommandKind.ResumeOrder && !parent.IsPaused))
            return RoutingOutcome.NothingToDo;

        if (command.Kind == CommandKind.AmendOrder && !TryAmend(ref parent, command.Quantity))
            return RoutingOutcome.AmendRefused;

        if (command.Kind == CommandKind.PauseOrder)
            Pause(ref parent);
        else if (command.Kind == CommandKind.ResumeOrder)
            parent.IsPaused = false;
        else if (command.Kind == CommandKind.CancelOrder)
            parent.EndFor(ParentEndReason.Withdrawn);
        parent.HoldUntilNs = 0;
        Work(place, ref e);
        return RoutingOutcome.OrderChanged;
    }

    /// <summary>Ends a parent, and tells of it.</summary>
    public void End(int place, ExecutionReportKind kind, ref PipelineEvent e)
    {
        ref readonly var parent = ref parents[place];
        parents.End(place);
        outputs.TellEnd(parent);
        Exits?.OnParentEnded(parent.ParentId, ref e);
        // An operator's close reserves nothing, but risk takes no signal before it has ended.
        if (parent.Reserved > 0 || parent.Purpose == OrderPurpose.Close)
            outputs.Report(parent, kind, e.Header.TimeNs);
    }

    /// <summary>An entry whose parent is no more, such as one whose cancel the venue had refused.</summary>
    private void CancelOrphans(int instrument, long timeNs)
    {
        for (var slot = orders.FirstWorking(instrument); slot >= 0; slot = orders.NextWorking(slot))
        {
            ref readonly var order = ref orders[slot];
            if (order.Purpose == OrderPurpose.Entry && !order.IsImmediate && !parents.TryFind(order.ParentId, out _))
                sender.TryCancel(slot, timeNs);
        }
    }

    private void AddAside(ref ParentOrder parent, int slot)
    {
        orders.SetAside(slot, isAside: true);
        parent.Aside += orders[slot].AsideQuantity;
        parent.AsideCount++;
    }

    /// <summary>
    /// A child beside the parent's own was reported on. One that is certain to rest is the parent's own again, or is
    /// cancelled where that has another by now.
    /// </summary>
    private void FollowAside(ref ParentOrder parent, in Order order, int slot, long timeNs)
    {
        parent.Aside += order.LeavesQuantity - order.AsideQuantity;
        var isOwnAgain = order is { IsWorking: true, IsDoubted: false, IsImmediate: false } && parent.ChildSlot < 0;
        if (isOwnAgain)
        {
            parent.ChildSlot = slot;
            parent.Aside -= order.LeavesQuantity;
        }

        if (isOwnAgain || !order.IsWorking)
            parent.AsideCount--;
        if (!order.IsWorking)
            return;

        orders.SetAside(slot, !isOwnAgain);
        if (!isOwnAgain && !order.IsDoubted && !order.IsImmediate)
            sender.TryCancel(slot, timeNs);
    }

    /// <summary>A child has ended: with several venues, what it was filled says where the rest goes.</summary>
    private void EndChild(ref ParentOrder parent, in Order order)
    {
        parent.Rejections = order.Status == OrderStatus.Rejected ? parent.Rejections + 1 : 0;
        if (parent.Rejections >= Math.Max(MaxRejections, venues.Count))
            parent.EndFor(ParentEndReason.Refused);
        if (!router.HasChoice)
            return;

        venues.NoteEnd(order);
        var isFilledPoorly = order.IsImmediate || order.Status == OrderStatus.Rejected;
        var reaction = isFilledPoorly
            ? FillQuality.ReactionTo(order.CumulativeQuantity, order.Quantity)
            : FillReaction.GoOn;
        if (reaction == FillReaction.GoOn || parent.Status != ParentStatus.Working || parent.Reroutes > venues.Count)
            return;

        if (reaction == FillReaction.Reroute)
            parent.TriedVenues |= 1u << order.Venue;
        parent.Reroutes++;
        // An immediate order ends with its child unless it is to be asked anew.
        if (parent.Algorithm == AlgorithmKind.Immediate)
            parent.Slice = 0;
    }

    private bool MustWaitForVenue(in ParentOrder parent) =>
        parent.AsideCount > 0 && options.LostVenue == LostVenuePolicy.Wait;

    /// <summary>From when on what is left of a parent is given up; 0 where it has no schedule.</summary>
    private static long GiveUpNs(in ParentOrder parent) =>
        parent.EndNs > parent.StartNs ? parent.EndNs + GraceNs + 1 : 0;

    private static bool IsOver(in ParentOrder parent, long timeNs) =>
        GiveUpNs(parent) != 0 && timeNs >= GiveUpNs(parent);

    /// <summary>Pauses a parent. It is asked again when its time is over: it does not outlive that.</summary>
    private void Pause(ref ParentOrder parent)
    {
        parent.IsPaused = true;
        Wake(ref parent, GiveUpNs(parent));
    }

    /// <summary>
    /// Makes a parent smaller. Risk keeps reserving what is taken off until the parent ends, for it may be executed
    /// while the request to the venue is on its way. False where the quantity is not smaller, or would be passed by
    /// what was executed or cannot be cancelled.
    /// </summary>
    private bool TryAmend(ref ParentOrder parent, int quantity)
    {
        var least = parent.Executed + parent.Aside;
        if (parent.ChildSlot >= 0 && orders[parent.ChildSlot].IsImmediate)
            least += orders[parent.ChildSlot].LeavesQuantity;
        if (quantity >= parent.Quantity || quantity < least)
            return false;

        parent.TakenOff += parent.Quantity - quantity;
        parent.Quantity = quantity;
        return true;
    }

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

        var quantity = target.IsDone ? 0 : Math.Min(target.Quantity, parent.Free);
        if (parent.ChildSlot >= 0)
        {
            if (!MustWait(ref parent, timeNs))
                Adjust(parent, target, quantity, timeNs);
            return ChildRefusal.None;
        }

        if (quantity == 0)
            return ChildRefusal.None;

        target.Quantity = quantity;
        var refusal = check.Judge(parent, target, market, e.Verdict);
        if (refusal == ChildRefusal.None)
        {
            refusal = router.HasChoice
                ? Route(ref parent, target, market, ref e)
                : Submit(ref parent, target, venue: 0, ref e);
        }

        if (refusal != ChildRefusal.None)
            Postpone(ref parent, timeNs);
        return refusal;
    }

    /// <summary>A schedule that is over leaves no time to try again.</summary>
    private void Postpone(ref ParentOrder parent, long timeNs)
    {
        if (timeNs >= parent.EndNs)
            parent.EndFor(ParentEndReason.Refused);
        else if (parent.WakeNs == 0 || parent.WakeNs > timeNs + RetryNs)
            Wake(ref parent, timeNs + RetryNs);
    }

    /// <summary>
    /// Whether a refused request is too fresh to be made again: a venue that refuses at once, as one that cannot be
    /// reached does, would be asked without end. What is commanded is asked at once all the same.
    /// </summary>
    private bool MustWait(ref ParentOrder parent, long timeNs)
    {
        if (timeNs >= parent.HoldUntilNs)
            return false;

        if (parent.WakeNs == 0 || parent.WakeNs > parent.HoldUntilNs)
            Wake(ref parent, parent.HoldUntilNs);
        return true;
    }

    /// <summary>Brings the child at the venue to what is wanted, unless it waits for an answer.</summary>
    private void Adjust(in ParentOrder parent, in ChildTarget target, int quantity, long timeNs)
    {
        ref readonly var order = ref orders[parent.ChildSlot];
        if (order.IsImmediate)
            return;

        if (quantity == 0 || order.Type != target.Type || order.TimeInForce != target.TimeInForce)
        {
            sender.TryCancel(parent.ChildSlot, timeNs);
            return;
        }

        if (order.LeavesQuantity == quantity && order.LimitPriceE9 == target.LimitPriceE9)
            return;

        var terms = new OrderTerms(order.CumulativeQuantity + quantity, target.LimitPriceE9, order.TriggerPriceE9);
        sender.TryReplace(parent.ChildSlot, terms, timeNs);
    }

    /// <summary>Sends a child to the venues where it costs least: the first part is the parent's own.</summary>
    private ChildRefusal Route(
        ref ParentOrder parent, in ChildTarget target, in MarketView market, ref PipelineEvent e)
    {
        if (!router.TryRoute(parent, target, market, out var first))
            return check.Refuse(ChildRefusal.Venue);

        var isSplit = target.TimeInForce == TimeInForce.ImmediateOrCancel;
        var own = target;
        for (var i = 0; i < router.Parts && isSplit; i++)
        {
            var (venue, quantity) = router.PartAt(i);
            if (venue == first || quantity == 0)
                continue;

            var part = target;
            part.Quantity = quantity;
            if (Submit(ref parent, part, venue, ref e) != ChildRefusal.None)
                break;

            AddAside(ref parent, parent.ChildSlot);
            parent.ChildSlot = ParentStore.None;
            own.Quantity -= quantity;
        }

        return own.Quantity == 0 ? ChildRefusal.None : Submit(ref parent, own, first, ref e);
    }

    private ChildRefusal Submit(ref ParentOrder parent, in ChildTarget target, byte venue, ref PipelineEvent e)
    {
        if (!venues[venue].IsUp)
            return check.Refuse(ChildRefusal.Venue);

        var order = new Order
        {
            ParentId = parent.ParentId,
            SignalId = parent.SignalId,
            Purpose = parent.Purpose,
            IsReducing = parent.IsReducing,
            InstrumentIndex = parent.InstrumentIndex,
            Side = parent.Side,
            Type = target.Type,
            TimeInForce = target.TimeInForce,
            Strategy = parent.Strategy,
            Quantity = target.Quantity,
            LimitPriceE9 = target.LimitPriceE9,
            StopPriceE9 = parent.StopPriceE9,
            TargetPriceE9 = parent.TargetPriceE9,
            ArrivalPriceE9 = parent.ArrivalPriceE9,
            SubmitTimeNs = e.Header.TimeNs,
            Venue = venue,
        };
        if (!sender.TrySend(ref order, parent.ParentId, out parent.ChildSlot))
            return ChildRefusal.Capacity;

        parent.Children++;
        outputs.TellSent(order, ref e);
        return ChildRefusal.None;
    }

    private void Wake(ref ParentOrder parent, long wakeNs)
    {
        if (wakeNs == 0 || wakeNs == parent.WakeNs)
            return;

        parent.WakeNs = wakeNs;
        outputs.Timers.Set(TimerOwner.Parent, parent.ParentId, wakeNs);
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
