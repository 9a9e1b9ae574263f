using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>What becomes of a trade after its entry, through all stages against the simulated exchange.</summary>
[TestFixture]
public class ExitDeskTests
{
    private readonly List<ClosedTrade> _closed = [];

    [SetUp]
    public void SetUp() => _closed.Clear();

    // The stop lies 1.5 and the target 3 ranges of 50 points away: 4,925 and 5,150.25 for a purchase at 5,000.125.
    [TestCase(Side.Buy, 5_160.0, ExitReason.TakeProfit)]
    [TestCase(Side.Buy, 4_900.0, ExitReason.StopLoss)]
    [TestCase(Side.Sell, 4_840.0, ExitReason.TakeProfit)]
    [TestCase(Side.Sell, 5_090.0, ExitReason.StopLoss)]
    public void ShouldEndFlatWithNothingWorkingWhenAnExitIsReached(Side side, double bid, ExitReason expected)
    {
        var rig = Held(side, 3);
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.EqualTo(2), "a stop and a target");
        Quote(rig, bid);
        Assert.That(rig.Portfolio.Position(0), Is.Zero);
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero, "one cancels the other");
        Assert.That(rig.Routing.Trades.OpenTrades, Is.Zero);
        var closed = _closed.Single();
        Assert.That((closed.ExitReason, closed.Quantity, closed.Side), Is.EqualTo((expected, 3, side)));
        Assert.That(closed.GrossPnlE6, Is.EqualTo(rig.Portfolio.RealizedPnlE6));
        Assert.That(closed.EntryFeesE6 + closed.ExitFeesE6, Is.EqualTo(rig.Portfolio.FeesE6));
    }

    [Test]
    public void ShouldKeepTradesApartWhenSeveralSignalsBuy()
    {
        var rig = Held(Side.Buy, 3);
        rig.Signal(Side.Buy, 2);
        Drain(rig);
        Assert.That((rig.Routing.Trades.OpenTrades, rig.Portfolio.Position(0)), Is.EqualTo((2, 5)));
        Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(10), "each trade has its own exits");
        rig.Signal(Side.Sell, 4);
        Drain(rig);
        var first = _closed.Single();
        Assert.That((first.Quantity, first.ExitReason), Is.EqualTo((3, ExitReason.Signal)), "the oldest goes first");
        Assert.That((rig.Routing.Trades.OpenTrades, rig.Portfolio.Position(0)), Is.EqualTo((1, 1)));
        Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(2), "the exits follow what is open");
    }

    [Test]
    public void ShouldBeFlatInOneCommandWhenEverythingIsClosed()
    {
        var rig = Held(Side.Buy, 3);
        rig.Signal(Side.Buy, 2);
        Drain(rig);
        rig.Command(CommandKind.Kill);
        rig.Command(CommandKind.CloseAll);
        Drain(rig);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
        Assert.That(rig.Routing.WorkingParents, Is.Zero, "the close has said that it is over");
        Assert.That(_closed.Select(static t => t.ExitReason), Is.All.EqualTo(ExitReason.Manual));
        Assert.That(_closed, Has.Count.EqualTo(2));
        rig.Command(CommandKind.Resume);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "risk takes signals again");
    }

    [Test]
    public void ShouldKeepTheExitsWhenTheKillSwitchIsTripped()
    {
        var rig = Held(Side.Buy, 3);
        rig.Command(CommandKind.Kill);
        Drain(rig);
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.EqualTo(2), "a trade is never without its stop");
        Quote(rig, 4_900);
        Assert.That(rig.Portfolio.Position(0), Is.Zero, "and the stop goes through");
    }

    [Test]
    public void ShouldCloseAtTheMarketWhenATradeIsHeldForTooLong()
    {
        var rig = Held(Side.Sell, 3);
        rig.TimeNs += 24 * 3_600 * E9 - 1;
        rig.Second();
        Drain(rig);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(-3));
        rig.TimeNs += 1;
        Quote(rig, 5_000);
        rig.Second();
        Drain(rig);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
        Assert.That(_closed.Single().ExitReason, Is.EqualTo(ExitReason.TimeOut));
    }

    [Test]
    public void ShouldTakeBackTheExcessWhenBothExitsAreExecuted()
    {
        var venue = new SilentVenue();
        var rig = Protected(venue, out var stop, out var target);
        Fill(rig, stop, 4_925);
        Fill(rig, target, 5_150);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(-3), "both sides of the race");
        var repair = venue.Orders.Single(static o => o.Purpose == OrderPurpose.Repair);
        Assert.That((repair.Side, repair.Quantity, repair.Type), Is.EqualTo((Side.Buy, 3, OrderType.Market)));
        Fill(rig, repair, 5_150.25);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Trades.OpenTrades), Is.EqualTo((0, 0)));
    }

    /// <summary>Limits and kill switch let the sale pass: it took risk off. It is executed after the stop.</summary>
    [TestCase(3, 3)]
    [TestCase(2, 2)]
    [TestCase(5, 3)]
    public void ShouldTakeBackWhatASaleSellsThatTheStopHasSoldAlready(int sold, int excess)
    {
        var venue = new SilentVenue();
        var rig = Protected(venue, out var stop, out var target);
        var sale = rig.Signal(Side.Sell, sold).Routing.Order;
        Fill(rig, stop, 4_925);
        Answer(rig, target, ExecutionReportKind.Cancelled);
        Fill(rig, sale, 4_925);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(-sold), "both sides of the race");
        var repair = venue.Orders.SingleOrDefault(static o => o.Purpose == OrderPurpose.Repair);
        Assert.That((repair.Side, repair.Quantity, repair.Type), Is.EqualTo((Side.Buy, excess, OrderType.Market)));
        Fill(rig, repair, 4_925.25);
        // What was approved beyond what was held is a trade of its own, with its stop and target.
        var left = sold - excess;
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(-left));
        Assert.That(rig.Routing.Trades.OpenTrades, Is.EqualTo(Math.Sign(left)));
        Assert.That(rig.Routing.Orders.WorkingBuyQuantity(0), Is.EqualTo(2 * left));
    }

    /// <summary>Both were approved, the later one as if the other were executed first.</summary>
    [Test]
    public void ShouldTakeNothingBackWhenTheLaterOfTwoSalesIsExecutedFirst()
    {
        var venue = new SilentVenue();
        var rig = Protected(venue, out _, out _);
        var first = rig.Signal(Side.Sell, 3).Routing.Order;
        var second = rig.Signal(Side.Sell, 2).Routing.Order;
        Fill(rig, second, 5_000);
        Fill(rig, first, 5_000);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(-2));
        Assert.That(venue.Orders.Where(static order => order.Purpose == OrderPurpose.Repair), Is.Empty);
    }

    /// <summary>What is sold above the stop has not slipped: it would not have been sold there.</summary>
    [TestCase(5_000.0, 0)]
    [TestCase(4_920.0, 5)]
    public void ShouldNeverBeWithoutAStopWhenTheVenueRefusesIt(double price, int slippedPoints)
    {
        var venue = new SilentVenue();
        var rig = Protected(venue, out var stop, out var target);
        Answer(rig, stop, ExecutionReportKind.Rejected);
        Answer(rig, target, ExecutionReportKind.New);
        Answer(rig, target, ExecutionReportKind.Cancelled);
        var close = venue.Orders[^1];
        Assert.That((close.Type, close.Side, close.Quantity), Is.EqualTo((OrderType.Market, Side.Sell, 3)));
        var closed = rig.ActionsOf(Fill(rig, close, price)).Single(static a => a.Kind == RoutingActionKind.TradeClosed);
        var slippageE6 = rig.Instruments[0].ValueE6(slippedPoints * E9, 3);
        Assert.That(
            (closed.Trade.ExitReason, closed.Trade.ExitSlippageE6), Is.EqualTo((ExitReason.StopLoss, slippageE6)));
    }

    /// <summary>
    /// A connection that is broken says nothing against the stop, nor does a market that takes none: it is placed once
    /// it can be.
    /// </summary>
    [TestCase(VenueRejectReason.Disconnected)]
    [TestCase(VenueRejectReason.UnknownOrder)]
    [TestCase(VenueRejectReason.MarketClosed)]
    [TestCase(VenueRejectReason.MarketHalted)]
    [TestCase(VenueRejectReason.AuctionCall)]
    public void ShouldSendTheStopAgainLaterAndCloseNothingWhenItNeverArrived(VenueRejectReason reason)
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue, bracket: new BracketOptions { MaxAttempts = 2 });
        rig.Market(5_000, 5_000.25);
        Fill(rig, rig.Signal(Side.Buy, 3).Routing.Order, 5_000.25);
        for (var times = 1; times <= 5; times++)
        {
            var stop = venue.Orders.Last(static o => o.Purpose == OrderPurpose.StopLoss);
            Answer(rig, stop, ExecutionReportKind.Rejected, reason);
            Assert.That(venue.Orders, Has.Count.EqualTo(2 + times), "it waits");
            rig.AdvanceTo(rig.TimeNs + E9);
            Assert.That(venue.Orders, Has.Count.EqualTo(3 + times), "a stop that waits a second, and no close");
        }

        Assert.That(venue.Orders.Count(static o => o.Type == OrderType.Stop), Is.EqualTo(6));
    }

    /// <summary>Entered on a Friday at 14:30 in New York: it is held for too long on Saturday.</summary>
    [Test]
    public void ShouldAskSeldomAndCloseAtTheOpenWhenATradeIsHeldForTooLongAtAWeekend()
    {
        var spy = new InstrumentOptions { Id = 1, Symbol = "SPY", TickSize = 0.25m, Calendar = "us_equity" };
        var exchange = new SimulatedExchangeOptions { EnforceSessions = true };
        var rig = new StageRig(
            bracket: new BracketOptions(),
            options: [spy],
            venue: rig => new SimulatedExchange(rig.Instruments, rig, exchange));
        rig.TimeNs = 1_700_249_400 * E9;
        Quote(rig, 5_000);
        rig.Signal(Side.Buy, 3);
        Drain(rig);
        for (var minute = 1; minute <= 67 * 60; minute++)
        {
            rig.AdvanceTo(rig.TimeNs + 60 * E9 - 1);
            rig.Second();
            rig.Drain();
            rig.AdvanceTo(rig.TimeNs + 1);
        }

        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(3), "the market opens now");
        // A stop, a target, then an order each minute of 43 hours, and a few more often at first.
        Assert.That(rig.Routing.ExitsSent, Is.InRange(43 * 60, 43 * 60 + 10));
        Quote(rig, 4_990);
        rig.AdvanceTo(rig.TimeNs + 60 * E9);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
        Assert.That(rig.Portfolio.RealizedPnlE6, Is.Negative, "the close of the first minute");
    }

    [Test]
    public void ShouldSetOneTimerWhenManyExecutionsComeWhileTheStopMayNotBeReplaced()
    {
        const int quantity = 50;
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue, bracket: new BracketOptions());
        rig.Market(5_000, 5_000.25);
        var entry = rig.Signal(Side.Buy, quantity).Routing.Order;
        for (var filled = 1; filled <= quantity; filled++)
        {
            var whole = new OrderState { OrderId = entry.OrderId, Side = entry.Side, Quantity = quantity };
            rig.Report(Execution(whole, 5_000.25) with
            {
                LastQuantity = 1,
                CumulativeQuantity = filled,
                LeavesQuantity = quantity - filled,
            });
            var stop = venue.Orders.Single(static o => o.Purpose == OrderPurpose.StopLoss);
            if (filled == 1)
                Answer(rig, stop, ExecutionReportKind.New);
            else if (filled == 2)
                Answer(rig, stop, ExecutionReportKind.ReplaceRejected, VenueRejectReason.TooManyOrders);
        }

        Assert.That(rig.WaitingTimers, Is.EqualTo(1));
        var replaces = rig.Routing.ReplacesSent;
        rig.AdvanceTo(rig.TimeNs + 2 * E9);
        Assert.That(rig.Routing.ReplacesSent, Is.EqualTo(replaces + 1), "the stop is asked to cover them all");
    }

    [Test]
    public void ShouldKeepTheTradeWhenALateReportOfAnEarlierStopComes()
    {
        var venue = new SilentVenue();
        var rig = Protected(venue, out var first, out var target);
        Answer(rig, target, ExecutionReportKind.New);
        Answer(rig, first, ExecutionReportKind.New);
        Answer(rig, first, ExecutionReportKind.Cancelled);
        var second = venue.Orders[^1];
        Assert.That((second.Purpose, second.OrderId), Is.Not.EqualTo((OrderPurpose.StopLoss, first.OrderId)));
        Answer(rig, second, ExecutionReportKind.New);
        Fill(rig, first with { Quantity = 1 }, 4_925);
        Fill(rig, target with { Quantity = 2 }, 5_150);
        Fill(rig, rig.Signal(Side.Buy, 1).Routing.Order, 5_000.25);
        Assert.That(rig.Routing.Orders.TryFind(second.OrderId, out var slot) && rig.Routing.Orders[slot].IsWorking);
        Assert.That(rig.Routing.Trades.TryFind(second.TradeId, out _), "its second stop is still at the venue");
    }

    [Test]
    public void ShouldCancelTheRestOfTheEntryWhenAnExitIsExecuted()
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue, bracket: new BracketOptions());
        rig.Market(5_000, 5_000.25);
        var entry = rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min).Routing.Order;
        Answer(rig, venue.Orders[0], ExecutionReportKind.New);
        Fill(rig, entry, 5_000);
        var stop = venue.Orders.Single(static o => o.Purpose == OrderPurpose.StopLoss);
        Fill(rig, stop, 4_925);
        Assert.That(rig.Portfolio.Position(0), Is.Zero);
        Assert.That(rig.Routing.WorkingParents, Is.Zero, "what the entry would still buy is not wanted");
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    [TestCase(3, ExitReason.Signal)]
    [TestCase(4, ExitReason.Reversal)]
    public void ShouldTellAReversalFromAnEndByASignal(int sold, ExitReason expected)
    {
        var rig = Held(Side.Buy, 3);
        rig.Signal(Side.Sell, sold);
        Drain(rig);
        Assert.That((_closed.Single().ExitReason, rig.Portfolio.Position(0)), Is.EqualTo((expected, 3 - sold)));
    }

    [Test]
    public void ShouldNotKnowTheReasonWhenNobodyKnowsTheOrder()
    {
        var rig = Held(Side.Buy, 3);
        rig.OnReport(Execution(new OrderState { OrderId = 1UL << 50, Side = Side.Sell, Quantity = 3 }, 5_000));
        Drain(rig);
        Assert.That((_closed.Single().ExitReason, rig.Portfolio.Position(0)), Is.EqualTo((ExitReason.Unknown, 0)));
    }

    [Test]
    public void ShouldCloseForTheShutdownWhenThePipelineIsFlattenedAtItsEnd()
    {
        var rig = Held(Side.Buy, 3);
        rig.Signal(Side.Buy, 2);
        Drain(rig);
        rig.Command(CommandKind.CloseAll, reason: CommandReason.Host);
        Drain(rig);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
        Assert.That(rig.Routing.WorkingParents, Is.Zero);
        Assert.That(_closed.Select(static t => t.ExitReason), Is.EqualTo(new[] {
            ExitReason.Shutdown, ExitReason.Shutdown }));
    }

    [Test]
    public void ShouldSendNoExitAnyMoreWhenThePipelineEnds()
    {
        var rig = Held(Side.Buy, 3);
        rig.Command(CommandKind.CancelAll, reason: CommandReason.Host);
        Drain(rig);
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(3));
    }

    [Test]
    public void ShouldAskAgainForTheEndOfAnExitWhenThePipelineEndsAndTheVenueRefusesIt()
    {
        var venue = new SilentVenue();
        var rig = Protected(venue, out var stop, out var target);
        Answer(rig, stop, ExecutionReportKind.New);
        Answer(rig, target, ExecutionReportKind.New);
        rig.Command(CommandKind.CancelAll, reason: CommandReason.Host);
        Answer(rig, stop, ExecutionReportKind.CancelRejected, VenueRejectReason.Disconnected);
        rig.TimeNs += E9 / 2;
        Answer(rig, target, ExecutionReportKind.CancelRejected, VenueRejectReason.Disconnected);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(2), "not at once");
        rig.AdvanceTo(rig.TimeNs + E9 / 2);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(3), "the stop's");
        rig.AdvanceTo(rig.TimeNs + E9);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(4), "the target's");
        Answer(rig, stop, ExecutionReportKind.Cancelled);
        Answer(rig, target, ExecutionReportKind.Cancelled);
        rig.AdvanceTo(rig.TimeNs + 10 * E9);
        Assert.That((rig.Routing.CancelsSent, rig.Routing.Orders.WorkingOrders), Is.EqualTo((4L, 0)));
    }

    /// <summary>The entry ends at once with the same report, and that brings the exits into line already.</summary>
    [Test]
    public void ShouldSendOneStopWhenAPartIsStoppedOutAndTheEntryEndsWithIt()
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue, bracket: new BracketOptions());
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        Fill(rig, venue.Orders[0], 5_000);
        var stop = venue.Orders.Single(static o => o.Purpose == OrderPurpose.StopLoss);
        Answer(rig, stop, ExecutionReportKind.New);
        rig.AdvanceTo(rig.TimeNs + 60 * E9);
        Fill(rig, venue.Orders.Last(static o => o.Purpose == OrderPurpose.Entry), 5_000);
        Assert.That(rig.Portfolio.Position(0), Is.GreaterThan(stop.Quantity));
        Fill(rig, stop, 4_925);
        Assert.That(rig.Routing.WorkingParents, Is.Zero, "what the entry would still buy is not wanted");
        Assert.That(venue.Orders.Count(static o => o.Purpose == OrderPurpose.StopLoss), Is.EqualTo(2));
    }

    /// <summary>Risk sees nothing to close, so no parent stands for the close. It ends all the same.</summary>
    [Test]
    public void ShouldHoldTheNextTradeWhenTheInstrumentWasFlatButForAnExitAsItWasClosed()
    {
        var venue = new SilentVenue();
        var rig = Protected(venue, out var stop, out var target);
        Answer(rig, stop, ExecutionReportKind.New);
        Answer(rig, target, ExecutionReportKind.New);
        Fill(rig, stop, 4_925);
        rig.Command(CommandKind.CloseAll);
        Answer(rig, target, ExecutionReportKind.Cancelled);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));

        Fill(rig, rig.Signal(Side.Buy, 1).Routing.Order, 5_000.25);
        Assert.That(venue.Orders.Where(static o => o.Purpose == OrderPurpose.Close), Is.Empty);
        Assert.That(rig.Routing.Orders.WorkingSellQuantity(0), Is.EqualTo(2), "a stop and a target");
    }

    /// <summary>Nothing more of an entry comes whose parent has ended: what comes late is all of it.</summary>
    [Test]
    public void ShouldProtectALateExecutionWhenItsParentHasEnded()
    {
        var venue = new SilentVenue();
        var bracket = new BracketOptions { Activation = BracketActivation.WholeEntry };
        var rig = new StageRig(gateway: venue, bracket: bracket);
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 3);
        var entry = venue.Orders[0];
        Answer(rig, entry, ExecutionReportKind.Cancelled);
        Assert.That(rig.Routing.WorkingParents, Is.Zero);
        Fill(rig, entry with { Quantity = 2 }, 5_000.25);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(2));
        var stop = venue.Orders.SingleOrDefault(static o => o.Purpose == OrderPurpose.StopLoss);
        Assert.That((stop.Side, stop.Quantity), Is.EqualTo((Side.Sell, 2)));
    }

    /// <summary>What a reversal gives back of other trades was not ordered for its own.</summary>
    [Test]
    public void ShouldTellThatAReversalWasFilledWhenAllOfItWasExecuted()
    {
        var rig = Held(Side.Buy, 3);
        rig.Signal(Side.Sell, 5);
        Drain(rig);
        rig.Command(CommandKind.CloseAll);
        Drain(rig);
        Assert.That(_closed.Select(static t => (t.Side, t.Quantity)), Is.EqualTo(new[] {
            (Side.Buy, 3), (Side.Sell, 2) }));
        Assert.That(_closed.Select(static t => t.FillRate), Is.All.EqualTo(1));
    }

    private StageRig Held(Side side, int quantity)
    {
        var rig = new StageRig(garbage: 0xA5, bracket: new BracketOptions());
        rig.Market(5_000, 5_000.25);
        rig.Signal(side, quantity);
        Drain(rig);
        return rig;
    }

    private void Quote(StageRig rig, double bid)
    {
        rig.Market(bid, bid + 0.25);
        Drain(rig);
    }

    /// <summary>Hands over what the venue has said, and keeps the trades that it closed.</summary>
    private void Drain(StageRig rig)
    {
        while (rig.TryDrainOne(out var e))
        {
            foreach (var action in rig.ActionsOf(e))
            {
                if (action.Kind == RoutingActionKind.TradeClosed)
                    _closed.Add(action.Trade);
            }
        }
    }

    /// <summary>Three contracts are held, whose stop and target are at the venue and not answered.</summary>
    private static StageRig Protected(SilentVenue venue, out Order stop, out Order target)
    {
        var rig = new StageRig(gateway: venue, bracket: new BracketOptions());
        rig.Market(5_000, 5_000.25);
        Fill(rig, rig.Signal(Side.Buy, 3).Routing.Order, 5_000.25);
        stop = venue.Orders.Single(static o => o.Purpose == OrderPurpose.StopLoss);
        target = venue.Orders.Single(static o => o.Purpose == OrderPurpose.TakeProfit);
        return rig;
    }

    private static void Answer(
        StageRig rig,
        in Order order,
        ExecutionReportKind kind,
        VenueRejectReason reason = VenueRejectReason.None) => rig.Report(new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = kind,
            Side = order.Side,
            OrderQuantity = order.Quantity,
            RejectReason = reason,
        });

    private static ulong _lastExecution;

    private static PipelineEvent Fill(StageRig rig, in Order order, double price) =>
        Fill(rig, new OrderState { OrderId = order.OrderId, Side = order.Side, Quantity = order.Quantity }, price);

    private static PipelineEvent Fill(StageRig rig, in OrderState order, double price) =>
        rig.Report(Execution(order, price));

    private static ExecutionReport Execution(in OrderState order, double price) => new()
    {
        OrderId = order.OrderId,
        ExecutionId = ++_lastExecution,
        Kind = ExecutionReportKind.Trade,
        Side = order.Side,
        LastQuantity = order.Quantity,
        CumulativeQuantity = order.Quantity,
        LastPriceE9 = Price(price),
        OrderQuantity = order.Quantity,
    };
}
