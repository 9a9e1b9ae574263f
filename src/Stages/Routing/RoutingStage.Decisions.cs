using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// A decision becomes an order: IMMEDIATE at the market, the other strategies at the far touch, all immediate or
/// cancel. Stop and target are planned at ATR multiples from the price of the decision.
/// </summary>
public sealed partial class RoutingStage
{
    private RoutingOutcome OnDecision(ref PipelineEvent e)
    {
        e.Routing.SignalId = e.Payload.TradeQualified.SignalId;
        e.Routing.Side = e.Decision.Side;
        e.Routing.Strategy = e.Decision.Strategy;
        e.Routing.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        if (e.Payload.TradeQualified.Action == TradeAction.Hold)
            return RoutingOutcome.Hold;
        if (e.Decision.Lateness != DecisionLateness.None && e.Decision.Source == DecisionSource.None)
            return RoutingOutcome.Late;
        if (e.Decision.Quantity <= 0 || e.Decision.Side == Side.None)
            return RoutingOutcome.ZeroSize;
        if (e.Verdict.ApprovedQuantity <= 0)
            return RoutingOutcome.RiskRefused;

        CreateOrder(ref e, out var order);
        return Send(ref e, ref order);
    }

    private void CreateOrder(ref PipelineEvent e, out Order order)
    {
        var instrument = _instruments[e.Header.InstrumentIndex];
        var isMarket = e.Decision.Strategy == ExecutionStrategy.Immediate;
        order = default;
        order.OrderId = e.Verdict.OrderId;
        order.SignalId = e.Payload.TradeQualified.SignalId;
        order.InstrumentIndex = e.Header.InstrumentIndex;
        order.Side = e.Decision.Side;
        order.Type = isMarket ? OrderType.Market : OrderType.Limit;
        order.TimeInForce = TimeInForce.ImmediateOrCancel;
        order.Strategy = e.Decision.Strategy;
        order.Quantity = e.Verdict.ApprovedQuantity;
        order.LimitPriceE9 = isMarket ? 0 : FarTouchE9(instrument, e.Portfolio, order.Side);
        order.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        order.SubmitTimeNs = e.Header.TimeNs;

        order.StopPriceE9 = BracketLevels.StopE9(instrument, e.Portfolio, e.Decision);
        order.TargetPriceE9 = BracketLevels.TargetE9(instrument, e.Portfolio, e.Decision);
    }

    /// <summary>The price that trades at once; the decision's own price while the far side is not quoted.</summary>
    private static long FarTouchE9(Instrument instrument, in PortfolioSnapshot market, Side side)
    {
        var farE9 = side == Side.Buy ? market.AskPriceE9 : market.BidPriceE9;
        var priceE9 = farE9 == MarketUpdate.NoPrice ? market.MarkPriceE9 : farE9;
        return Math.Max(instrument.TickSizeE9, instrument.RoundToTickE9(priceE9));
    }
}
