using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>What users of other simulated exchanges found wrong there.</summary>
[TestFixture]
public class ExchangeScenarioTests
{
    private ExchangeRig _rig = null!;

    [SetUp]
    public void SetUp()
    {
        _rig = new ExchangeRig();
        _rig.Quote(100, 5, 100.25, 5);
    }

    [Test]
    public void ShouldEndWhatIsLeftWhenAnImmediateOrderFindsTooLittle()
    {
        var id = _rig.Submit(Side.Buy, 10, 100.25, TimeInForce.ImmediateOrCancel);
        var end = _rig.Log.Last;
        Assert.That((_rig.FillsOf(id), _rig.Said()), Is.EqualTo(("5@100.25", "New Trade Expired")));
        Assert.That((end.CumulativeQuantity, end.ReleasedQuantity, end.LeavesQuantity), Is.EqualTo((5, 5, 0)));
        Assert.That(_rig.Exchange.RestingOrders(0), Is.Zero, "nothing rests");
    }

    /// <summary>A market that walks to the stop is met there; one that jumps over it is met where it lands.</summary>
    [TestCase(new[] { 98, 99, 100, 102 }, "1@100")]
    [TestCase(new[] { 98, 102, 98 }, "1@102")]
    public void ShouldFillAStopWhereTheMarketIsWhenItGaps(int[] offers, string expected)
    {
        _rig.Quote(97, 5, 98, 5);
        var stop = _rig.Stop(Side.Buy, 1, 100);
        Assert.That(_rig.Said(), Is.EqualTo("New"));
        foreach (var offer in offers)
            _rig.Quote(offer - 1, 5, offer, 5);
        Assert.That((_rig.FillsOf(stop), _rig.Said()), Is.EqualTo((expected, "Triggered Trade")));
    }

    [Test]
    public void ShouldFillASellStopBelowItsTriggerWhenTheMarketGapsDown()
    {
        var stop = _rig.Stop(Side.Sell, 3, 99);
        _rig.Quote(95, 2, 95.25, 2);
        Assert.That((_rig.FillsOf(stop), _rig.Said()), Is.EqualTo(("2@95 1@94.75", "New Triggered Trade Trade")));
    }

    [Test]
    public void ShouldTouchAStopWhenATradeReachesIt()
    {
        var buy = _rig.Stop(Side.Buy, 1, 101);
        var sell = _rig.Stop(Side.Sell, 1, 99);
        _rig.Trade(101, 1, Side.Buy);
        Assert.That((_rig.FillsOf(buy), _rig.Said()), Is.EqualTo(("1@100.25", "New New Triggered Trade")));
        _rig.Trade(99, 1, Side.Sell);
        Assert.That((_rig.FillsOf(sell), _rig.Said()), Is.EqualTo(("1@100", "Triggered Trade")));
    }

    [Test]
    public void ShouldTriggerAtOnceWhenTheMarketIsBeyondTheStopAlready()
    {
        var stop = _rig.Stop(Side.Buy, 1, 99);
        Assert.That((_rig.FillsOf(stop), _rig.Said()), Is.EqualTo(("1@100.25", "New Triggered Trade")));
    }

    [Test]
    public void ShouldRestAtItsLimitWhenAStopLimitGapsPastIt()
    {
        var stop = _rig.Stop(Side.Buy, 2, 101, limit: 101.5);
        _rig.Quote(103, 5, 103.25, 5);
        Assert.That(_rig.Said(), Is.EqualTo("New Triggered"));
        _rig.Quote(101.25, 5, 101.5, 5);
        Assert.That((_rig.FillsOf(stop), _rig.Said()), Is.EqualTo(("2@101.5", "Trade")));
    }

    [Test]
    public void ShouldWaitWithAStopWhenTheOtherSideIsNotQuoted()
    {
        var stop = _rig.Stop(Side.Sell, 1, 99);
        _rig.Quote(0, 0, 98, 5);
        Assert.That(_rig.Said(), Is.EqualTo("New"));
        _rig.Quote(97, 5, 97.25, 5);
        Assert.That((_rig.FillsOf(stop), _rig.Said()), Is.EqualTo(("1@97", "Triggered Trade")));
    }

    [TestCase(TimeInForce.GoodTillCancel)]
    [TestCase(TimeInForce.ImmediateOrCancel)]
    [TestCase(TimeInForce.FillOrKill)]
    public void ShouldTradeAtTheMarketWhenALimitIsFarBeyondIt(TimeInForce timeInForce)
    {
        _rig.Quote(150, 5, 150.25, 5);
        var id = _rig.Submit(Side.Buy, 3, 150.75, timeInForce);
        Assert.That((_rig.FillsOf(id), _rig.Said()), Is.EqualTo(("3@150.25", "New Trade")));
    }

    [Test]
    public void ShouldAddUpWhenARestingOrderIsFilledInParts()
    {
        var id = _rig.Submit(Side.Buy, 10, 100.0);
        _rig.Trade(100, 9, Side.Sell);
        var first = _rig.Log.Last;
        _rig.Trade(99.75, 6, Side.Sell);
        var second = _rig.Log.Last;
        Assert.That((_rig.FillsOf(id), _rig.Said()), Is.EqualTo(("4@100 6@100", "New Trade Trade")));
        Assert.That((first.CumulativeQuantity, second.CumulativeQuantity), Is.EqualTo((4, 10)));
        Assert.That((first.FeeE6, second.FeeE6), Is.EqualTo((4 * 3_800_000L, 6 * 3_800_000L)), "fees for both");
    }

    /// <summary>The best offer falls to our bid and nobody trades.</summary>
    [TestCase(QuoteFillRule.Reached, "2@100", "")]
    [TestCase(QuoteFillRule.Crossed, "", "2@100")]
    [TestCase(QuoteFillRule.Never, "", "")]
    public void ShouldFollowTheRuleWhenAnOfferComesToARestingBid(QuoteFillRule rule, string reached, string crossed)
    {
        var rig = new ExchangeRig(new SimulatedExchangeOptions { QuoteFill = rule });
        rig.Quote(100, 5, 100.25, 5);
        var id = rig.Submit(Side.Buy, 2, 100.0);
        rig.Quote(99.75, 5, 100, 5);
        Assert.That(rig.FillsOf(id), Is.EqualTo(reached));
        rig.Said();
        rig.Quote(99.25, 5, 99.75, 5);
        Assert.That(rig.FillsOf(id), Is.EqualTo(crossed));
    }

    [Test]
    public void ShouldUncrossWhenAnUpdateThatEmptiesALevelIsMissing()
    {
        _rig.Quote(101, 5, 100.25, 5);
        var buy = _rig.Market(Side.Buy, 1);
        var sell = _rig.Market(Side.Sell, 1);
        Assert.That((_rig.FillsOf(buy), _rig.FillsOf(sell)), Is.EqualTo(("1@101.25", "1@101")), "the bid has moved");

        _rig.Quote(101, 5, 100.25, 5);
        _rig.Quote(101, 5, 99, 5);
        buy = _rig.Market(Side.Buy, 1);
        sell = _rig.Market(Side.Sell, 1);
        Assert.That((_rig.FillsOf(buy), _rig.FillsOf(sell)), Is.EqualTo(("1@99", "1@98.75")), "the offer has moved");
        _rig.Said();

        _rig.Quote(110, 5, 109, 5);
        _rig.Market(Side.Buy, 1);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.NoMarket), "nobody knows which is old");
        _rig.Quote(105, 5, 105, 5);
        var locked = _rig.Market(Side.Buy, 1);
        Assert.That(_rig.FillsOf(locked), Is.EqualTo("1@105"), "a locked market has a price");
    }

    [Test]
    public void ShouldKeepItsPlaceOnlyWhenAReplacementShrinks()
    {
        var first = _rig.Submit(Side.Sell, 5, 100.25);
        var second = _rig.Submit(Side.Sell, 5, 100.25);
        _rig.Replace(first, 3, 100.25);
        var replaced = _rig.Log.Last;
        Assert.That(
            (replaced.Kind, replaced.OrderQuantity, replaced.LeavesQuantity, replaced.LimitPriceE9),
            Is.EqualTo((ExecutionReportKind.Replaced, 3, 3, Price(100.25))));
        _rig.Trade(100.25, 6, Side.Buy);
        Assert.That((_rig.FillsOf(first), _rig.FillsOf(second)), Is.EqualTo(("1@100.25", "")), "size down keeps it");

        _rig.Replace(first, 4, 100.25);
        _rig.Trade(100.25, 5, Side.Buy);
        Assert.That((_rig.FillsOf(first), _rig.FillsOf(second)), Is.EqualTo(("1@100.25", "5@100.25")), "size up: back");

        var third = _rig.Submit(Side.Sell, 1, 100.5);
        _rig.Replace(first, 4, 100.5);
        _rig.Trade(100.75, 1, Side.Buy);
        Assert.That((_rig.FillsOf(first), _rig.FillsOf(third)), Is.EqualTo(("1@100.25", "1@100.5")), "new price: back");
    }

    [Test]
    public void ShouldTradeAtTheMarketWhenAReplacementCrosses()
    {
        var id = _rig.Submit(Side.Buy, 8, 99.0);
        _rig.Replace(id, 8, 100.25);
        Assert.That((_rig.FillsOf(id), _rig.Said()), Is.EqualTo(("5@100.25", "New Replaced Trade")));
        Assert.That(_rig.Exchange.RestingOrders(0), Is.EqualTo(1));
    }

    [Test]
    public void ShouldKeepWhatIsFilledWhenAReplacementIsBelowIt()
    {
        var id = _rig.Submit(Side.Buy, 8, 99.0);
        _rig.Trade(98.75, 5, Side.Sell);
        _rig.Replace(id, 4, 99);
        var end = _rig.Log.Last;
        Assert.That(_rig.Said(), Is.EqualTo("New Trade Cancelled"));
        Assert.That((end.CumulativeQuantity, end.ReleasedQuantity, end.LeavesQuantity), Is.EqualTo((5, 3, 0)));
    }

    [Test]
    public void ShouldRefuseAReplacementThatCannotBe()
    {
        var id = _rig.Submit(Side.Buy, 8, 99.0);
        _rig.Replace(id, 0, 99);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.InvalidQuantity));
        _rig.Replace(id, 8, 0);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.InvalidPrice));
        Assert.That(_rig.Log.Last.LeavesQuantity, Is.EqualTo(8), "it stands as it was");
        _rig.Cancel(id);
        _rig.Replace(id, 8, 99);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.UnknownOrder));
        Assert.That(
            _rig.Said(), Is.EqualTo("New ReplaceRejected ReplaceRejected Cancelled ReplaceRejected"));
    }

    [Test]
    public void ShouldMoveAStopWhenItsTriggerIsReplaced()
    {
        var id = _rig.Stop(Side.Sell, 2, 98);
        _rig.Replace(id, 2, 0, trigger: 99);
        _rig.Quote(99, 5, 99.25, 5);
        Assert.That((_rig.FillsOf(id), _rig.Said()), Is.EqualTo(("2@99", "New Replaced Triggered Trade")));
    }

    [Test]
    public void ShouldCancelAStopThatIsNotTriggeredYet()
    {
        var stop = _rig.Stop(Side.Buy, 2, 105);
        _rig.Cancel(stop);
        Assert.That((_rig.Log.Last.ReleasedQuantity, _rig.Said()), Is.EqualTo((2, "New Cancelled")));
        _rig.Quote(106, 5, 106.25, 5);
        Assert.That(_rig.Said(), Is.Empty);
    }

    [Test]
    public void ShouldShowThePeakAloneWhenAnIcebergIsInAnAuction()
    {
        _rig.Exchange.Enter(0, TradingPhase.Auction, StartNs);
        var id = Iceberg(Side.Buy, 100, 10, 100);
        Assert.That(_rig.Exchange.ShownQuantity(id), Is.EqualTo(10));
        _rig.Exchange.Enter(0, TradingPhase.Continuous, StartNs);
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That((_rig.Exchange.ShownQuantity(id), _rig.Said()), Is.EqualTo((10, "New")));
    }

    [Test]
    public void ShouldQueueWithItsNextPeakBehindTheOthersWhenAPeakIsExecuted()
    {
        _rig.Quote(99, 5, 100.25, 5);
        var iceberg = Iceberg(Side.Buy, 25, 10, 100);
        var plain = _rig.Submit(Side.Buy, 4, 100.0);
        _rig.Trade(99.75, 12, Side.Sell);
        Assert.That((_rig.FillsOf(iceberg), _rig.FillsOf(plain)), Is.EqualTo(("10@100", "2@100")));
        _rig.Trade(99.75, 12, Side.Sell);
        Assert.That((_rig.FillsOf(iceberg), _rig.FillsOf(plain)), Is.EqualTo(("10@100 10@100", "2@100 2@100")));
        Assert.That(_rig.Exchange.ShownQuantity(iceberg), Is.EqualTo(5));
    }

    [Test]
    public void ShouldExpireWhenTheDateOfAGoodTillDateOrderHasCome()
    {
        var order = new Order { Side = Side.Buy, Quantity = 1, TimeInForce = TimeInForce.GoodTillDate };
        order.ExpireNs = StartNs + 20;
        var late = _rig.Submit(order, 99);
        order.ExpireNs = StartNs + 10;
        var early = _rig.Submit(order, 99);
        _rig.TimeNs = StartNs + 9;
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That(_rig.Said(), Is.EqualTo("New New"));
        _rig.TimeNs = StartNs + 20;
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That(_rig.Log.Reports.Select(static r => r.OrderId), Is.EqualTo(new[] { early, late }));
        Assert.That(_rig.Said(), Is.EqualTo("Expired Expired"));
    }

    [Test]
    public void ShouldRefuseWhatDoesNotGoTogether()
    {
        _rig.Stop(Side.Buy, 1, 105, timeInForce: TimeInForce.ImmediateOrCancel);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.InvalidOrder), "a stop waits");
        _rig.Submit(Side.Buy, 1, 99.0, TimeInForce.GoodTillDate);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.InvalidOrder), "its date has passed");
        _rig.Submit(new Order { Side = Side.Buy, Quantity = 5, PeakQuantity = 2 });
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.InvalidOrder), "it hides nothing");
        Iceberg(Side.Buy, 5, 6, 100);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.InvalidQuantity));
        Assert.That(_rig.Said(), Is.EqualTo("Rejected Rejected Rejected Rejected"));
    }

    [Test]
    public void ShouldStateItsNumberAndTheOrdersQuantityInEveryReport()
    {
        var rig = new ExchangeRig(venue: 3);
        rig.Quote(100, 5, 100.25, 5);
        var id = rig.Submit(Side.Buy, 7, 100.25);
        rig.Replace(id, 6, 99);
        rig.Cancel(id);
        Assert.That(rig.Log.Reports.Select(static r => (r.Venue, r.OrderQuantity)), Is.EqualTo(new[]
        {
            ((byte)3, 7), ((byte)3, 7), ((byte)3, 6), ((byte)3, 6),
        }));
        Assert.That(rig.Said(), Is.EqualTo("New Trade Replaced Cancelled"));
    }

    private ulong Iceberg(Side side, int quantity, int peak, double limit) => _rig.Submit(
        new Order { Side = side, Quantity = quantity, PeakQuantity = peak, TimeInForce = TimeInForce.Day }, limit);
}
