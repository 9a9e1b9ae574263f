using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Context;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>The stage alone, given what the others would have written: each field of an order, each outcome.</summary>
[TestFixture]
public class RoutingDetailTests
{
    private SilentVenue _venue = null!;
    private StageRig _rig = null!;

    [SetUp]
    public void SetUp()
    {
        _venue = new SilentVenue();
        _rig = new StageRig(instruments: 2, gateway: _venue, orders: 4);
    }

    [Test]
    public void ShouldSendTheWholeOrderWhenItIsApproved()
    {
        var e = Approved(Side.Buy, ExecutionStrategy.Immediate);
        _rig.Routing.OnEvent(ref e);
        var order = _venue.Orders.Single();
        Assert.That((order.OrderId, order.SignalId, order.InstrumentIndex), Is.EqualTo((OrderIds.Of(77, 1), 7ul, 1)));
        Assert.That((order.ParentId, order.Purpose), Is.EqualTo((77ul, OrderPurpose.Entry)));
        Assert.That(
            (order.Side, order.Type, order.Strategy),
            Is.EqualTo((Side.Buy, OrderType.Market, ExecutionStrategy.Immediate)));
        Assert.That(
            (order.TimeInForce, order.Status), Is.EqualTo((TimeInForce.ImmediateOrCancel, OrderStatus.PendingNew)));
        Assert.That((order.Quantity, order.CumulativeQuantity, order.LeavesQuantity), Is.EqualTo((3, 0, 3)));
        Assert.That(
            (order.LimitPriceE9, order.ArrivalPriceE9, order.SubmitTimeNs),
            Is.EqualTo((0L, Price(100), StartNs)));
        Assert.That((order.StopPriceE9, order.TargetPriceE9), Is.EqualTo((Price(96), Price(108))));
        Assert.That(e.Routing.Outcome, Is.EqualTo(RoutingOutcome.OrderSent));
        Assert.That(_rig.Routing.CountOf(RoutingOutcome.OrderSent), Is.EqualTo(1));
        Assert.That((_rig.Routing.OrdersSent, e.Routing.WorkingOrders), Is.EqualTo((1L, 1)));
    }

    // The mark is used where the near side is not quoted. It may lie between two ticks, or below the first.
    [TestCase(Side.Sell, 0.0, 100.25, 100.25)]
    [TestCase(Side.Buy, 99.75, 0.0, 99.75)]
    [TestCase(Side.Sell, 99.75, 0.0, 100)]
    [TestCase(Side.Buy, 0.0, 100.25, 100)]
    public void ShouldTakeTheMarkWhenTheNearSideIsNotQuoted(Side side, double bid, double ask, double expected)
    {
        var e = Approved(side, ExecutionStrategy.Iceberg);
        e.Portfolio.BidPriceE9 = bid > 0 ? Price(bid) : MarketUpdate.NoPrice;
        e.Portfolio.AskPriceE9 = ask > 0 ? Price(ask) : MarketUpdate.NoPrice;
        _rig.Routing.OnEvent(ref e);
        Assert.That(_venue.Orders.Single().LimitPriceE9, Is.EqualTo(Price(expected)));
    }

    [Test]
    public void ShouldAskForATickAtLeastWhenTheMarkIsBelowOne()
    {
        var e = Approved(Side.Buy, ExecutionStrategy.Iceberg);
        e.Portfolio.BidPriceE9 = MarketUpdate.NoPrice;
        e.Portfolio.AskPriceE9 = MarketUpdate.NoPrice;
        e.Portfolio.MarkPriceE9 = Price(0.25) / 10;
        _rig.Routing.OnEvent(ref e);
        Assert.That(_venue.Orders.Single().LimitPriceE9, Is.EqualTo(Price(0.25)));
    }

    // Stop 2 and target 4 ranges away. The range is two points; where none is known, one per cent of the price.
    [TestCase(Side.Buy, 2.0, 2f, 4f, 96, 108)]
    [TestCase(Side.Sell, 2.0, 2f, 4f, 104, 92)]
    [TestCase(Side.Buy, 2.0, 0f, 4f, 0, 108)]
    [TestCase(Side.Buy, 2.0, 2f, 0f, 96, 0)]
    [TestCase(Side.Buy, 2.0, 2f, float.PositiveInfinity, 96, 0)]
    [TestCase(Side.Buy, 60.0, 2f, 1f, 0.25, 160)]
    public void ShouldPlanBothLevelsWhenTheyHaveADistance(
        Side side, double atr, float stop, float target, double stopPrice, double targetPrice)
    {
        var e = Approved(side, ExecutionStrategy.Immediate);
        e.Portfolio.AtrE9 = (long)(atr * E9);
        e.Decision.StopLossAtr = stop;
        e.Decision.TakeProfitAtr = target;
        _rig.Routing.OnEvent(ref e);
        var order = _venue.Orders.Single();
        Assert.That((order.StopPriceE9, order.TargetPriceE9), Is.EqualTo((Price(stopPrice), Price(targetPrice))));
        Assert.That(
            (e.Routing.Order.StopPriceE9, e.Routing.Order.TargetPriceE9),
            Is.EqualTo((Price(stopPrice), Price(targetPrice))));
    }

    [TestCase(TradeAction.Hold, Side.Buy, 3, 3, RoutingOutcome.Hold)]
    [TestCase(TradeAction.Long, Side.None, 3, 3, RoutingOutcome.ZeroSize)]
    [TestCase(TradeAction.Long, Side.Buy, 0, 3, RoutingOutcome.ZeroSize)]
    [TestCase(TradeAction.Long, Side.Buy, -1, 3, RoutingOutcome.ZeroSize)]
    [TestCase(TradeAction.Long, Side.Buy, 3, 0, RoutingOutcome.RiskRefused)]
    [TestCase(TradeAction.Long, Side.Buy, 3, -1, RoutingOutcome.RiskRefused)]
    [TestCase(TradeAction.Long, Side.Buy, 1, 1, RoutingOutcome.OrderSent)]
    [TestCase(TradeAction.Short, Side.Buy, 3, 3, RoutingOutcome.OrderSent)]
    public void ShouldSayHowItEndedWhenThereIsADecision(
        TradeAction action, Side side, int decided, int approved, RoutingOutcome expected)
    {
        var e = Approved(side, ExecutionStrategy.Immediate);
        e.Payload.TradeQualified.Action = action;
        e.Decision.Quantity = decided;
        e.Verdict.ApprovedQuantity = approved;
        _rig.Routing.OnEvent(ref e);
        Assert.That(e.Routing.Outcome, Is.EqualTo(expected));
        Assert.That(_rig.Routing.CountOf(expected), Is.EqualTo(1));
        Assert.That(_venue.Orders, Has.Count.EqualTo(expected == RoutingOutcome.OrderSent ? 1 : 0));
        Assert.That((e.Routing.Order.SignalId, e.Routing.Order.Side), Is.EqualTo((7ul, side)));
        Assert.That(e.Routing.Order.ArrivalPriceE9, Is.EqualTo(Price(100)));
    }

    [TestCase(DecisionLateness.None, DecisionSource.None, RoutingOutcome.OrderSent)]
    [TestCase(DecisionLateness.AgedEvent, DecisionSource.None, RoutingOutcome.Late)]
    [TestCase(DecisionLateness.AgedEvent, DecisionSource.RuleBased, RoutingOutcome.OrderSent)]
    public void ShouldCallADecisionLateOnlyWhenNobodyDecided(
        DecisionLateness lateness, DecisionSource source, RoutingOutcome expected)
    {
        var e = Approved(Side.Buy, ExecutionStrategy.Immediate);
        e.Decision.Lateness = lateness;
        e.Decision.Source = source;
        _rig.Routing.OnEvent(ref e);
        Assert.That(e.Routing.Outcome, Is.EqualTo(expected));
    }

    [Test]
    public void ShouldLeaveNothingOpenWhenThereIsNoRoomForAnOrder()
    {
        for (var i = 0; i < 4; i++)
        {
            var taken = Approved(Side.Buy, ExecutionStrategy.Immediate, orderId: (ulong)i + 1);
            _rig.Routing.OnEvent(ref taken);
        }

        var e = Approved(Side.Sell, ExecutionStrategy.Immediate);
        _rig.Routing.OnEvent(ref e);
        Assert.That(
            (e.Routing.Outcome, e.Routing.Order.Status, e.Routing.Order.RejectReason),
            Is.EqualTo((RoutingOutcome.NoCapacity, OrderStatus.Rejected, VenueRejectReason.TooManyOrders)));
        Assert.That(
            (e.Routing.Order.Quantity, e.Routing.Order.LeavesQuantity, e.Routing.WorkingOrders),
            Is.EqualTo((3, 0, 4)));
        Assert.That((_rig.Routing.OrdersSent, _venue.Orders.Count), Is.EqualTo((4L, 4)));

        Assert.That(_rig.TryDrainOne(out var answer), Is.True);
        var report = answer.Payload.ExecutionReport;
        Assert.That((report.OrderId, report.Kind), Is.EqualTo((OrderIds.Of(77, 0), ExecutionReportKind.Rejected)));
        Assert.That(report.IsOfParent, Is.True);
        Assert.That((report.Side, report.InstrumentIndex, report.ReleasedQuantity), Is.EqualTo((Side.Sell, 1, 3)));
        Assert.That(
            (report.RejectReason, report.VenueTimeNs, report.LeavesQuantity),
            Is.EqualTo((VenueRejectReason.TooManyOrders, StartNs, 0)));
        Assert.That(_rig.Routing.Rejected, Is.EqualTo(1));
    }

    [TestCase(ExecutionReportKind.New, 4, OrderStatus.New)]
    [TestCase(ExecutionReportKind.Trade, 4, OrderStatus.PartiallyFilled)]
    [TestCase(ExecutionReportKind.Trade, 0, OrderStatus.Filled)]
    [TestCase(ExecutionReportKind.Cancelled, 0, OrderStatus.Cancelled)]
    [TestCase(ExecutionReportKind.Rejected, 0, OrderStatus.Rejected)]
    [TestCase(ExecutionReportKind.Expired, 0, OrderStatus.Expired)]
    [TestCase(ExecutionReportKind.CancelRejected, 4, OrderStatus.None)]
    public void ShouldTellTheVenuesWordWhenTheOrderIsNotKnown(
        ExecutionReportKind kind, int leaves, OrderStatus expected)
    {
        var isTrade = kind == ExecutionReportKind.Trade;
        var e = _rig.Report(new ExecutionReport
        {
            OrderId = 55,
            ExecutionId = 5,
            Kind = kind,
            Side = Side.Sell,
            InstrumentIndex = 1,
            LastQuantity = isTrade ? 2 : 0,
            CumulativeQuantity = 2,
            LeavesQuantity = leaves,
            LastPriceE9 = isTrade ? Price(100) : 0,
        });
        ref readonly var order = ref e.Routing.Order;
        Assert.That((order.OrderId, order.Side, order.Status), Is.EqualTo((55ul, Side.Sell, expected)));
        Assert.That((e.Routing.Order.CumulativeQuantity, e.Routing.Order.LeavesQuantity), Is.EqualTo((2, leaves)));
        Assert.That(e.Routing.Order.PreviousStatus, Is.EqualTo(OrderStatus.None));
    }

    [Test]
    public void ShouldCountAnExecutionOnceWhenItIsReportedTwice()
    {
        var sent = Approved(Side.Buy, ExecutionStrategy.Immediate);
        _rig.Routing.OnEvent(ref sent);
        var trade = new ExecutionReport
        {
            OrderId = sent.Routing.Order.OrderId,
            ExecutionId = 1,
            Kind = ExecutionReportKind.Trade,
            Side = Side.Buy,
            InstrumentIndex = 1,
            LastQuantity = 2,
            CumulativeQuantity = 2,
            LeavesQuantity = 1,
            LastPriceE9 = Price(100),
        };
        for (var i = 0; i < 2; i++)
        {
            var e = _rig.Report(trade);
            Assert.That(
                (e.Routing.Order.CumulativeQuantity, e.Routing.Order.AveragePriceE9), Is.EqualTo((2, Price(100))));
            Assert.That((_rig.Routing.Fills, _rig.Routing.FilledQuantity), Is.EqualTo((1L, 2L)));
        }

        Assert.That(_rig.Routing.Rejected, Is.Zero);
    }

    [TestCase(0.0)]
    [TestCase(1.0)]
    [TestCase(-0.01)]
    [TestCase(double.NaN)]
    public void ShouldSayWhatToSetWhenTheAtrFractionIsOutOfRange(double fraction) => Assert.That(
        new ContextOptions { DefaultAtrFraction = fraction }.Validate,
        Throws.ArgumentException.With.Message.EqualTo(
            "context: set default_atr_fraction to a fraction in (0, 1), such as 0.01."));

    /// <summary>A buy or sale of 3 that all stages before have approved, at 100 with a range of two points.</summary>
    private PipelineEvent Approved(Side side, ExecutionStrategy strategy, ulong orderId = 77)
    {
        var e = _rig.NewEvent(EventKind.TradeQualified, 1);
        e.Payload.TradeQualified.SignalId = 7;
        e.Payload.TradeQualified.Action = TradeAction.Long;
        e.Portfolio.BidPriceE9 = Price(99.75);
        e.Portfolio.AskPriceE9 = Price(100.25);
        e.Portfolio.MarkPriceE9 = Price(100);
        e.Portfolio.AtrE9 = 2 * E9;
        e.Decision = new Decision
        {
            Side = side,
            Quantity = 3,
            Strategy = strategy,
            StopLossAtr = 2,
            TakeProfitAtr = 4,
        };
        e.Verdict = new RiskVerdict { ApprovedQuantity = 3, ParentId = orderId };
        return e;
    }
}
