using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

[TestFixture]
public class RoutingStageTests
{
    [Test]
    public void ShouldSendAMarketOrderWhenTheStrategyIsImmediate()
    {
        var rig = new StageRig(garbage: 0xA5);
        rig.Market(4_999.75, 5_000.25);
        var e = rig.Signal(Side.Buy, 3);
        Assert.That(e.Routing.Outcome, Is.EqualTo(RoutingOutcome.OrderSent));
        Assert.That(e.Routing.Order.OrderId, Is.EqualTo(OrderIds.Of(e.Verdict.ParentId, 1)));
        Assert.That(e.Routing.Order.SignalId, Is.EqualTo(1));
        Assert.That((e.Routing.Order.Status, e.Routing.Order.PreviousStatus),
            Is.EqualTo((OrderStatus.PendingNew, OrderStatus.None)));
        Assert.That((e.Routing.Order.Type, e.Routing.Order.TimeInForce, e.Routing.Order.Side),
            Is.EqualTo((OrderType.Market, TimeInForce.ImmediateOrCancel, Side.Buy)));
        Assert.That((e.Routing.Order.Quantity, e.Routing.Order.CumulativeQuantity, e.Routing.Order.LeavesQuantity),
            Is.EqualTo((3, 0, 3)));
        Assert.That((e.Routing.Order.LimitPriceE9, e.Routing.Order.AveragePriceE9), Is.EqualTo((0L, 0L)));
        Assert.That(e.Routing.WorkingOrders, Is.EqualTo(1));
        Assert.That(e.Routing.Order.ArrivalPriceE9, Is.EqualTo(Price(5_000)));

        rig.Drain();
        Assert.That(
            rig.Drained.Select(static d => (d.Routing.Order.PreviousStatus, d.Routing.Order.Status)),
            Is.EqualTo(new[]
            {
                (OrderStatus.PendingNew, OrderStatus.New),
                (OrderStatus.New, OrderStatus.Filled),
            }));
        var filled = rig.Drained[^1].Routing;
        Assert.That(filled.Order.AveragePriceE9, Is.EqualTo(Price(5_000.25)));
        Assert.That(
            (filled.Order.SignalId, filled.WorkingOrders, filled.Order.LeavesQuantity), Is.EqualTo((1UL, 0, 0)));
        Assert.That((rig.Routing.OrdersSent, rig.Routing.Fills, rig.Routing.FilledQuantity), Is.EqualTo((1L, 1L, 3L)));
    }

    [TestCase(Side.Buy, 4_999.75)]
    [TestCase(Side.Sell, 5_000.25)]
    public void ShouldRestAtTheNearTouchWhenTheStrategyIsPatient(Side side, double expected)
    {
        var rig = new StageRig();
        rig.Market(4_999.75, 5_000.25);
        var e = rig.Signal(side, 2, strategy: ExecutionStrategy.Iceberg);
        Assert.That(
            (e.Routing.Order.Type, e.Routing.Order.TimeInForce), Is.EqualTo((OrderType.Limit, TimeInForce.Day)));
        Assert.That(e.Routing.Order.LimitPriceE9, Is.EqualTo(Price(expected)));
        Assert.That(e.Routing.Order.Strategy, Is.EqualTo(ExecutionStrategy.Iceberg));
        rig.Drain();
        Assert.That(rig.Drained[^1].Routing.Order.Status, Is.EqualTo(OrderStatus.New));
    }

    // Stop 1.5 and target 3 ranges away; without a range, 1 % of 5,000 is 50 points.
    [TestCase(Side.Buy, 10.1, 4_984.75, 5_030.25)]
    [TestCase(Side.Sell, 10.1, 5_015.25, 4_969.75)]
    [TestCase(Side.Buy, 0, 4_925, 5_150)]
    [TestCase(Side.Sell, double.NaN, 5_075, 4_850)]
    [TestCase(Side.Buy, 1e12, 0.25, 200_000)]
    public void ShouldPlanStopAndTargetWhenAnOrderIsSent(Side side, double atr, double stop, double target)
    {
        var rig = new StageRig();
        rig.Market(4_999.75, 5_000.25);
        var signal = rig.NewSignal();
        signal.Payload.TradeQualified.Atr = atr;
        var decision = new Decision { Side = side, Quantity = 1, StopLossAtr = 1.5f, TakeProfitAtr = 3f };
        var e = rig.Run(ref signal, decision);
        Assert.That(e.Routing.Order.StopPriceE9, Is.EqualTo(Price(stop)));
        Assert.That(e.Routing.Order.TargetPriceE9, Is.EqualTo(Price(target)));
    }

    [Test]
    public void ShouldPlanNoLevelsWhenTheDecisionHasNone()
    {
        var rig = new StageRig();
        rig.Market(4_999.75, 5_000.25);
        var signal = rig.NewSignal();
        var decision = new Decision { Side = Side.Buy, Quantity = 1, StopLossAtr = float.NaN };
        var e = rig.Run(ref signal, decision);
        Assert.That((e.Routing.Order.StopPriceE9, e.Routing.Order.TargetPriceE9), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void ShouldSayWhyWhenNoOrderIsSent()
    {
        var rig = new StageRig(garbage: 0xA5);
        rig.Market(100, 100.25);
        Assert.That(rig.Signal(Side.None, 0).Routing.Outcome, Is.EqualTo(RoutingOutcome.Hold));
        Assert.That(rig.Signal(Side.Buy, 0).Routing.Outcome, Is.EqualTo(RoutingOutcome.ZeroSize));
        var late = rig.NewSignal();
        var decision = new Decision { Lateness = DecisionLateness.AgedEvent };
        Assert.That(rig.Run(ref late, decision).Routing.Outcome, Is.EqualTo(RoutingOutcome.Late));
        var refused = rig.Signal(Side.Buy, 101).Routing;
        Assert.That(refused.Outcome, Is.EqualTo(RoutingOutcome.RiskRefused));
        Assert.That((refused.Order.OrderId, refused.Order.SignalId, refused.Order.Quantity), Is.EqualTo((0UL, 4UL, 0)));
        Assert.That(rig.Routing.CountOf(RoutingOutcome.Late), Is.EqualTo(1));
        Assert.That(rig.Routing.CountOf(RoutingOutcome.Hold), Is.EqualTo(1));
        Assert.That(rig.Routing.CountOf(RoutingOutcome.ZeroSize), Is.EqualTo(1));
        Assert.That(rig.Routing.CountOf(RoutingOutcome.RiskRefused), Is.EqualTo(1));
    }

    [Test]
    public void ShouldRejectByItselfWhenTheStoreIsFull()
    {
        var rig = new StageRig(orders: 2, gateway: new SilentVenue());
        rig.Market(100, 100.25);
        rig.Signal(Side.Buy, 1);
        rig.Signal(Side.Buy, 1);
        AssertRejectedByItself(rig, working: 2);
    }

    [Test]
    public void ShouldReportTheVenuesWordWhenTheOrderIsUnknown()
    {
        var rig = new StageRig(garbage: 0xA5);
        var e = rig.Report(new ExecutionReport
        {
            OrderId = 77,
            ExecutionId = 5,
            Kind = ExecutionReportKind.Trade,
            Side = Side.Sell,
            LastQuantity = 2,
            CumulativeQuantity = 2,
            LastPriceE9 = Price(100),
        });
        Assert.That((e.Routing.Order.OrderId, e.Routing.Order.Status), Is.EqualTo((77UL, OrderStatus.Filled)));
        Assert.That(e.Portfolio.Position, Is.EqualTo(-2), "what the venue executed is held, whoever asked for it");
        Assert.That(rig.Routing.Orders.UnknownReports, Is.EqualTo(1));
    }

    private static void AssertRejectedByItself(StageRig rig, int working)
    {
        var pending = rig.Risk.PendingQuantity(0);
        var e = rig.Signal(Side.Buy, 3);
        Assert.That(e.Routing.Outcome, Is.EqualTo(RoutingOutcome.NoCapacity));
        Assert.That((e.Routing.Order.Status, e.Routing.Order.RejectReason),
            Is.EqualTo((OrderStatus.Rejected, VenueRejectReason.TooManyOrders)));
        Assert.That(e.Routing.Order.OrderId, Is.Not.Zero);
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(pending + 3));
        rig.Drain();
        var answer = rig.Drained[^1];
        Assert.That(answer.Routing.Order.OrderId, Is.EqualTo(e.Routing.Order.OrderId));
        Assert.That(answer.Routing.Order.Status, Is.EqualTo(OrderStatus.Rejected));
        Assert.That(answer.Routing.WorkingOrders, Is.EqualTo(working));
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(pending), "risk has let it go");
    }
}
