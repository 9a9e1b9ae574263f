using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>Orders over several venues, and what becomes of them when one is lost.</summary>
[TestFixture]
public class SeveralVenuesTests
{
    private readonly DeafLine[] _lines = new DeafLine[3];

    [Test]
    public void ShouldSendToTheVenueThatCostsLeast()
    {
        var rig = NewRig(new() { Name = "dear", Fee = 5 }, new() { Name = "cheap", Fee = 1 });
        var order = rig.Signal(Side.Buy, 10).Routing.Order;
        rig.Drain();
        Assert.That(VenueOf(rig, order.OrderId), Is.EqualTo(1));
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(10));
    }

    /// <summary>Beyond the best price's quantity the next tick costs more than the other venue's fee.</summary>
    [Test]
    public void ShouldSplitWhatTheCheapestVenueDoesNotShow()
    {
        var rig = NewRig(new() { Name = "dear", Fee = 5 }, new() { Name = "cheap", Fee = 1 });
        rig.Signal(Side.Buy, 16);
        rig.Drain();
        Assert.That(_lines.Take(2).Select(static l => l.Submitted), Is.EqualTo(new[] { 6, 10 }));
        Assert.That((rig.Portfolio.Position(0), rig.Risk.PendingQuantity(0)), Is.EqualTo((16, 0)));
        Assert.That((rig.Routing.WorkingParents, rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldUseABackupOnlyWhenNoOtherVenueIsUp()
    {
        var rig = NewRig(
            new() { Name = "first", Fee = 5 }, new() { Name = "backup", IsBackup = true });
        rig.Signal(Side.Buy, 2);
        rig.Drain();
        Assert.That(_lines.Take(2).Select(static l => l.Submitted), Is.EqualTo(new[] { 2, 0 }));
        Tell(rig, ExecutionReportKind.VenueLost, 0);
        Assert.That(rig.Routing.LostVenues, Is.EqualTo(0b01));
        rig.Signal(Side.Buy, 3);
        rig.Drain();
        Assert.That(_lines.Take(2).Select(static l => l.Submitted), Is.EqualTo(new[] { 2, 3 }));
        Tell(rig, ExecutionReportKind.VenueLost, 1);
        rig.Signal(Side.Buy, 4);
        rig.Drain();
        Assert.That(rig.Routing.LostVenues, Is.EqualTo(0b11));
        Assert.That(rig.Routing.CountOf(ChildRefusal.Venue), Is.EqualTo(1));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Portfolio.Position(0)), Is.EqualTo((0, 5)));
    }

    [TestCase(0, 0, 3)]
    [TestCase(10, 0, 0)]
    [TestCase(9, 1, 0)]
    [TestCase(8, 0, 2)]
    [Description("above 0.95 go on, above 0.80 adjust: the rest again where it costs least; below: elsewhere")]
    public void ShouldReactToWhatAVenueHasFilled(int filled, int restAtFirst, int restAtSecond)
    {
        var rig = NewSilentRig(out var first, out var second);
        var ordered = filled == 0 ? 3 : 10;
        var order = rig.Signal(Side.Buy, ordered).Routing.Order;
        Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((1, 0)));
        if (filled > 0)
            Report(rig, order, ExecutionReportKind.Trade, filled, ordered - filled);
        if (filled < ordered)
            Report(rig, order, filled == 0 ? ExecutionReportKind.Rejected : ExecutionReportKind.Expired, filled, 0);
        Assert.That(
            (first.Orders.Skip(1).Sum(static o => o.Quantity), second.Orders.Sum(static o => o.Quantity)),
            Is.EqualTo((restAtFirst, restAtSecond)));
    }

    [Test]
    public void ShouldAvoidAVenueThatHasProvedUnreliable()
    {
        var rig = NewSilentRig(out var first, out var second);
        for (var i = 0; i < 12; i++)
        {
            var before = first.Orders.Count;
            var order = rig.Signal(Side.Buy, 2).Routing.Order;
            if (first.Orders.Count == before)
                break;

            Report(rig, order, ExecutionReportKind.Rejected, 0, 0);
            var again = second.Orders[^1];
            Report(rig, again, ExecutionReportKind.Trade, 2, 0);
        }

        var sent = first.Orders.Count;
        rig.Signal(Side.Buy, 2);
        Assert.That((first.Orders.Count, sent), Is.EqualTo((sent, sent)));
        Assert.That(sent, Is.LessThan(12));
    }

    /// <summary>The phase of its market says nothing of a venue.</summary>
    [TestCase(VenueRejectReason.NoMarket)]
    [TestCase(VenueRejectReason.MarketClosed)]
    [TestCase(VenueRejectReason.MarketHalted)]
    [TestCase(VenueRejectReason.AuctionCall)]
    public void ShouldNotHoldARefusalAgainstAVenueWhenItSaysNothingOfIt(VenueRejectReason reason)
    {
        var rig = NewSilentRig(out var first, out var second);
        for (var i = 1; i <= 12; i++)
        {
            rig.Signal(Side.Buy, 2);
            Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((i, i - 1)));
            Refuse(rig, first.Orders[^1], reason);
            Assert.That(second.Orders, Has.Count.EqualTo(i), "it is sent elsewhere");
            Report(rig, second.Orders[^1], ExecutionReportKind.Trade, 2, 0);
        }

        rig.Signal(Side.Buy, 2);
        Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((13, 12)));
    }

    [TestCase(VenueRejectReason.KillSwitch)]
    [TestCase(VenueRejectReason.JournalDegraded)]
    public void ShouldAskTheSameVenueAgainLaterWhenItsOwnGateHoldsAChildBack(VenueRejectReason reason)
    {
        var rig = NewSilentRig(out var first, out var second);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        for (var tries = 1; tries <= 12; tries++)
        {
            Refuse(rig, first.Orders[^1], reason, ExecutionReport.OwnVenue);
            Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((tries, 0)));
            rig.AdvanceTo(rig.TimeNs + E9 / 10);
            Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((tries + 1, 0)));
        }
    }

    /// <summary>
    /// The link can be gone before the word of it, the gate closed, or the market not quoted: that is no word against
    /// the order.
    /// </summary>
    [TestCase(VenueRejectReason.Disconnected, (byte)0)]
    [TestCase(VenueRejectReason.NoMarket, (byte)0)]
    [TestCase(VenueRejectReason.KillSwitch, ExecutionReport.OwnVenue)]
    [TestCase(VenueRejectReason.JournalDegraded, ExecutionReport.OwnVenue)]
    public void ShouldTryAgainLaterAndNotGiveUpWhenItsOnlyVenueIsNotReached(VenueRejectReason reason, byte speaker)
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue);
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        for (var tries = 1; tries <= 5; tries++)
        {
            Assert.That(venue.Orders, Has.Count.EqualTo(tries));
            Refuse(rig, venue.Orders[^1], reason, speaker);
            rig.Market(5_000 + tries, 5_000.25 + tries);
            Assert.That(venue.Orders, Has.Count.EqualTo(tries), "it is not tried without end");
            rig.AdvanceTo(rig.TimeNs + E9 / 10);
        }

        Assert.That((rig.Routing.WorkingParents, rig.Risk.PendingQuantity(0)), Is.EqualTo((1, 10)));
    }

    [Test]
    public void ShouldGoElsewhereAtOnceAndNotGiveUpWhenVenuesAreNotReached()
    {
        var rig = NewSilentRig(out var first, out var second);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        Unreached(rig, first.Orders[^1]);
        Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((1, 1)));
        for (var tries = 0; tries < 10; tries++)
        {
            var working = first.Orders.Concat(second.Orders).Single(o => IsWorking(rig, o));
            Unreached(rig, working);
            rig.AdvanceTo(rig.TimeNs + E9 / 10);
        }

        Assert.That((rig.Routing.WorkingParents, rig.Risk.PendingQuantity(0)), Is.EqualTo((1, 10)));
    }

    /// <summary>What was lost with the link, or on its way, never arrived: that is no word against the order.</summary>
    [TestCase(ExecutionReportKind.Status)]
    [TestCase(ExecutionReportKind.Rejected)]
    public void ShouldNotGiveUpWhenChildrenNeverArrive(ExecutionReportKind kind)
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue);
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        for (var tries = 1; tries <= 5; tries++)
        {
            var lost = venue.Orders.Where(o => IsWorking(rig, o)).ToArray();
            Assert.That(lost, Is.Not.Empty);
            Tell(rig, ExecutionReportKind.VenueLost, 0);
            Tell(rig, ExecutionReportKind.VenueBack, 0);
            foreach (var order in lost)
                Refuse(rig, order, VenueRejectReason.UnknownOrder, kind: kind);
            Assert.That(lost.Where(o => IsWorking(rig, o)), Is.Empty);
            rig.AdvanceTo(rig.TimeNs + E9 / 10);
        }

        Assert.That((rig.Routing.WorkingParents, rig.Risk.PendingQuantity(0)), Is.EqualTo((1, 10)));
    }

    /// <summary>A venue that gives that reason at once would be asked without end.</summary>
    [Test]
    public void ShouldTryAgainLaterWhenTheVenueRefusesAChildAsUnknown()
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue);
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        Refuse(rig, venue.Orders.Single(), VenueRejectReason.UnknownOrder);
        rig.Market(5_001, 5_001.25);
        Assert.That(venue.Orders, Has.Count.EqualTo(1), "not at once");
        rig.AdvanceTo(rig.TimeNs + E9 / 10);
        Assert.That(venue.Orders, Has.Count.EqualTo(2));
    }

    /// <summary>The venue that was lost had filled the order silently: it is executed once.</summary>
    [Test]
    public void ShouldExecuteOnceWhenTheLostVenueHadFilledSilently()
    {
        var rig = NewRig(new() { Name = "first" }, new() { Name = "second", Fee = 1 });
        _lines[0].LosesReports = true;
        var order = rig.Signal(Side.Buy, 5).Routing.Order;
        Tell(rig, ExecutionReportKind.VenueLost, 0);
        Pass(rig, 4);
        Assert.That((rig.Risk.PendingQuantity(0), _lines[1].Submitted), Is.EqualTo((5, 0)), "it may have been filled");
        _lines[0].LosesReports = false;
        Tell(rig, ExecutionReportKind.VenueBack, 0);
        Pass(rig, 4);
        Assert.That((rig.Portfolio.Position(0), rig.Risk.PendingQuantity(0)), Is.EqualTo((5, 0)));
        Assert.That(rig.Routing.LostVenues, Is.Zero);
        Assert.That((rig.Routing.Fills, rig.Routing.OrdersSent), Is.EqualTo((1L, 1L)));
        Assert.That(rig.Routing.WorkingParents, Is.Zero);
        Assert.That(VenueOf(rig, order.OrderId), Is.Zero);
    }

    /// <summary>An execution comes late, behind the end of a child that had been set aside: that was counted already.
    /// </summary>
    [Test]
    public void ShouldKeepAParentUntilItsChildIsCertainWhenOneThatHadEndedIsToldOfAgain()
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue);
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        Tell(rig, ExecutionReportKind.VenueLost, 0);
        Tell(rig, ExecutionReportKind.VenueBack, 0);
        var first = venue.Orders[0];
        Report(rig, first, ExecutionReportKind.Cancelled, 0, 0);
        Report(rig, first, ExecutionReportKind.Trade, first.Quantity, 0);
        rig.AdvanceTo(rig.TimeNs + 60 * E9);
        Assert.That(venue.Orders, Has.Count.GreaterThan(1), "the schedule goes on");
        Tell(rig, ExecutionReportKind.VenueLost, 0);
        rig.Command(CommandKind.CancelAll);
        Assert.That(rig.Routing.WorkingParents, Is.EqualTo(1), "its child may still be executed");
    }

    [Test]
    public void ShouldRerouteAtOnceWhenTheLostVenueSaysThatTheOrderNeverArrived()
    {
        var rig = NewRig(new() { Name = "first" }, new() { Name = "second", Fee = 1 });
        _lines[0].LosesRequests = true;
        rig.Signal(Side.Buy, 5);
        Tell(rig, ExecutionReportKind.VenueLost, 0);
        Pass(rig, 2);
        Assert.That(_lines[1].Submitted, Is.Zero);
        _lines[0].LosesRequests = false;
        Tell(rig, ExecutionReportKind.VenueBack, 0);
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), _lines[1].Submitted), Is.EqualTo((5, 5)), "within the same second");
    }

    /// <summary>A venue that refuses at once would be asked without end.</summary>
    [Test]
    public void ShouldAskAgainLaterWhenTheVenueRefusesToCancelAChildThatAnotherHasFollowed()
    {
        var rig = NewSilentRig(out var first, out var second);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        var child = first.Orders.Single();
        Report(rig, child, ExecutionReportKind.New, 0, child.Quantity);
        Tell(rig, ExecutionReportKind.VenueLost, 0);
        Assert.That(second.Orders, Has.Count.EqualTo(1), "the schedule goes on elsewhere");
        Tell(rig, ExecutionReportKind.VenueBack, 0);
        Rests(rig, child);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(1));
        Report(rig, child, ExecutionReportKind.CancelRejected, 0, child.Quantity);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(1), "not at once");
        rig.AdvanceTo(rig.TimeNs + E9);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(2));
    }

    /// <summary>Each part of a split order is an order: where no more may leave, one venue takes the rest.</summary>
    [Test]
    public void ShouldSplitNoFurtherWhenAsManyOrdersHaveLeftAsMayInASecond()
    {
        var limits = Generous with
        {
            MaxOrdersPerSecond = 3,
            Breakers = new BreakerOptions { ThrottledOrdersPerSecond = 3 },
        };
        var rig = NewSilentRig(out var first, out var second, limits);
        rig.Market(5_000, 5_000.25, quantity: 10);
        rig.Signal(Side.Buy, 15);
        Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((1, 1)));
        rig.Signal(Side.Buy, 15);
        Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((2, 1)));
        Assert.That(first.Orders[1].Quantity, Is.EqualTo(15));
    }

    /// <summary>A breaker that holds the number of orders down holds that of an order's parts down too.</summary>
    [Test]
    public void ShouldSplitNoFurtherThanAnOpenBreakerAllows()
    {
        var limits = Generous with
        {
            MaxOrdersPerSecond = 1_000,
            Breakers = new BreakerOptions { ThrottledOrdersPerSecond = 3 },
        };
        var rig = NewSilentRig(out var first, out var second, limits);
        rig.Market(5_000, 5_000.25, quantity: 10);
        for (var i = 0; i < 50; i++)
            rig.LateSignal();
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.Throttle));
        rig.TimeNs += 2 * E9;
        rig.Signal(Side.Buy, 15);
        Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((1, 1)));
        rig.Signal(Side.Buy, 15);
        Assert.That((first.Orders.Count, second.Orders.Count), Is.EqualTo((2, 1)));
    }

    /// <summary>What one venue leaves of a split order waits for the child at the other.</summary>
    [Test]
    public void ShouldSendTheRestElsewhereWhenOnePartOfASplitOrderIsNotFilled()
    {
        var rig = NewSilentRig(out var first, out var second);
        rig.Market(5_000, 5_000.25, quantity: 10);
        rig.Signal(Side.Buy, 15);
        var (own, part) = (first.Orders.Single(), second.Orders.Single());
        Report(rig, part, ExecutionReportKind.Cancelled, 0, 0);
        Report(rig, own, ExecutionReportKind.Trade, own.Quantity, 0);
        Assert.That(first.Orders, Has.Count.EqualTo(2));
        Assert.That(first.Orders[1].Quantity, Is.EqualTo(part.Quantity));
        Report(rig, first.Orders[1], ExecutionReportKind.Trade, part.Quantity, 0);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.WorkingParents), Is.EqualTo((15, 0)));
    }

    [TestCase(LostVenuePolicy.RerouteRemaining, true)]
    [TestCase(LostVenuePolicy.Wait, false)]
    public void ShouldWorkOnlyTheRestElsewhereWhileTheFateOfAChildIsUnknown(LostVenuePolicy policy, bool isRerouted)
    {
        var rig = Open(
            policy, new() { Name = "first" }, new() { Name = "second", Fee = 1 });
        rig.Signal(Side.Buy, 50, strategy: ExecutionStrategy.Twap5Min);
        rig.Drain();
        var atFirst = _lines[0].Submitted;
        Assert.That((atFirst, _lines[1].Submitted), Is.EqualTo((atFirst, 0)));
        _lines[0].LosesReports = true;
        Tell(rig, ExecutionReportKind.VenueLost, 0);
        Pass(rig, 60);
        Assert.That(_lines[1].Submitted > 0, Is.EqualTo(isRerouted));
        Pass(rig, 300);
        Assert.That(_lines[1].Submitted, Is.LessThanOrEqualTo(50 - atFirst), "what is at the first may be filled");
        _lines[0].LosesReports = false;
        Tell(rig, ExecutionReportKind.VenueBack, 0);
        Pass(rig, 400);
        Assert.That(rig.Portfolio.Position(0), Is.LessThanOrEqualTo(50));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.WorkingParents), Is.EqualTo((0, 0)));
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
    }

    [Test]
    public void ShouldRefuseToStartWhenThereAreFewerWaysThanVenues() =>
        Assert.That(
            () => new StageRig(routing: new RoutingOptions { Venues = [new() { Name = "a" }, new() { Name = "b" }] }),
            Throws.ArgumentException.With.Message.Contains("2 venues and 1 ways"));

    private StageRig NewRig(params RoutedVenueOptions[] venues) => Open(LostVenuePolicy.RerouteRemaining, venues);

    private StageRig Open(LostVenuePolicy policy, params RoutedVenueOptions[] venues)
    {
        var rig = new StageRig(
            venue: r => Line(r, 0),
            others: r => [.. Enumerable.Range(1, venues.Length - 1).Select(i => Line(r, i))],
            routing: new RoutingOptions { Venues = venues, LostVenue = policy });
        rig.Market(5_000, 5_000.25, quantity: 10);
        return rig;
    }

    private DeafLine Line(StageRig rig, int number)
    {
        var line = new DeafLine(rig);
        line.Venue = new SimulatedExchange(rig.Instruments, line, new SimulatedExchangeOptions(), (byte)number);
        return _lines[number] = line;
    }

    private static StageRig NewSilentRig(
        out SilentVenue first, out SilentVenue second, RiskLimits? limits = null)
    {
        var (one, two) = (new SilentVenue(), new SilentVenue());
        (first, second) = (one, two);
        var rig = new StageRig(
            limits: limits,
            gateway: one,
            others: _ => [two],
            routing: new RoutingOptions
            {
                Venues = [new() { Name = "first" }, new() { Name = "second", Fee = 0.5m }],
            });
        rig.Market(5_000, 5_000.25);
        return rig;
    }

    private static void Tell(StageRig rig, ExecutionReportKind kind, byte venue) =>
        rig.Report(new ExecutionReport { Kind = kind, Venue = venue });

    private static void Pass(StageRig rig, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            rig.AdvanceTo(rig.TimeNs + E9);
            rig.Second();
            rig.Market(5_000, 5_000.25, quantity: 10, traded: 10);
            rig.Drain();
        }
    }

    private static bool IsWorking(StageRig rig, in Order order) =>
        rig.Routing.Orders.TryFind(order.OrderId, out var slot) && rig.Routing.Orders[slot].IsWorking;

    private static void Unreached(StageRig rig, in Order order) =>
        Refuse(rig, order, VenueRejectReason.Disconnected, order.Venue);

    private static void Refuse(
        StageRig rig,
        in Order order,
        VenueRejectReason reason,
        byte speaker = 0,
        ExecutionReportKind kind = ExecutionReportKind.Rejected) => rig.Report(new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = kind,
            RejectReason = reason,
            Side = order.Side,
            Venue = speaker,
            ReleasedQuantity = order.Quantity,
            OrderQuantity = order.Quantity,
        });

    private static void Rests(StageRig rig, in Order order) => rig.Report(new ExecutionReport
    {
        OrderId = order.OrderId,
        Kind = ExecutionReportKind.Status,
        Status = OrderStatus.New,
        Side = order.Side,
        Venue = order.Venue,
        LeavesQuantity = order.Quantity,
        OrderQuantity = order.Quantity,
        LimitPriceE9 = order.LimitPriceE9,
        Type = order.Type,
        TimeInForce = order.TimeInForce,
    });

    private static int VenueOf(StageRig rig, ulong orderId)
    {
        Assert.That(rig.Routing.Orders.TryFind(orderId, out var slot));
        return rig.Routing.Orders[slot].Venue;
    }

    private static void Report(
        StageRig rig, in Order order, ExecutionReportKind kind, int cumulative, int leaves) =>
        Report(
            rig,
            new OrderState { OrderId = order.OrderId, Side = order.Side, Quantity = order.Quantity },
            kind,
            cumulative,
            leaves);

    private static void Report(
        StageRig rig, in OrderState order, ExecutionReportKind kind, int cumulative, int leaves) =>
        rig.Report(new ExecutionReport
        {
            OrderId = order.OrderId,
            ExecutionId = order.OrderId + (ulong)kind,
            Kind = kind,
            Side = order.Side,
            LastQuantity = kind == ExecutionReportKind.Trade ? cumulative : 0,
            LastPriceE9 = kind == ExecutionReportKind.Trade ? Price(5_000.25) : 0,
            CumulativeQuantity = cumulative,
            LeavesQuantity = leaves,
            OrderQuantity = order.Quantity,
        });
}
