using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// The children of parent orders at the venues: sends them where they cost least, keeps those aside whose fate is not
/// known or that work beside their parent's own, and learns from how they end.
/// </summary>
internal sealed class ChildDesk(
    ParentStore parents,
    OrderStore orders,
    OrderSender sender,
    ChildCheck check,
    RoutingOutputs outputs,
    VenueTable venues)
{
    /// <summary>So many children in a row that a venue refuses end a parent.</summary>
    private const int MaxRejections = 3;

    private readonly VenueRouter _router = new(venues);

    /// <summary>Sends a child if it passes the last check.</summary>
    /// <returns>Why it did not leave.</returns>
    public ChildRefusal TrySend(
        ref ParentOrder parent, in ChildTarget target, in MarketView market, ref PipelineEvent e)
    {
        var refusal = check.Judge(parent, target, market, e.Verdict);
        if (refusal != ChildRefusal.None)
            return refusal;

        return _router.HasChoice
            ? Route(ref parent, target, market, ref e)
            : Submit(ref parent, target, venue: 0, ref e);
    }

    /// <summary>Whether the child at the venue may become what is wanted, which can be larger or dearer.</summary>
    public bool MayBecome(
        in ParentOrder parent, in Order order, in ChildTarget target, in MarketView market, in RiskVerdict verdict)
    {
        var isMore = target.Quantity > order.LeavesQuantity
            || parent.Sign * (target.LimitPriceE9 - order.LimitPriceE9) > 0;
        return !isMore || check.JudgeChange(parent, target, market, verdict) == ChildRefusal.None;
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

    /// <summary>
    /// A child beside the parent's own was reported on. One that is certain to rest is the parent's own again, or is
    /// cancelled where that has another by now: later, where that was refused just now.
    /// </summary>
    public void FollowAside(ref ParentOrder parent, in Order order, int slot, in ExecutionReport report, long timeNs)
    {
        var leaves = order.IsWorking ? orders.MostLeaves(slot) : 0;
        parent.Aside += leaves - order.AsideQuantity;
        var isOwnAgain = order is { IsWorking: true, IsDoubted: false, IsImmediate: false } && parent.ChildSlot < 0;
        if (isOwnAgain)
        {
            parent.ChildSlot = slot;
            parent.Aside -= leaves;
        }

        // One that has ended counts once, whatever is still told of it; another order may have its slot by now.
        var isAside = order.IsWorking && !isOwnAgain;
        parent.AsideCount -= isAside ? 0 : 1;
        if (orders[slot].OrderId == order.OrderId)
            orders.SetAside(slot, isAside);
        if (isAside && !order.IsDoubted && !order.IsImmediate && !report.IsRefusedRequest)
            sender.TryCancel(slot, timeNs);
    }

    /// <summary>Asks again for the end of what is certain to rest beside the parent's own child.</summary>
    public void CancelAside(in ParentOrder parent, long timeNs)
    {
        for (var slot = orders.FirstWorking(parent.InstrumentIndex); slot >= 0; slot = orders.NextWorking(slot))
        {
            ref readonly var order = ref orders[slot];
            if (order.ParentId == parent.ParentId && order is { IsAside: true, IsDoubted: false, IsImmediate: false })
                sender.TryCancel(slot, timeNs);
        }
    }

    /// <summary>
    /// A child has ended: with several venues, what it was filled says where the rest goes. One that did not reach its
    /// venue, such as one that the gate held back, or found its market closed, halted, in an auction or not quoted, was
    /// not refused by it.
    /// </summary>
    /// <returns>
    /// Whether it was refused without having reached its market, and no other one is to be tried first.
    /// </returns>
    public bool End(ref ParentOrder parent, in Order order, in ExecutionReport report)
    {
        var isUnreached = report is { Kind: ExecutionReportKind.Rejected, IsNoWordAgainst: true };
        if (!order.HasNotArrived)
            parent.Rejections = order.Status == OrderStatus.Rejected ? parent.Rejections + 1 : 0;
        if (parent.Rejections >= Math.Max(MaxRejections, venues.Count))
            parent.EndFor(ParentEndReason.Refused);
        if (!_router.HasChoice)
            return isUnreached;

        venues.NoteEnd(order, report);
        // The gate holds back what goes to any venue: none is better than the one that costs least.
        if (isUnreached && report.IsOfGate)
            return true;

        var isFilledPoorly = order.IsImmediate || order.Status == OrderStatus.Rejected;
        var reaction = isFilledPoorly
            ? FillQuality.ReactionTo(order.CumulativeQuantity, order.Quantity)
            : FillReaction.GoOn;
        if (reaction == FillReaction.GoOn || parent.Status != ParentStatus.Working || parent.Reroutes > venues.Count)
            return isUnreached;

        if (reaction == FillReaction.Reroute)
            parent.TriedVenues |= 1u << order.Venue;
        parent.Reroutes++;
        // An immediate order ends with its child unless it is to be asked anew.
        if (parent.Algorithm == AlgorithmKind.Immediate)
            parent.Slice = 0;
        return false;
    }

    /// <summary>
    /// Sends a child to the venues where it costs least: the first part is the parent's own, and takes the rest where
    /// no more orders may leave.
    /// </summary>
    private ChildRefusal Route(
        ref ParentOrder parent, in ChildTarget target, in MarketView market, ref PipelineEvent e)
    {
        if (!_router.TryRoute(parent, target, market, out var first))
            return check.Refuse(ChildRefusal.Venue);

        var isSplit = target.TimeInForce == TimeInForce.ImmediateOrCancel;
        var own = target;
        for (var i = 0; i < _router.Parts && isSplit; i++)
        {
            var (venue, quantity) = _router.PartAt(i);
            if (venue == first || quantity == 0)
                continue;
            if (!check.TryAddPart(parent, market, e.Verdict))
                break;

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

    private void AddAside(ref ParentOrder parent, int slot)
    {
        orders.SetAside(slot, isAside: true);
        parent.Aside += orders[slot].AsideQuantity;
        parent.AsideCount++;
    }
}
