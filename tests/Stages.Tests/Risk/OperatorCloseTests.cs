using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>The operator's commands through all stages.</summary>
[TestFixture]
public class OperatorCloseTests
{
    [TestCase(Side.Buy)]
    [TestCase(Side.Sell)]
    public void ShouldCloseAtOnceWhenNothingIsPending(Side side)
    {
        var rig = Held(side);
        rig.Command(CommandKind.Kill);
        var e = rig.Command(CommandKind.CloseAll);
        Assert.That(e.Routing.Outcome, Is.EqualTo(RoutingOutcome.OrderSent));
        Assert.That((e.Routing.Order.SignalId, e.Routing.Order.Purpose), Is.EqualTo((1ul, OrderPurpose.Close)));
        Assert.That(e.Routing.Order.Quantity, Is.EqualTo(4));
        Assert.That(e.Verdict.Reducing, Is.EqualTo(1));
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.Zero);
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    [Test]
    public void ShouldCloseWhatIsStillExecutedWhenOrdersAreInFlight()
    {
        var rig = Held(Side.Buy);
        rig.Signal(Side.Buy, 3);
        var e = rig.Command(CommandKind.CloseAll);
        Assert.That((e.Routing.Outcome, e.Routing.Order.Quantity), Is.EqualTo((RoutingOutcome.OrderSent, 4)));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.Closing));
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.Zero);
        Assert.That(rig.Routing.OrdersSent, Is.EqualTo(4), "what was executed on the way is closed, too");
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "the close is over");
    }

    [Test]
    public void ShouldCloseOnceWhenTheCommandIsRepeated()
    {
        var rig = Held(Side.Buy);
        rig.Command(CommandKind.CloseAll);
        Assert.That(rig.Command(CommandKind.CloseAll).Routing.Outcome, Is.EqualTo(RoutingOutcome.None));
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Routing.OrdersSent), Is.EqualTo((0, 2L)));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "the close is over");
    }

    [Test]
    public void ShouldCancelWhatRestsWhenEverythingIsClosed()
    {
        var rig = Held(Side.Buy);
        Rest(rig);
        Assert.That(rig.Command(CommandKind.CloseAll).Routing.Outcome, Is.EqualTo(RoutingOutcome.OrderSent));
        rig.Drain();
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
        Assert.That(rig.Portfolio.Position(0), Is.Zero);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(1));
    }

    [TestCase(CommandKind.CancelAll)]
    [TestCase(CommandKind.Kill)]
    public void ShouldCancelWhatRestsWhenCommanded(CommandKind kind)
    {
        var rig = Held(Side.Buy);
        Rest(rig);
        Assert.That(rig.Command(kind).Routing.Outcome, Is.EqualTo(RoutingOutcome.CancelSent));
        rig.Drain();
        Assert.That(rig.Drained[^1].Routing.Order.Status, Is.EqualTo(OrderStatus.Cancelled));
        Assert.That(rig.Drained[^1].Routing.Order.PreviousStatus, Is.EqualTo(OrderStatus.PendingCancel));
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(4), "the position stays");
    }

    [Test]
    public void ShouldDoNothingWhenThereIsNothingToDo()
    {
        var rig = new StageRig(garbage: 0xA5);
        Assert.That(rig.Command(CommandKind.CancelAll).Routing.Outcome, Is.EqualTo(RoutingOutcome.NothingToDo));
        Assert.That(rig.Command(CommandKind.CloseAll).Routing.Outcome, Is.EqualTo(RoutingOutcome.NothingToDo));
        Assert.That(rig.Command(CommandKind.Kill).Routing.Outcome, Is.EqualTo(RoutingOutcome.None));
        Assert.That(rig.Command(CommandKind.Resume).Routing.Outcome, Is.EqualTo(RoutingOutcome.None));
        Assert.That(rig.Routing.OrdersSent, Is.Zero);
        Assert.That(rig.WaitingReports, Is.Zero);
    }

    private static StageRig Held(Side side)
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        rig.Signal(side, 4);
        rig.Drain();
        return rig;
    }

    /// <summary>A resting order, as later strategies will have them, put to store and venue by hand.</summary>
    private static void Rest(StageRig rig)
    {
        var order = new Order
        {
            OrderId = 1_000_000 + (ulong)rig.Routing.Orders.WorkingOrders,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.GoodTillCancel,
            Quantity = 2,
            LimitPriceE9 = Price(90),
        };
        Assert.That(rig.Routing.Orders.TryAdd(order, out var slot), Is.True);
        rig.Gateway.Submit(rig.Routing.Orders[slot], rig.TimeNs);
        rig.Drain();
    }
}
