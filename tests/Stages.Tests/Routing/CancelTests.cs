using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>Which orders a command cancels, how often, and what it says of it.</summary>
[TestFixture]
public class CancelTests
{
    [Test]
    public void ShouldCancelOnceWhatRestsWhenTheCommandIsRepeated()
    {
        var rig = new StageRig(instruments: 2, gateway: new SilentVenue());
        Keep(rig, 1, TimeInForce.GoodTillCancel);
        Keep(rig, 2, TimeInForce.Day);
        Keep(rig, 3, TimeInForce.ImmediateOrCancel);
        Keep(rig, 4, TimeInForce.FillOrKill);
        Keep(rig, 5, TimeInForce.GoodTillCancel, instrument: 1);

        var first = rig.Command(CommandKind.CancelAll);
        Assert.That((first.Routing.Outcome, rig.Routing.CancelsSent), Is.EqualTo((RoutingOutcome.CancelSent, 2L)));
        Assert.That(first.Routing.WorkingOrders, Is.EqualTo(5));
        Assert.That(
            Enumerable.Range(1, 5).Select(id => StatusOf(rig, (ulong)id)),
            Is.EqualTo(new[]
            {
                OrderStatus.PendingCancel, OrderStatus.PendingCancel, OrderStatus.PendingNew, OrderStatus.PendingNew,
                OrderStatus.PendingNew,
            }));

        var second = rig.Command(CommandKind.CancelAll);
        Assert.That((second.Routing.Outcome, rig.Routing.CancelsSent), Is.EqualTo((RoutingOutcome.NothingToDo, 2L)));
        rig.Command(CommandKind.CancelAll, instrument: 1);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(3));
    }

    [Test]
    public void ShouldTellTheCancelsOfEachCommandAloneWhenSeveralWereSent()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(5_000, 5_000.25);
        Keep(rig, 1, TimeInForce.GoodTillCancel);
        Keep(rig, 2, TimeInForce.Day);
        Assert.That(rig.Command(CommandKind.CancelAll).Routing.CancelsSent, Is.EqualTo(2));
        Keep(rig, 3, TimeInForce.GoodTillCancel);
        Assert.That(rig.Command(CommandKind.Kill).Routing.CancelsSent, Is.EqualTo(1), "the other two are asked for");
        Assert.That(rig.Command(CommandKind.CancelAll).Routing.CancelsSent, Is.Zero);
        Assert.That(rig.Signal(Side.Buy, 1).Routing.CancelsSent, Is.Zero, "a signal is no command");
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(3));
    }

    [TestCase(CommandKind.Resume, RoutingOutcome.None)]
    [TestCase(CommandKind.Kill, RoutingOutcome.None)]
    [TestCase(CommandKind.CancelAll, RoutingOutcome.NothingToDo)]
    [TestCase(CommandKind.CloseAll, RoutingOutcome.NothingToDo)]
    public void ShouldLeaveImmediateOrdersWhenTheyAreOnTheirWay(CommandKind kind, RoutingOutcome expected)
    {
        var rig = new StageRig(gateway: new SilentVenue());
        Keep(rig, 1, TimeInForce.ImmediateOrCancel);
        Assert.That(rig.Command(kind).Routing.Outcome, Is.EqualTo(expected));
        Assert.That(rig.Routing.CountOf(expected), Is.EqualTo(1));
        Assert.That((rig.Routing.CancelsSent, StatusOf(rig, 1)), Is.EqualTo((0L, OrderStatus.PendingNew)));
    }

    [Test]
    public void ShouldCancelNothingWhenTheKillSwitchIsReleased()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Command(CommandKind.Kill);
        Keep(rig, 1, TimeInForce.GoodTillCancel);
        rig.Command(CommandKind.Resume);
        Assert.That((rig.Routing.CancelsSent, StatusOf(rig, 1)), Is.EqualTo((0L, OrderStatus.PendingNew)));
    }

    /// <summary>A venue that cannot be reached refuses at once: asking again at once would never end.</summary>
    [Test]
    public void ShouldAskAgainLaterWhenTheVenueRefusesToCancelAtOnce()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(5_000, 5_000.25);
        var order = rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min).Routing.Order;
        Answer(rig, order, ExecutionReportKind.New);
        rig.Command(CommandKind.CancelAll);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(1));
        Answer(rig, order, ExecutionReportKind.CancelRejected);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(1), "not at once");
        rig.AdvanceTo(rig.TimeNs + E9);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(2));
        Answer(rig, order, ExecutionReportKind.Cancelled);
        Assert.That((rig.Routing.WorkingParents, rig.Risk.PendingQuantity(0)), Is.EqualTo((0, 0)));
    }

    private static void Answer(StageRig rig, in OrderState order, ExecutionReportKind kind) =>
        rig.Report(new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = kind,
            Side = order.Side,
            OrderQuantity = order.Quantity,
        });

    private static void Keep(StageRig rig, ulong id, TimeInForce timeInForce, int instrument = 0)
    {
        var order = new Order
        {
            OrderId = id,
            InstrumentIndex = instrument,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = timeInForce,
            Quantity = 2,
            LimitPriceE9 = Price(90),
        };
        Assert.That(rig.Routing.Orders.TryAdd(order, out _), Is.True);
    }

    private static OrderStatus StatusOf(StageRig rig, ulong id)
    {
        Assert.That(rig.Routing.Orders.TryFind(id, out var slot), Is.True);
        return rig.Routing.Orders[slot].Status;
    }
}
