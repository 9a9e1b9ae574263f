using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>When ingress has nothing more to wait for, once its input has been closed.</summary>
[TestFixture]
public sealed class IngressEndTests
{
    [TestCase(OrdersAtEnd.Cancel)]
    [TestCase(OrdersAtEnd.Leave)]
    public void ShouldTakeNothingNewWhenTheInputIsClosed(OrdersAtEnd orders)
    {
        using var rig = new EdgeRig();
        rig.Host.Ingress.CloseInput(orders);
        rig.Signal(1);
        rig.Quote();
        rig.Turn();
        Assert.That((rig.Host.Ingress.SignalsAdmitted, rig.Host.Ingress.MarketUpdatesAdmitted), Is.EqualTo((0L, 0L)));
        Assert.That((rig.Signals.Waiting, rig.Market.Waiting), Is.EqualTo((1, 1)));
    }

    [Test]
    public void ShouldWaitForEveryOrdersEndWhenTheyAreCancelled()
    {
        var venue = new SilentVenue();
        using var rig = WithOrder(venue);
        rig.Host.Ingress.CloseInput(OrdersAtEnd.Cancel);
        rig.TimeNs += 10 * IngressAgent.QuietNs;
        Turn(rig, 5);
        Assert.That(rig.Host.Chain.Routing.CountOf(RoutingOutcome.NothingToDo), Is.EqualTo(2), "asked once each");
        Assert.That(rig.Host.Ingress.IsQuiet, Is.False, "one order is without an answer");

        rig.Report(venue.Orders.Single());
        Turn(rig, 1);
        Assert.That(rig.Host.Ingress.IsQuiet, Is.False, "something has just come in");
        Turn(rig, 2);

        Assert.That(rig.Host.Ingress.IsQuiet, Is.True);
    }

    [Test]
    public void ShouldWaitForLateAnswersWhenOrdersAreLeft()
    {
        var venue = new SilentVenue();
        using var rig = WithOrder(venue);
        rig.Host.Ingress.CloseInput(OrdersAtEnd.Leave);
        Turn(rig, 3);
        rig.TimeNs += IngressAgent.QuietNs - 1;
        Turn(rig, 1);
        Assert.That(rig.Host.Ingress.IsQuiet, Is.False);
        rig.Report(9_999);
        Turn(rig, 1);
        rig.TimeNs += IngressAgent.QuietNs - 1;
        Turn(rig, 1);
        Assert.That(rig.Host.Ingress.IsQuiet, Is.False, "a report begins the time anew");
        rig.TimeNs++;
        Turn(rig, 1);

        Assert.That(rig.Host.Ingress.IsQuiet, Is.True);
        Assert.That(rig.Host.Chain.Routing.Orders.WorkingOrders, Is.EqualTo(1), "it is left");
        Assert.That(rig.Host.Chain.Routing.CountOf(RoutingOutcome.NothingToDo), Is.Zero, "no command was given");
    }

    [TestCase(OrdersAtEnd.Cancel)]
    [TestCase(OrdersAtEnd.Leave)]
    public void ShouldWaitForTheStagesWhenEventsAreOnTheRing(OrdersAtEnd orders)
    {
        using var rig = new EdgeRig(Topology.Fused);
        rig.Quote();
        rig.Turn();
        rig.Host.Ingress.CloseInput(orders);
        for (var turn = 0; turn < 10; turn++)
        {
            rig.TimeNs += IngressAgent.QuietNs;
            Turn(rig, 1);
        }

        Assert.That(rig.Host.Ingress.IsQuiet, Is.False);
    }

    [Test]
    public void ShouldLoseNoCommandWhenAsManyAsAreKeptWaitAtTheEnd()
    {
        const int kept = 1_024;
        var rig = new EdgeRig(Topology.Fused);
        using var host = rig.Host;
        for (ulong id = 1; id <= 254; id++)
            rig.Signal(id);
        rig.Turn();
        for (ulong id = 1; id <= kept; id++)
            rig.Command(CommandKind.StopEntries, id, instrument: 7);
        Turn(rig, kept);
        Assert.That(rig.Commands.Waiting, Is.Zero, "all of them wait for room on the ring");

        host.Ingress.CloseInput(OrdersAtEnd.Cancel);
        Turn(rig, 1);
        host.Start();

        var routing = host.Chain.Routing;
        Assert.That(
            () => routing.CountOf(RoutingOutcome.None) + routing.CountOf(RoutingOutcome.NothingToDo),
            Is.GreaterThanOrEqualTo(kept + 2).After(60_000, 10));
        Assert.That(routing.CountOf(RoutingOutcome.None), Is.EqualTo(kept));
    }

    private static EdgeRig WithOrder(IVenueGateway venue)
    {
        var rig = new EdgeRig(venue: venue);
        rig.Quote();
        rig.Turn();
        rig.Signal(1);
        rig.Turn();
        Assert.That(rig.Host.Chain.Routing.Orders.WorkingOrders, Is.EqualTo(1));
        return rig;
    }

    private static void Turn(EdgeRig rig, int times)
    {
        for (var turn = 0; turn < times; turn++)
            rig.Host.Ingress.DoWork();
    }

    /// <summary>Takes orders and says nothing.</summary>
    private sealed class SilentVenue : IVenueGateway
    {
        public List<ulong> Orders { get; } = [];

        public void Submit(in Order order, long timeNs) => Orders.Add(order.OrderId);

        public void Cancel(in Order order, long timeNs)
        {
            // It says nothing of this either.
        }

        public void Replace(in Order order, in OrderTerms terms, long timeNs)
        {
            // Nor of this.
        }

        public bool TryCancelAll(long timeNs)
        {
            Orders.Clear();
            return true;
        }

        public void RequestStatus(in Order order, long timeNs)
        {
        }

        public void RequestOpenOrders(long timeNs)
        {
        }
    }
}
