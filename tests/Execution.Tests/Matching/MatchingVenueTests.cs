using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Matching;

/// <summary>The order-by-order exchange with several participants.</summary>
[TestFixture]
public class MatchingVenueTests
{
    private readonly List<(int Participant, ExecutionReport Report)> _told = [];

    [SetUp]
    public void SetUp() => _told.Clear();

    [Test]
    public void ShouldTradeBetweenParticipantsWhoseIdsAreTheSame()
    {
        var (_, first, second) = Open(new MatchingVenueOptions());
        first.Submit(NewOrder(1, Side.Sell, 5, 100), StartNs);
        second.Submit(NewOrder(1, Side.Buy, 7, 100.25), StartNs);
        Assert.That(
            _told.Select(static t => t.Report).Where(static r => r.Kind == ExecutionReportKind.Trade)
                .Select(static r => (r.LastQuantity, r.LastPriceE9, r.LeavesQuantity, r.Venue, r.OrderQuantity)),
            Is.EqualTo(new[] { (5, Price(100), 0, (byte)4, 5), (5, Price(100), 2, (byte)4, 7) }));
        Assert.That((Told(0), Told(1)), Is.EqualTo(("New Trade", "New Trade")));
    }

    [Test]
    public void ShouldPreventAParticipantFromTradingWithItself()
    {
        var (_, first, second) = Open(new MatchingVenueOptions
        {
            Book = new MatchingBookOptions { SelfTradePrevention = SelfTradePrevention.CancelResting },
        });
        first.Submit(NewOrder(1, Side.Sell, 5, 100), StartNs);
        second.Submit(NewOrder(1, Side.Sell, 5, 100), StartNs);
        first.Submit(NewOrder(2, Side.Buy, 5, 100), StartNs);
        Assert.That(Told(0), Is.EqualTo("New New Cancelled Trade"));
        Assert.That(Told(1), Is.EqualTo("New Trade"));
    }

    [Test]
    public void ShouldRestateBothOrdersToTheirOwnerWhenTheyAreDecremented()
    {
        var (_, first, second) = Open(new MatchingVenueOptions
        {
            Book = new MatchingBookOptions { SelfTradePrevention = SelfTradePrevention.Decrement },
        });
        first.Submit(NewOrder(1, Side.Sell, 3, 100), StartNs);
        first.Submit(NewOrder(2, Side.Buy, 5, 100), StartNs);
        Assert.That(
            (_told[^1].Report.OrderId, _told[^1].Report.OrderQuantity, _told[^1].Report.LeavesQuantity),
            Is.EqualTo((2UL, 2, 2)));
        Assert.That(Told(0), Is.EqualTo("New New Cancelled Restated"));
        first.Submit(NewOrder(3, Side.Sell, 1, 100), StartNs);
        Assert.That(
            _told.Select(static t => (t.Report.Kind, t.Report.OrderId, t.Report.LeavesQuantity)).Skip(1),
            Is.EqualTo(new[] { (ExecutionReportKind.Restated, 2UL, 1), (ExecutionReportKind.Cancelled, 3UL, 0) }));
        Told(0);
        second.Submit(NewOrder(1, Side.Sell, 5, 100), StartNs);
        Assert.That(
            (Told(0), _told[^1].Report.LastQuantity, _told[^1].Report.CumulativeQuantity), Is.EqualTo(("Trade", 1, 1)));
    }

    [Test]
    public void ShouldCheckTickAndLotAndPhase()
    {
        var (venue, first, _) = Open(new MatchingVenueOptions { Book = new MatchingBookOptions { LotSize = 5 } });
        var offTick = NewOrder(1, Side.Buy, 5, 100);
        offTick.LimitPriceE9++;
        first.Submit(offTick, StartNs);
        first.Submit(NewOrder(2, Side.Buy, 4, 100), StartNs);
        first.Submit(NewOrder(3, Side.Buy, 5, 1_000_000), StartNs);
        venue.Enter(0, TradingPhase.Halted, StartNs);
        first.Submit(NewOrder(4, Side.Buy, 5, 100), StartNs);
        venue.Enter(0, TradingPhase.Closed, StartNs);
        first.Submit(NewOrder(5, Side.Buy, 5, 100), StartNs);
        Assert.That(_told.Select(static t => t.Report.RejectReason), Is.EqualTo(new[]
        {
            VenueRejectReason.InvalidPrice, VenueRejectReason.InvalidQuantity, VenueRejectReason.InvalidPrice,
            VenueRejectReason.MarketHalted, VenueRejectReason.MarketClosed,
        }));
    }

    /// <summary>20,000 is the 80,000th tick; the highest price of an instrument is its option max_price.</summary>
    [Test]
    public void ShouldTakeEveryPriceOfAnInstrumentWhenNoBookIsSet()
    {
        var (venue, first, second) = Open(new MatchingVenueOptions());
        first.Submit(NewOrder(1, Side.Buy, 5, 20_000), StartNs);
        Assert.That(venue.BestBidE9(0), Is.EqualTo(Price(20_000)));
        second.Submit(NewOrder(1, Side.Sell, 5, 20_000), StartNs);
        Assert.That((Told(0), Told(1)), Is.EqualTo(("New Trade", "New Trade")));
        first.Submit(NewOrder(2, Side.Buy, 5, 200_000), StartNs);
        first.Submit(NewOrder(3, Side.Buy, 5, 200_000.25), StartNs);
        Assert.That(Told(0), Is.EqualTo("New Rejected"));
    }

    [Test]
    public void ShouldSayWhatToSetWhenAnInstrumentHasMorePricesThanABookCanHave()
    {
        var table = new InstrumentTable([new InstrumentOptions { Id = 1, Symbol = "SPY", TickSize = 0.01m }]);
        Assert.That(
            () => new MatchingVenue(table, new MatchingVenueOptions()),
            Throws.ArgumentException.With.Message.Contains("SPY").And.Message.Contains("167,772.15"));
        var book = new MatchingBookOptions { MaxPriceTicks = 70_000 };
        Assert.That(() => new MatchingVenue(table, new MatchingVenueOptions { Book = book }), Throws.Nothing);
    }

    [Test]
    public void ShouldUncrossAnAuctionAtOnePriceAndShowPeaksAlone()
    {
        var (venue, first, second) = Open(new MatchingVenueOptions());
        venue.Enter(0, TradingPhase.Auction, StartNs);
        var iceberg = NewOrder(1, Side.Buy, 100, 101);
        iceberg.PeakQuantity = 10;
        first.Submit(iceberg, StartNs);
        second.Submit(NewOrder(1, Side.Sell, 30, 99), StartNs);
        Assert.That(venue.QuantityAt(0, Side.Buy, Price(101)), Is.EqualTo(10), "100, peak 10: 10 are shown");
        Assert.That((Told(0), Told(1)), Is.EqualTo(("New", "New")), "nothing trades in the call");
        venue.Enter(0, TradingPhase.Continuous, StartNs);
        var prices = _told.Select(static t => t.Report).Where(static r => r.Kind == ExecutionReportKind.Trade)
            .Select(static r => r.LastPriceE9).Distinct();
        Assert.That(prices.Count(), Is.EqualTo(1));
        Assert.That(_told.Last(static t => t.Participant == 0).Report.CumulativeQuantity, Is.EqualTo(30));
    }

    [Test]
    public void ShouldExpireADayOrderWithItsDayWhenNothingHappensBeforeTheNext()
    {
        var (venue, first, _) = Open(new MatchingVenueOptions { LatencyNs = 1_000 });
        var day = new TradingDay(new TradingDayOptions());
        day.TryRoll(StartNs);
        var order = NewOrder(1, Side.Buy, 5, 100);
        order.TimeInForce = TimeInForce.Day;
        venue.OnTime(StartNs);
        first.Submit(order, day.EndNs - E9);
        venue.OnTime(day.EndNs + E9);
        Assert.That(Told(0), Is.EqualTo("New Expired"));
    }

    [Test]
    public void ShouldReplaceAndCancelAndExpire()
    {
        var (venue, first, second) = Open(new MatchingVenueOptions());
        var order = NewOrder(1, Side.Buy, 5, 100);
        first.Submit(order, StartNs);
        first.Replace(order, new OrderTerms(8, Price(101), 0), StartNs);
        second.Submit(NewOrder(1, Side.Sell, 3, 101), StartNs);
        first.Replace(order, new OrderTerms(2, Price(101), 0), StartNs);
        Assert.That(Told(0), Is.EqualTo("New Replaced Trade Cancelled"), "3 are filled and stay so");
        first.Cancel(order, StartNs);
        var dated = NewOrder(2, Side.Buy, 1, 100);
        (dated.TimeInForce, dated.ExpireNs) = (TimeInForce.GoodTillDate, StartNs + 5);
        first.Submit(dated, StartNs);
        venue.OnTime(StartNs + 4);
        Assert.That(Told(0), Is.EqualTo("CancelRejected New"));
        venue.OnTime(StartNs + 5);
        Assert.That(Told(0), Is.EqualTo("Expired"));
        Assert.That(venue.BestBidE9(0), Is.EqualTo(MarketUpdate.NoPrice));
    }

    [Test]
    public void ShouldSuspendWhatRestsInAHaltAndRestateItBeforeTradingGoesOn()
    {
        var (venue, first, second) = Open(new MatchingVenueOptions());
        var buy = NewOrder(1, Side.Buy, 5, 100);
        first.Submit(buy, StartNs);
        first.Submit(NewOrder(2, Side.Buy, 1, 99), StartNs);
        venue.Enter(0, TradingPhase.Halted, StartNs);
        Assert.That(Told(0), Is.EqualTo("New New Suspended Suspended"));
        first.RequestStatus(buy, StartNs);
        Assert.That(_told[^1].Report.Status, Is.EqualTo(OrderStatus.Suspended));
        first.Cancel(NewOrder(2, Side.Buy, 1, 99), StartNs);
        second.Submit(NewOrder(1, Side.Sell, 5, 100), StartNs);
        Assert.That((Told(0), Told(1)), Is.EqualTo(("Status Cancelled", "Rejected")), "it cannot be executed");
        venue.Enter(0, TradingPhase.Continuous, StartNs);
        second.Submit(NewOrder(2, Side.Sell, 5, 100), StartNs);
        Assert.That(Told(0), Is.EqualTo("Restated Trade"));
        venue.Enter(0, TradingPhase.Halted, StartNs);
        Assert.That(_told.Where(static t => t.Participant == 0), Is.Empty, "nothing rests any more");
    }

    [Test]
    public void ShouldTakeItsTimeBothWaysAndKeepEachParticipantsOrder()
    {
        var (venue, first, _) = Open(new MatchingVenueOptions { LatencyNs = 1_000, JitterNs = 500 });
        var order = NewOrder(1, Side.Buy, 5, 100);
        first.Submit(order, StartNs);
        first.Cancel(order, StartNs);
        venue.OnTime(StartNs + 1_999);
        Assert.That(_told, Is.Empty);
        venue.OnTime(StartNs + 3_000);
        Assert.That(Told(0), Is.EqualTo("New Cancelled"));
        Assert.That(_told, Is.Empty);
    }

    /// <summary>Every contract bought is a contract sold, and nothing is executed twice.</summary>
    [Test]
    public void ShouldConserveContractsWhenOrdersAreRandom()
    {
        var random = TestSeed.NewRandom();
        var (venue, first, second) = Open(new MatchingVenueOptions { LatencyNs = 700, JitterNs = 900 });
        var quantities = new Dictionary<(int, ulong), int>();
        var timeNs = StartNs;
        for (ulong id = 1; id <= 5_000; id++)
        {
            timeNs += random.Next(1_000);
            var participant = random.Next(2);
            var gateway = participant == 0 ? first : second;
            var side = (Side)random.Next(1, 3);
            var order = NewOrder(id, side, random.Next(1, 9), 100 + random.Next(-4, 5) * 0.25);
            order.TimeInForce = (TimeInForce)new[] { 0, 1, 3, 4 }[random.Next(4)];
            quantities[(participant, id)] = order.Quantity;
            gateway.Submit(order, timeNs);
            if (random.Next(3) == 0)
                gateway.Cancel(NewOrder((ulong)random.Next(1, (int)id + 1), side, 1, 100), timeNs);
        }

        first.TryCancelAll(timeNs + 10_000);
        second.TryCancelAll(timeNs + 10_000);
        venue.OnTime(timeNs + 20_000);
        var byOrder = _told.ToLookup(static t => (t.Participant, t.Report.OrderId), static t => t.Report);
        foreach (var (key, quantity) in quantities)
        {
            var reports = byOrder[key].Where(static r => r.Kind != ExecutionReportKind.CancelRejected).ToArray();
            var end = reports[^1];
            Assert.That(end.LeavesQuantity, Is.Zero);
            Assert.That(reports.Sum(static r => r.LastQuantity), Is.EqualTo(end.CumulativeQuantity));
            Assert.That(end.CumulativeQuantity + end.ReleasedQuantity, Is.EqualTo(quantity));
        }

        var trades = _told.Select(static t => t.Report).Where(static r => r.LastQuantity > 0).ToArray();
        Assert.That(trades, Is.Not.Empty);
        Assert.That(
            trades.Where(static r => r.Side == Side.Buy).Sum(static r => r.LastQuantity),
            Is.EqualTo(trades.Where(static r => r.Side == Side.Sell).Sum(static r => r.LastQuantity)));
    }

    private (MatchingVenue Venue, IVenueGateway First, IVenueGateway Second) Open(MatchingVenueOptions options)
    {
        var venue = new MatchingVenue(Table(2), options, venue: 4);
        return (venue, venue.Connect(new Ear(this, 0)), venue.Connect(new Ear(this, 1)));
    }

    /// <summary>What a participant was told, in kinds; it is forgotten.</summary>
    private string Told(int participant)
    {
        var kinds = string.Join(
            ' ', _told.Where(t => t.Participant == participant).Select(static t => t.Report.Kind));
        _told.RemoveAll(t => t.Participant == participant);
        return kinds;
    }

    private static Order NewOrder(ulong id, Side side, int quantity, double limit) => new()
    {
        OrderId = id,
        Side = side,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        Quantity = quantity,
        LimitPriceE9 = Price(limit),
    };

    private sealed class Ear(MatchingVenueTests test, int participant) : IReportSink
    {
        public void OnReport(in ExecutionReport report) => test._told.Add((participant, report));
    }
}
