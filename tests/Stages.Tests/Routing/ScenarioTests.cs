using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Faults;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>What users of comparable systems reported as wrong, through all stages.</summary>
[TestFixture]
public class ScenarioTests
{
    private readonly SilentVenue _venue = new();
    private ulong _lastExecution;

    [SetUp]
    public void SetUp() => _venue.Orders.Clear();

    [TestCase(BracketActivation.EachFill, 40)]
    [TestCase(BracketActivation.WholeEntry, 0)]
    [Description("1: exits stand for what is filled, or wait for the whole entry")]
    public void ShouldCoverWhatIsSetWhenAnEntryIsFilledInParts(BracketActivation activation, int expected)
    {
        var rig = NewRig(new BracketOptions { Activation = activation });
        var entry = Entry(rig, 100);
        Fill(rig, entry, 40, 40);
        AcknowledgeExits(rig);
        Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(2 * expected));
        Fill(rig, entry, 60, 100);
        AcknowledgeExits(rig);
        Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(200));
    }

    [Test]
    [Description("3: a stop that is filled ends the rest of the entry")]
    public void ShouldCancelTheRestOfTheEntryWhenTheStopIsFilled()
    {
        var rig = NewRig();
        var entry = Entry(rig, 100, ExecutionStrategy.Twap5Min);
        Answer(rig, entry, ExecutionReportKind.New);
        Fill(rig, entry, 3, 3);
        var stop = Exit(OrderPurpose.StopLoss);
        Assert.That(stop.Quantity, Is.EqualTo(3));
        var e = Fill(rig, stop, 3, 3);
        Assert.That(rig.ActionsOf(e).Single(static a => a.Kind == RoutingActionKind.TradeClosed).Trade.Quantity,
            Is.EqualTo(3));
        Answer(rig, entry, ExecutionReportKind.Cancelled, cumulative: 3);
        Answer(rig, Exit(OrderPurpose.TakeProfit), ExecutionReportKind.Cancelled);
        AssertFlat(rig);
    }

    [Test]
    [Description("4: a report that comes again changes nothing")]
    public void ShouldTouchTheSiblingOnceWhenAReportComesTwice()
    {
        var rig = NewRig();
        Fill(rig, Entry(rig, 10), 10, 10);
        AcknowledgeExits(rig);
        var stop = Exit(OrderPurpose.StopLoss);
        Fill(rig, stop, 6, 6);
        _lastExecution--;
        Fill(rig, stop, 6, 6);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.ReplacesSent), Is.EqualTo((4, 1L)));
    }

    [Test]
    [Description("6: an overfill is booked as it happened, and told")]
    public void ShouldBookAndTellTheOverfillWhenTheVenueFillsMoreThanWasOrdered()
    {
        var rig = NewRig();
        var e = Fill(rig, Entry(rig, 5), 6, 6);
        Assert.That(e.Routing.Disposition, Is.EqualTo(ReportDisposition.Overfill));
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Trades.Position(0)), Is.EqualTo((6, 6)));
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    [Test]
    [Description("7: an order without an answer is unknown, not rejected")]
    public void ShouldKeepTheOrderWhenItsAnswerIsLost()
    {
        var rig = new StageRig(venue: static r => new FaultyVenue(
            r,
            sink => new SimulatedExchange(r.Instruments, sink, new SimulatedExchangeOptions()),
            new FaultOptions { DropReportBps = 10_000 }));
        rig.Market(5_000, 5_000.25);
        var order = Entry(rig, 3);
        for (var second = 0; second < 60; second++)
        {
            rig.AdvanceTo(rig.TimeNs + E9);
            rig.Second();
            rig.Drain();
        }

        Assert.That(rig.Routing.Orders.TryFind(order.OrderId, out var slot));
        Assert.That(rig.Routing.Orders[slot].Status, Is.EqualTo(OrderStatus.PendingNew));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.Rejected), Is.EqualTo((3, 0L)));
        ((FaultyVenue)rig.Gateway).Reconcile();
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Risk.PendingQuantity(0)), Is.EqualTo((3, 0)));
    }

    [Test]
    [Description("9: a resting exit is cut to what another has left open")]
    public void ShouldCutTheTargetWhenTheStopIsFilledInPart()
    {
        var rig = NewRig();
        Fill(rig, Entry(rig, 94), 94, 94);
        AcknowledgeExits(rig);
        Fill(rig, Exit(OrderPurpose.StopLoss), 47, 47);
        AcknowledgeExits(rig);
        Assert.That(Find(rig, OrderPurpose.TakeProfit).LeavesQuantity, Is.EqualTo(47));
        Fill(rig, Find(rig, OrderPurpose.TakeProfit), 47, 47);
        Answer(rig, Find(rig, OrderPurpose.StopLoss), ExecutionReportKind.Cancelled, cumulative: 47);
        AssertFlat(rig);
    }

    [Test]
    [Description("11: a reversal closes what was held, and opens the rest at its own price")]
    public void ShouldRealiseOnlyWhatWasHeldWhenThePositionTurns()
    {
        var rig = new StageRig();
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Sell, 2);
        rig.Drain();
        rig.Market(4_990, 4_990.25);
        rig.Signal(Side.Buy, 3);
        rig.Drain();
        var instrument = rig.Instruments[0];
        var gainE6 = instrument.ValueE6(Price(5_000) - Price(4_990.25), 2);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(1));
        Assert.That(rig.Portfolio.RealizedPnlE6, Is.EqualTo(gainE6));
        Assert.That(rig.Portfolio.FeesE6, Is.EqualTo(5 * instrument.FeePerContractE6));
        Assert.That(rig.Portfolio.AveragePriceE9(0), Is.EqualTo(Price(4_990.25)));
    }

    [Test]
    [Description("13: slices that do not divide the order leave nothing of it")]
    public void ShouldExecuteTheWholeOrderWhenItsSlicesDoNotDivideIt()
    {
        var twap = new TwapOptions { SliceCount = 3, DurationSeconds = 30, TargetParticipationRate = 1 };
        var rig = new StageRig(execution: new ExecutionOptions
        {
            SizeRandomisation = 0,
            TimeRandomisation = 0,
            Twap = twap,
        });
        rig.Market(5_000, 5_000.25, traded: 50);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        for (var second = 0; second < 60; second++)
        {
            rig.AdvanceTo(rig.TimeNs + E9);
            rig.Market(5_000, 5_000.25, traded: 50);
            rig.Drain();
        }

        Assert.That((rig.Portfolio.Position(0), rig.Routing.WorkingParents), Is.EqualTo((10, 0)));
        Assert.That(rig.Routing.OrdersSent, Is.GreaterThanOrEqualTo(3));
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    [Test]
    [Description("14: what an immediate order does not find does not rest")]
    public void ShouldLeaveNothingRestingWhenAnImmediateOrderIsFilledInPart()
    {
        var rig = new StageRig(execution: new ExecutionOptions
        {
            Immediate = new ImmediateOptions { MaxSlippageBps = 0.5 },
        });
        rig.Market(5_000, 5_000.25, quantity: 5);
        rig.Signal(Side.Buy, 10);
        rig.Drain();
        var venue = (SimulatedExchange)rig.Gateway;
        Assert.That((rig.Portfolio.Position(0), venue.RestingOrders(0)), Is.EqualTo((5, 0)));
        Assert.That((rig.Routing.Orders.WorkingOrders, rig.Risk.PendingQuantity(0)), Is.EqualTo((0, 0)));
    }

    [Test]
    [Description("15: a venue that reports cumulative quantities as its last ones is booked by their growth")]
    public void ShouldBookTheIncrementsWhenQuantitiesAreCumulative()
    {
        var rig = NewRig();
        var entry = Entry(rig, 100);
        var booked = new[] { 30, 70, 100 }.Select(q => Fill(rig, entry, q, q).Resolution.Booked).ToArray();
        Assert.That(booked, Is.EqualTo(new[] { 30, 40, 30 }));
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(100));
    }

    [Test]
    [Description("17: a fill that comes with the report of a replacement is booked")]
    public void ShouldBookTheFillWhenItComesWithAReplacement()
    {
        var rig = NewRig();
        Fill(rig, Entry(rig, 100), 100, 100);
        AcknowledgeExits(rig);
        Fill(rig, Exit(OrderPurpose.StopLoss), 10, 10);
        Answer(rig, Find(rig, OrderPurpose.TakeProfit), ExecutionReportKind.Replaced, quantity: 90, cumulative: 50);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Trades.Position(0)), Is.EqualTo((40, 40)));
    }

    [Test]
    [Description("47: flat is said when nothing can come any more")]
    public void ShouldSayFlatWhenWhatWasOnItsWayIsClosedToo()
    {
        var rig = NewRig();
        Fill(rig, Entry(rig, 3), 3, 3);
        AcknowledgeExits(rig);
        var entry = Entry(rig, 10, ExecutionStrategy.Twap5Min);
        Answer(rig, entry, ExecutionReportKind.New);
        rig.Command(CommandKind.CloseAll);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.Zero, "no new entries");
        Fill(rig, entry, 1, 1);
        Answer(rig, entry, ExecutionReportKind.Cancelled, cumulative: 1);
        Answer(rig, Exit(OrderPurpose.StopLoss), ExecutionReportKind.Cancelled);
        Answer(rig, Exit(OrderPurpose.TakeProfit), ExecutionReportKind.Cancelled);
        Assert.That(rig.Routing.WorkingParents, Is.EqualTo(1), "the close waits");
        foreach (var close in _venue.Orders.Where(static o => o.Purpose == OrderPurpose.Close).ToArray())
            Fill(rig, close, close.Quantity, close.Quantity);
        AssertFlat(rig);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
    }

    private static void AssertFlat(StageRig rig)
    {
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Trades.OpenTrades), Is.EqualTo((0, 0)));
        Assert.That((rig.Routing.WorkingParents, rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    private StageRig NewRig(BracketOptions? bracket = null)
    {
        var rig = new StageRig(gateway: _venue, bracket: bracket ?? new BracketOptions());
        rig.Market(5_000, 5_000.25);
        return rig;
    }

    private static OrderState Entry(
        StageRig rig, int quantity, ExecutionStrategy strategy = ExecutionStrategy.Immediate) =>
        rig.Signal(Side.Buy, quantity, strategy: strategy).Routing.Order;

    private Order Exit(OrderPurpose purpose) => _venue.Orders.First(o => o.Purpose == purpose);

    /// <summary>An exit as it stands.</summary>
    private Order Find(StageRig rig, OrderPurpose purpose)
    {
        Assert.That(rig.Routing.Orders.TryFind(Exit(purpose).OrderId, out var slot));
        return rig.Routing.Orders[slot];
    }

    /// <summary>The venue takes what was asked of the exits: as much as is open.</summary>
    private void AcknowledgeExits(StageRig rig)
    {
        foreach (var sent in _venue.Orders.Where(static o => o.TradeId != 0).ToArray())
        {
            rig.Routing.Orders.TryFind(sent.OrderId, out var slot);
            var order = rig.Routing.Orders[slot];
            var done = order.CumulativeQuantity;
            if (order.Status == OrderStatus.PendingNew)
                Answer(rig, order, ExecutionReportKind.New);
            else if (order.Status == OrderStatus.PendingReplace)
                Answer(rig, order, ExecutionReportKind.Replaced, rig.Portfolio.Position(0) + done, done);
        }
    }

    private static void Answer(
        StageRig rig, in Order order, ExecutionReportKind kind, int quantity = 0, int cumulative = 0) =>
        Answer(rig, StateOf(order), kind, quantity, cumulative);

    private static void Answer(
        StageRig rig, in OrderState order, ExecutionReportKind kind, int quantity = 0, int cumulative = 0) =>
        rig.Report(new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = kind,
            Side = order.Side,
            OrderQuantity = quantity == 0 ? order.Quantity : quantity,
            CumulativeQuantity = cumulative,
            LeavesQuantity = kind == ExecutionReportKind.Cancelled
                ? 0
                : (quantity == 0 ? order.Quantity : quantity) - cumulative,
        });

    private PipelineEvent Fill(StageRig rig, in Order order, int quantity, int cumulative) =>
        Fill(rig, StateOf(order), quantity, cumulative);

    private PipelineEvent Fill(StageRig rig, in OrderState order, int quantity, int cumulative) =>
        rig.Report(new ExecutionReport
        {
            OrderId = order.OrderId,
            ExecutionId = ++_lastExecution,
            Kind = ExecutionReportKind.Trade,
            Side = order.Side,
            LastQuantity = quantity,
            CumulativeQuantity = cumulative,
            LeavesQuantity = Math.Max(0, order.Quantity - cumulative),
            LastPriceE9 = Price(5_000),
            OrderQuantity = order.Quantity,
        });

    private static OrderState StateOf(in Order order) =>
        new() { OrderId = order.OrderId, Side = order.Side, Quantity = order.Quantity };
}
