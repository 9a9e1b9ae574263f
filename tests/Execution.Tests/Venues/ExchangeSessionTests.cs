using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>What the exchange takes while its market is closed, halted or before its opening auction.</summary>
[TestFixture]
public class ExchangeSessionTests
{
    /// <summary>2023-11-15, a Wednesday, 09:30 in New York.</summary>
    private const long OpenNs = 1_700_058_600 * E9;

    private const long MinuteNs = 60 * E9;
    private const long CloseNs = OpenNs + 390 * MinuteNs;
    private const long NextOpenNs = OpenNs + 1_440 * MinuteNs;

    private ExchangeRig _rig = null!;

    [SetUp]
    public void SetUp()
    {
        var table = new InstrumentTable(
            [new InstrumentOptions { Id = 1, Symbol = "SPY", TickSize = 0.25m, Calendar = "us_equity" }]);
        var options = new SimulatedExchangeOptions { EnforceSessions = true, OpeningCallMinutes = 10 };
        _rig = new ExchangeRig(options, table) { TimeNs = OpenNs };
        _rig.Quote(100, 5, 100.25, 5);
    }

    [Test]
    public void ShouldTakeOrdersOnlyWhileTheSessionRuns()
    {
        Assert.That(ReasonAt(OpenNs), Is.EqualTo(VenueRejectReason.None));
        Assert.That(ReasonAt(CloseNs - 1), Is.EqualTo(VenueRejectReason.None));
        Assert.That(ReasonAt(CloseNs), Is.EqualTo(VenueRejectReason.MarketClosed));
        Assert.That(ReasonAt(NextOpenNs - 10 * MinuteNs - 1), Is.EqualTo(VenueRejectReason.MarketClosed));
        Assert.That(ReasonAt(NextOpenNs - 10 * MinuteNs), Is.EqualTo(VenueRejectReason.AuctionCall));
        _rig.TimeNs = NextOpenNs;
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That(ReasonAt(NextOpenNs), Is.EqualTo(VenueRejectReason.None));

        VenueRejectReason ReasonAt(long timeNs)
        {
            _rig.TimeNs = timeNs;
            var id = _rig.Market(Side.Buy, 1);
            return _rig.Log.Reports.Last(r => r.OrderId == id).RejectReason;
        }
    }

    [Test]
    public void ShouldExpireDayOrdersWhenTheSessionCloses()
    {
        var day = _rig.Submit(Side.Buy, 1, 99.0, TimeInForce.Day);
        _rig.Submit(Side.Buy, 1, 99.0);
        _rig.TimeNs = CloseNs - 1;
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That(_rig.Said(), Is.EqualTo("New New"));
        _rig.TimeNs = CloseNs;
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That((_rig.Log.Last.OrderId, _rig.Said()), Is.EqualTo((day, "Expired")));
        Assert.That(_rig.Exchange.RestingOrders(0), Is.EqualTo(1));
    }

    [Test]
    public void ShouldMatchInOrderOfArrivalWhenTheMarketOpens()
    {
        _rig.TimeNs = NextOpenNs - MinuteNs;
        var first = _rig.Submit(Side.Buy, 4, 101.0, TimeInForce.Day);
        var market = _rig.Market(Side.Buy, 2, TimeInForce.Day);
        var passive = _rig.Submit(Side.Buy, 3, 99.0, TimeInForce.Day);
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That(_rig.Said(), Is.EqualTo("New New New"), "nothing trades before the open");

        _rig.Quote(100, 5, 0, 0);
        _rig.TimeNs = NextOpenNs;
        _rig.Quote(100, 5, 0, 0);
        Assert.That(_rig.Said(), Is.Empty, "there is no offer yet");
        _rig.Quote(100, 5, 100.5, 5);
        Assert.That(_rig.FillsOf(market), Is.EqualTo("1@100.5 1@100.75").Or.EqualTo("2@100.5"));
        Assert.That(_rig.Exchange.RestingOrders(0), Is.EqualTo(1));
        _rig.Trade(98.75, 3, Side.Sell);
        Assert.That(_rig.FillsOf(passive), Is.EqualTo("3@99"));
        Assert.That(_rig.Log.Trades.Where(t => t.OrderId == first).Sum(static t => t.LastQuantity), Is.EqualTo(4));
    }

    /// <summary>What was shown in the session before, or while the market was closed, says nothing of the open.
    /// </summary>
    [TestCase(0)]
    [TestCase(CloseNs)]
    [TestCase(NextOpenNs - 11 * MinuteNs)]
    public void ShouldTradeAtNoQuoteOfBeforeWhenTheMarketOpens(long lastQuoteNs)
    {
        if (lastQuoteNs > 0)
        {
            _rig.TimeNs = lastQuoteNs;
            _rig.Quote(100, 5, 100.25, 5);
        }

        _rig.TimeNs = NextOpenNs;
        var market = _rig.Market(Side.Buy, 1);
        Assert.That(
            (_rig.Log.Last.OrderId, _rig.Log.Last.RejectReason), Is.EqualTo((market, VenueRejectReason.NoMarket)));
        _rig.Submit(Side.Buy, 1, 101, TimeInForce.ImmediateOrCancel);
        var limit = _rig.Submit(Side.Buy, 2, 101);
        var stop = _rig.Stop(Side.Buy, 2, 100.25);
        Assert.That(_rig.Said(), Is.EqualTo("Rejected New Expired New New"));
        _rig.Quote(98, 5, 98.25, 5);
        Assert.That(_rig.Log.Trades.Select(static t => t.OrderId), Is.All.EqualTo(limit));
        Assert.That(_rig.Log.Trades.Sum(static t => t.LastQuantity), Is.EqualTo(2));
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That(_rig.FillsOf(stop), Is.EqualTo("2@100.25"));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void ShouldTradeAtNoQuoteOfBeforeWhenNothingCameBetweenTwoSessions(int days)
    {
        _rig.TimeNs = OpenNs + days * 1_440 * MinuteNs + MinuteNs;
        _rig.Market(Side.Buy, 1);
        Assert.That((_rig.Log.Last.RejectReason, _rig.Said()), Is.EqualTo((VenueRejectReason.NoMarket, "Rejected")));
    }

    [Test]
    public void ShouldTradeAtNoQuoteOfBeforeWhenAHaltEnds()
    {
        _rig.Exchange.Enter(0, TradingPhase.Halted, OpenNs);
        _rig.Exchange.Enter(0, TradingPhase.Continuous, OpenNs);
        _rig.Market(Side.Buy, 1);
        Assert.That((_rig.Log.Last.RejectReason, _rig.Said()), Is.EqualTo((VenueRejectReason.NoMarket, "Rejected")));

        _rig.Exchange.Enter(0, TradingPhase.Halted, OpenNs);
        _rig.Quote(97, 5, 97.25, 5);
        _rig.Exchange.Enter(0, TradingPhase.Continuous, OpenNs);
        var market = _rig.Market(Side.Buy, 1);
        Assert.That(_rig.FillsOf(market), Is.EqualTo("1@97.25"), "what was shown meanwhile counts");
    }

    /// <summary>With the call's quote as with the first one after it.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void ShouldLetWhatTheCallHasCollectedGoFirstWhenOrdersComeAfterTheOpen(bool isQuotedInTheCall)
    {
        _rig.TimeNs = NextOpenNs - MinuteNs;
        var collected = _rig.Submit(Side.Buy, 5, 101, TimeInForce.Day);
        if (isQuotedInTheCall)
            _rig.Quote(100, 5, 100.25, 5);
        Assert.That(_rig.Log.Trades, Is.Empty);

        _rig.TimeNs = NextOpenNs;
        var later = _rig.Submit(Side.Buy, 2, 101);
        Assert.That(_rig.Log.Trades.Any(), Is.EqualTo(isQuotedInTheCall));
        if (!isQuotedInTheCall)
            _rig.Quote(100, 5, 100.25, 5);
        Assert.That((_rig.FillsOf(collected), _rig.FillsOf(later)), Is.EqualTo(("5@100.25", "2@100.5")));
    }

    [Test]
    public void ShouldTellThatWhatTheCallHasCollectedIsExecutedWhenItsCancelComesAfterTheOpen()
    {
        var collected = Collect(new Order { TimeInForce = TimeInForce.Day });
        _rig.TimeNs = NextOpenNs;
        _rig.Cancel(collected);
        Assert.That(
            (_rig.FillsOf(collected), _rig.Said()), Is.EqualTo(("5@100.25", "New Trade CancelRejected")));

        _rig.TimeNs = NextOpenNs + 1_439 * MinuteNs;
        collected = Collect(new Order { TimeInForce = TimeInForce.GoodTillCancel });
        _rig.TimeNs = NextOpenNs + 4 * 1_440 * MinuteNs;
        Assert.That(_rig.Exchange.TryCancelAll(_rig.TimeNs));
        Assert.That((_rig.FillsOf(collected), _rig.Said()), Is.EqualTo(("5@100.25", "New Trade")));
    }

    /// <summary>However late somebody looks; the next quote's price is that of an order that comes after the open.
    /// </summary>
    [TestCase(TimeInForce.GoodTillDate, 0)]
    [TestCase(TimeInForce.GoodTillDate, 1)]
    [TestCase(TimeInForce.GoodTillDate, 1_440)]
    [TestCase(TimeInForce.Day, 389)]
    [TestCase(TimeInForce.Day, 390)]
    [TestCase(TimeInForce.Day, 1_440)]
    public void ShouldMatchWhatTheCallHasCollectedBeforeItExpires(TimeInForce timeInForce, int minutes)
    {
        var expires = new Order { TimeInForce = timeInForce };
        if (timeInForce == TimeInForce.GoodTillDate)
            expires.ExpireNs = NextOpenNs + E9;
        var collected = Collect(expires);
        _rig.TimeNs = NextOpenNs + minutes * MinuteNs;
        _rig.Quote(103, 5, 103.25, 5);
        Assert.That((_rig.FillsOf(collected), _rig.Said()), Is.EqualTo(("5@100.25", "New Trade")));
    }

    [Test]
    public void ShouldExpireWhatTheCallHasCollectedWhenItsTimeIsOverBeforeTheOpen()
    {
        Collect(new Order { TimeInForce = TimeInForce.GoodTillDate, ExpireNs = NextOpenNs - E9 });
        _rig.TimeNs = NextOpenNs + MinuteNs;
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That(_rig.Said(), Is.EqualTo("New Expired"));
    }

    [Test]
    public void ShouldGiveWhatRestsFromTheSessionBeforeItsTurnAtTheOpen()
    {
        var offer = _rig.Submit(Side.Sell, 3, 101.5);
        var stop = _rig.Stop(Side.Buy, 2, 101);
        _rig.TimeNs = NextOpenNs - MinuteNs;
        _rig.Quote(102, 5, 102.25, 5);
        Assert.That(_rig.Said(), Is.EqualTo("New New"), "nothing trades before the open");

        _rig.TimeNs = NextOpenNs;
        _rig.Cancel(offer);
        _rig.Cancel(stop);
        Assert.That((_rig.FillsOf(offer), _rig.FillsOf(stop)), Is.EqualTo(("3@101.5", "2@102.25")));
        Assert.That(_rig.Said(), Is.EqualTo("Trade Triggered Trade CancelRejected CancelRejected"));
    }

    [Test]
    public void ShouldLetWhatTheCallHasCollectedGoFirstWhenAnOrderIsReplacedAfterTheOpen()
    {
        _rig.TimeNs = NextOpenNs - MinuteNs;
        var replaced = _rig.Submit(Side.Buy, 2, 99, TimeInForce.Day);
        var collected = _rig.Submit(Side.Buy, 5, 101, TimeInForce.Day);
        _rig.TimeNs = NextOpenNs;
        _rig.Replace(replaced, 2, 101);
        _rig.Quote(100, 5, 100.25, 5);
        Assert.That((_rig.FillsOf(collected), _rig.FillsOf(replaced)), Is.EqualTo(("5@100.25", "2@100.5")));
    }

    [Test]
    public void ShouldOnlyCancelWhileTradingIsHalted()
    {
        var resting = _rig.Submit(Side.Buy, 2, 99.0);
        var stop = _rig.Stop(Side.Sell, 2, 98);
        _rig.Exchange.Enter(0, TradingPhase.Halted, OpenNs);
        _rig.Market(Side.Buy, 1);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.MarketHalted));
        _rig.Replace(resting, 1, 99);
        Assert.That(_rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.MarketHalted));
        _rig.Quote(97, 5, 97.25, 5);
        _rig.Cancel(resting);
        Assert.That(
            _rig.Said(),
            Is.EqualTo("New New Suspended Suspended Rejected ReplaceRejected Cancelled"),
            "nothing trades meanwhile");

        _rig.Exchange.Enter(0, TradingPhase.Continuous, OpenNs);
        Assert.That((_rig.FillsOf(stop), _rig.Said()), Is.EqualTo(("2@97", "Restated Triggered Trade")));
    }

    [Test]
    public void ShouldRestateWhatAHaltHasSuspendedOnlyWhenTheMarketIsNotClosedBeforeThat()
    {
        var resting = _rig.Submit(Side.Buy, 2, 99.0);
        _rig.Exchange.Enter(0, TradingPhase.Halted, OpenNs);
        _rig.Exchange.Enter(0, TradingPhase.Halted, OpenNs);
        _rig.Exchange.Enter(0, TradingPhase.Closed, OpenNs);
        Assert.That(_rig.Said(), Is.EqualTo("New Suspended"), "it is told once");
        _rig.Exchange.Enter(0, TradingPhase.Auction, OpenNs);
        Assert.That((_rig.Log.Last.OrderId, _rig.Said()), Is.EqualTo((resting, "Restated")));
    }

    /// <summary>Futures close at 16:00 in Chicago, and open at 17:00.</summary>
    [Test]
    public void ShouldBeginTheOpeningCallNoEarlierThanTheSessionBeforeCloses()
    {
        const long halfPastThreeNs = OpenNs + 420 * MinuteNs;
        var options = new SimulatedExchangeOptions { EnforceSessions = true, OpeningCallMinutes = 120 };
        var table = new InstrumentTable(
            [new InstrumentOptions { Id = 1, Symbol = "ES", TickSize = 0.25m, Calendar = "cme_equity" }]);
        var rig = new ExchangeRig(options, table) { TimeNs = halfPastThreeNs };
        rig.Submit(Side.Buy, 1, 99);
        Assert.That(rig.Log.Last.RejectReason, Is.EqualTo(VenueRejectReason.None));
        Assert.That(
            (ReasonAt(30), ReasonAt(90)), Is.EqualTo((VenueRejectReason.AuctionCall, VenueRejectReason.NoMarket)));

        rig = new ExchangeRig(options, table);
        Assert.That(ReasonAt(-1), Is.EqualTo(VenueRejectReason.NoMarket));
        rig.Quote(100, 5, 100.25, 5);
        Assert.That((ReasonAt(29), ReasonAt(31)), Is.EqualTo((VenueRejectReason.None, VenueRejectReason.AuctionCall)));

        VenueRejectReason ReasonAt(int minutes)
        {
            rig.TimeNs = halfPastThreeNs + minutes * MinuteNs;
            rig.Market(Side.Buy, 1);
            var reason = rig.Log.Reports.Find(static r => r.Kind == ExecutionReportKind.Rejected).RejectReason;
            rig.Said();
            return reason;
        }
    }

    [Test]
    public void ShouldTakeOrdersAtAnyTimeWhenSessionsAreNotEnforced()
    {
        var rig = new ExchangeRig { TimeNs = CloseNs };
        rig.Quote(100, 5, 100.25, 5);
        rig.Market(Side.Buy, 1);
        Assert.That(rig.Said(), Is.EqualTo("New Trade"));
    }

    /// <summary>Buys five at 101 in the call of the next session, which then shows an offer at 100.25.</summary>
    private ulong Collect(Order order)
    {
        _rig.TimeNs = Math.Max(_rig.TimeNs, NextOpenNs - MinuteNs);
        var id = _rig.Submit(order with { Side = Side.Buy, Quantity = 5 }, 101);
        _rig.Quote(100, 5, 100.25, 5);
        return id;
    }
}
