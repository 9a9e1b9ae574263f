using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>Orders that only the venue knew count in what may still be executed, until they have ended.</summary>
[TestFixture]
public class AdoptedOrderTests
{
    private static readonly RiskLimits FiveAtMost = Generous with { MaxPosition = 5 };

    [Test]
    public void ShouldRefuseWhatWouldBeTooMuchWithAnAdoptedOrder()
    {
        var rig = Start();
        rig.Report(Status(leaves: 4));
        rig.Drain();
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(4));
        Assert.That(rig.Signal(Side.Buy, 2).Verdict.Violations, Is.EqualTo(RiskViolations.Position));

        rig.Report(Executed(quantity: 3, cumulative: 3));
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Risk.PendingQuantity(0)), Is.EqualTo((3, 1)));
        Assert.That(rig.Signal(Side.Buy, 2).Verdict.Violations, Is.EqualTo(RiskViolations.Position));

        var cancelled = Status(leaves: 0, cumulative: 3);
        rig.Report(cancelled with { Kind = ExecutionReportKind.Cancelled, ReleasedQuantity = 1 });
        rig.Drain();
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
        Assert.That(rig.Signal(Side.Buy, 2).Verdict.Violations, Is.EqualTo(RiskViolations.None));
    }

    [Test]
    public void ShouldReserveOnceWhenTheVenueListsAnOrderTwice()
    {
        var rig = Start();
        for (var i = 0; i < 2; i++)
        {
            rig.Report(Status(leaves: 4));
            rig.Drain();
        }

        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.Adopted), Is.EqualTo((4, 1L)));
    }

    /// <summary>Routing's word goes by way of the ring, and the venue's next ones may be there before it.</summary>
    [Test]
    public void ShouldReserveWhatIsLeftWhenTheOrderWasExecutedMeanwhile()
    {
        var rig = Start();
        rig.Report(Status(leaves: 4));
        rig.Report(Executed(quantity: 1, cumulative: 1));
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Risk.PendingQuantity(0)), Is.EqualTo((1, 3)));
    }

    [Test]
    public void ShouldReserveNothingWhenTheOrderHasEndedMeanwhile()
    {
        var rig = Start();
        rig.Report(Status(leaves: 4));
        rig.Report(Status(leaves: 0) with { Kind = ExecutionReportKind.Cancelled, ReleasedQuantity = 4 });
        rig.Drain();
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    [Test]
    public void ShouldReserveForManyOneAfterTheOther()
    {
        var rig = Start();
        for (var number = 1_000UL; number < 1_100; number++)
        {
            rig.Report(Status(leaves: 2, number: number));
            rig.Drain();
            Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(2));
            rig.Report(Status(leaves: 0, number: number) with { Kind = ExecutionReportKind.Expired });
            rig.Drain();
        }

        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.Adopted), Is.EqualTo((0, 100L)));
    }

    /// <summary>The venue's word was late: nothing works there, and nobody would ever say that it has ended.</summary>
    [Test]
    public void ShouldNotAdoptAnOrderThatEndedLongAgo()
    {
        var rig = Start();
        var own = rig.Signal(Side.Buy, 4).Routing.Order;
        rig.Drain();
        for (var ended = 0; rig.Routing.Orders.TryFind(own.OrderId, out _); ended++)
        {
            Assert.That(ended, Is.LessThan(10_000), "the store forgets an order that has ended");
            rig.Signal(ended % 2 == 0 ? Side.Sell : Side.Buy, 4);
            rig.Drain();
        }

        rig.Report(Status(leaves: 4) with { OrderId = own.OrderId });
        rig.Drain();
        Assert.That((rig.Routing.Adopted, rig.Routing.Orders.WorkingOrders), Is.EqualTo((0L, 0)));
    }

    /// <summary>A start that finds the kill switch latched kills first; the venue lists its orders later.</summary>
    [TestCase(CommandKind.Kill, 0, 1)]
    [TestCase(CommandKind.StopEntries, 0, 1)]
    [TestCase(CommandKind.StopEntries, 1, 0, Description = "in another instrument")]
    public void ShouldCancelAnAdoptedOrderWhenNothingMayAddRisk(CommandKind stop, int instrument, int expected)
    {
        var rig = Start(new SilentVenue(), instruments: 2);
        rig.Command(stop, instrument);
        rig.Report(Status(leaves: 4));
        rig.Drain();
        Assert.That((rig.Routing.Adopted, rig.Routing.CancelsSent), Is.EqualTo((1L, (long)expected)));
    }

    [Test]
    public void ShouldCancelAnAdoptedOrderWhenItsInstrumentIsBeingClosed()
    {
        var rig = Start(new SilentVenue());
        rig.Report(Stray(Side.Buy, 2, 100));
        rig.Command(CommandKind.CloseAll);
        rig.Report(Status(leaves: 4));
        Assert.That((rig.Routing.Adopted, rig.Routing.CancelsSent), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void ShouldCancelAnAdoptedOrderWhenThePipelineEnds()
    {
        var rig = Start(new SilentVenue());
        rig.Command(CommandKind.CancelAll, reason: CommandReason.Host);
        rig.Report(Status(leaves: 4));
        Assert.That((rig.Routing.Adopted, rig.Routing.CancelsSent), Is.EqualTo((1L, 1L)));
    }

    [TestCase(CommandKind.Kill)]
    [TestCase(CommandKind.CancelAll)]
    [TestCase(CommandKind.CloseAll)]
    public void ShouldAskAgainForTheEndOfAnAdoptedOrderWhenTheVenueRefusesIt(CommandKind command)
    {
        var rig = Start(new SilentVenue());
        rig.Report(Status(leaves: 4));
        rig.Drain();
        rig.Command(command);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(1));
        rig.Report(Status(leaves: 4) with
        {
            Kind = ExecutionReportKind.CancelRejected,
            RejectReason = VenueRejectReason.Disconnected,
        });
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(1), "not at once");
        Wait(rig, seconds: 1);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(2));

        rig.Report(Status(leaves: 0) with { Kind = ExecutionReportKind.Cancelled, ReleasedQuantity = 4 });
        rig.Drain();
        Wait(rig, seconds: 5);
        Assert.That((rig.Routing.CancelsSent, rig.Routing.Orders.WorkingOrders), Is.EqualTo((2L, 0)));
        rig.Command(CommandKind.Resume);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.None), "nothing is closing");
    }

    /// <summary>What the venue is asked for when the answer does not come tells that the order rests.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void ShouldAskAgainForTheEndOfAnAdoptedOrderWhenTheCancelIsLost(bool isKilledFirst)
    {
        DeafLine line = null!;
        var rig = new StageRig(venue: rig =>
        {
            line = new DeafLine(rig);
            line.Venue = new SimulatedExchange(rig.Instruments, line, new SimulatedExchangeOptions());
            return line;
        });
        rig.Market(100, 100.25);
        line.LosesReports = true;
        line.Submit(
            new()
            {
                OrderId = OrderIds.Of(0, 999),
                Side = Side.Buy,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                Quantity = 4,
                LimitPriceE9 = Price(99),
            },
            rig.TimeNs);
        line.LosesReports = false;
        if (isKilledFirst)
            rig.Command(CommandKind.Kill);
        line.LosesRequests = true;
        line.RequestOpenOrders(rig.TimeNs);
        rig.Drain();
        if (!isKilledFirst)
            rig.Command(CommandKind.Kill);
        line.LosesRequests = false;
        Assert.That((rig.Routing.Adopted, rig.Routing.Orders.WorkingOrders), Is.EqualTo((1L, 1)));
        Wait(rig, seconds: 4);
        Assert.That((rig.Routing.Orders.WorkingOrders, rig.Risk.PendingQuantity(0)), Is.EqualTo((0, 0)));
    }

    /// <summary>An execution that came before the list is booked, but nobody here knew its order then.</summary>
    [Test]
    public void ShouldEndAnAdoptedOrderThatHadExecutedWhenTheRestIsExecuted()
    {
        var rig = Start();
        rig.Report(Executed(quantity: 3, cumulative: 3));
        rig.Report(Status(leaves: 1, cumulative: 3));
        rig.Drain();
        Assert.That((rig.Routing.Orders.WorkingBuyQuantity(0), rig.Risk.PendingQuantity(0)), Is.EqualTo((1, 1)));
        Assert.That(rig.Routing.Orders.TryFind(OrderIds.Of(0, 999), out var slot));
        Assert.That(rig.Routing.Orders[slot].CumulativeQuantity, Is.EqualTo(3));
        Assert.That(rig.Routing.Orders[slot].AveragePriceE9, Is.EqualTo(Price(99)), "its limit");

        rig.Report(Executed(quantity: 1, cumulative: 4) with { ExecutionId = 6 });
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Risk.PendingQuantity(0)), Is.EqualTo((4, 0)));
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
    }

    /// <summary>The list is on its way for longer than an execution that came after it.</summary>
    [Test]
    public void ShouldEndAnAdoptedOrderWhenTheListIsOlderThanWhatWasBooked()
    {
        var rig = Start();
        rig.Report(Executed(quantity: 1, cumulative: 1));
        rig.Report(Executed(quantity: 1, cumulative: 2) with { ExecutionId = 6 });
        rig.Report(Status(leaves: 3, cumulative: 1));
        rig.Drain();
        Assert.That((rig.Routing.Orders.WorkingBuyQuantity(0), rig.Risk.PendingQuantity(0)), Is.EqualTo((2, 2)));
        rig.Report(Executed(quantity: 2, cumulative: 4) with { ExecutionId = 7 });
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((4, 0)));
    }

    /// <summary>What the list tells of executions that no report has told is booked with it, and counts once.</summary>
    [Test]
    public void ShouldBookWhatTheListTellsWhenAnAdoptedOrderHadExecutedUnheard()
    {
        var rig = Start();
        rig.Report(Executed(quantity: 1, cumulative: 1));
        rig.Report(Status(leaves: 1, cumulative: 3));
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingBuyQuantity(0)), Is.EqualTo((3, 1)));
        rig.Report(Executed(quantity: 1, cumulative: 4) with { ExecutionId = 6 });
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((4, 0)));
    }

    private static void Wait(StageRig rig, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            rig.TimeNs += E9;
            rig.Second();
            rig.Drain();
        }
    }

    private static StageRig Start(IVenueGateway? gateway = null, int instruments = 1)
    {
        var rig = new StageRig(FiveAtMost, instruments, gateway: gateway);
        rig.Market(100, 100.25);
        return rig;
    }

    private static ExecutionReport Status(int leaves, int cumulative = 0, ulong number = 999) => new()
    {
        OrderId = OrderIds.Of(0, number),
        Kind = ExecutionReportKind.Status,
        Status = OrderStatus.New,
        Side = Side.Buy,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        OrderQuantity = 4,
        LeavesQuantity = leaves,
        CumulativeQuantity = cumulative,
        LimitPriceE9 = Price(99),
    };

    private static ExecutionReport Executed(int quantity, int cumulative) => Status(4 - cumulative, cumulative) with
    {
        Kind = ExecutionReportKind.Trade,
        Status = OrderStatus.None,
        ExecutionId = 5,
        LastQuantity = quantity,
        LastPriceE9 = Price(99),
    };
}
