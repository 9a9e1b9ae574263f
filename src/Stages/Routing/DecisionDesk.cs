using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>Makes approved decisions parent orders, which the desk of parents then works.</summary>
internal sealed class DecisionDesk(
    InstrumentTable instruments,
    ParentStore parents,
    AlgorithmSet algorithms,
    ParentDesk desk,
    RoutingOutputs outputs,
    MarketView[] markets)
{
    /// <summary>Opens a parent for an approved decision, and says what became of it.</summary>
    public RoutingOutcome OnDecision(ref PipelineEvent e)
    {
        e.Routing = default;
        ref var order = ref e.Routing.Order;
        order.SignalId = e.Payload.TradeQualified.SignalId;
        order.InstrumentIndex = e.Header.InstrumentIndex;
        if (e.Signal.IsRepeated)
            return RoutingOutcome.Repeated;

        order.Side = e.Decision.Side;
        order.Strategy = e.Decision.Strategy;
        order.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        if (e.Payload.TradeQualified.Action == TradeAction.Hold)
            return RoutingOutcome.Hold;
        if (e.Decision.Lateness != DecisionLateness.None && e.Decision.Source == DecisionSource.None)
            return RoutingOutcome.Late;
        if (e.Decision.Quantity <= 0 || e.Decision.Side == Side.None)
            return RoutingOutcome.ZeroSize;
        if (e.Verdict.ApprovedQuantity <= 0)
            return RoutingOutcome.RiskRefused;

        return Open(ref e);
    }

    private RoutingOutcome Open(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        var place = parents.Add(e.Verdict.ParentId, instrument, ToCloseOf(e));
        if (place == ParentStore.None)
            return Refuse(ref e);

        ref var market = ref markets[instrument];
        market.See(e.Portfolio);
        market.Regime = e.Verdict.Regime;
        market.VolatilityRegime = e.Verdict.Volatility;
        ref var parent = ref parents[place];
        WriteParent(ref parent, e);
        parent.IsReducing = e.Verdict.Reducing != 0;
        outputs.ExpectOwnOrder();
        var refusal = desk.Begin(place, ref e);
        var isSent = outputs.TakeOwnOrder();
        if (isSent)
            return RoutingOutcome.OrderSent;

        e.Routing.Order.StopPriceE9 = parent.StopPriceE9;
        e.Routing.Order.TargetPriceE9 = parent.TargetPriceE9;
        e.Routing.Order.Quantity = parent.Quantity;
        if (parent.Status != ParentStatus.Ended)
            return RoutingOutcome.Scheduled;

        e.Routing.Order.Status = OrderStatus.Rejected;
        if (refusal != ChildRefusal.Capacity)
            return RoutingOutcome.NothingToDo;

        return NoCapacity(ref e);
    }

    /// <summary>What does not open anything once all that is pending on its side is executed.</summary>
    private static int ToCloseOf(in PipelineEvent e)
    {
        var sign = e.Decision.Side == Side.Buy ? 1L : -1L;
        var approved = e.Verdict.ApprovedQuantity;
        // Where the order was cut, the verdict tells where the decision would have led.
        var leadsTo = sign * e.Verdict.ProjectedPosition - (e.Decision.Quantity - approved);
        return approved - (int)Math.Clamp(leadsTo, 0, approved);
    }

    private void WriteParent(ref ParentOrder parent, in PipelineEvent e)
    {
        var instrument = instruments[e.Header.InstrumentIndex];
        parent.SignalId = e.Payload.TradeQualified.SignalId;
        parent.Side = e.Decision.Side;
        parent.Strategy = e.Decision.Strategy;
        parent.Quantity = e.Verdict.ApprovedQuantity;
        parent.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        parent.LimitPriceE9 = algorithms.LimitPriceE9(
            parent.Strategy, parent.Side, parent.ArrivalPriceE9, instrument);
        parent.StartNs = e.Header.TimeNs;
        parent.Urgency = (float)e.Payload.TradeQualified.Urgency;
        parent.MarketVolumeAtStart = markets[e.Header.InstrumentIndex].TradedVolume;
        parent.StopPriceE9 = BracketLevels.StopE9(instrument, e.Portfolio, e.Decision);
        parent.TargetPriceE9 = BracketLevels.TargetE9(instrument, e.Portfolio, e.Decision);
    }

    /// <summary>There is no place for the parent: what risk has reserved is given back by a report.</summary>
    public RoutingOutcome Refuse(ref PipelineEvent e)
    {
        ParentOrder refused = default;
        refused.ParentId = e.Verdict.ParentId;
        refused.InstrumentIndex = e.Header.InstrumentIndex;
        WriteParent(ref refused, e);
        outputs.Report(refused, ExecutionReportKind.Rejected, e.Header.TimeNs);
        e.Routing.Order.Quantity = refused.Quantity;
        return NoCapacity(ref e);
    }

    private static RoutingOutcome NoCapacity(ref PipelineEvent e)
    {
        e.Routing.Order.OrderId = OrderIds.Of(e.Verdict.ParentId, 0);
        e.Routing.Order.Status = OrderStatus.Rejected;
        e.Routing.Order.RejectReason = VenueRejectReason.TooManyOrders;
        return RoutingOutcome.NoCapacity;
    }
}
