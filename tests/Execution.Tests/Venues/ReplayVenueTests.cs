using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Replay;
using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.MarketData.Tests.Dbn;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>Own orders in a recorded market.</summary>
[TestFixture]
public class ReplayVenueTests
{
    private MarketByOrderBook _book = null!;
    private QueuePositions _queues = null!;
    private RecordedBook _market = null!;
    private ReplayVenue _venue = null!;
    private ReportLog _log = null!;
    private ulong _lastId;

    [SetUp]
    public void SetUp() => Open(new ReplayVenueOptions());

    [Test]
    public void ShouldTradeOnlyWithWhatWasExecutedBehindIt()
    {
        Show(MboAction.Add, 1, 100, 100);
        Show(MboAction.Add, 2, 100, 50);
        var own = Submit(Side.Buy, 10, 100);
        Show(MboAction.Add, 3, 100, 70);
        Show(MboAction.Cancel, 3, 100, 30);
        Fill(1, 100, 100);
        Show(MboAction.Cancel, 2, 100, 20);
        Fill(2, 100, 30);
        Assert.That(FillsOf(own), Is.Empty, "both stood before it");
        Fill(3, 100, 4);
        Fill(3, 100, 20);
        Assert.That(FillsOf(own), Is.EqualTo("4@100 6@100"));
        Assert.That((_venue.RestingOrders, _queues.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldGiveEachContractOnceWhenSeveralOwnOrdersStandBefore()
    {
        var first = Submit(Side.Buy, 3, 100);
        var second = Submit(Side.Buy, 5, 100);
        Show(MboAction.Add, 1, 100, 9);
        Fill(1, 100, 4);
        Assert.That((FillsOf(first), FillsOf(second)), Is.EqualTo(("3@100", "1@100")));
    }

    [Test]
    public void ShouldTakeEachContractOfTheBookOnceAndNeverChangeIt()
    {
        Show(MboAction.Add, 1, 101, 5, MboSide.Ask);
        Show(MboAction.Add, 2, 102, 5, MboSide.Ask);
        var first = Submit(Side.Buy, 3, 102, TimeInForce.ImmediateOrCancel);
        var second = Submit(Side.Buy, 4, 102, TimeInForce.ImmediateOrCancel);
        Assert.That((FillsOf(first), FillsOf(second)), Is.EqualTo(("3@101", "2@101 2@102")));
        Assert.That(_book.BestAsk, Is.EqualTo(new BookLevel(Price(101), 5, 1)), "the history is as it was");
        var all = Submit(Side.Buy, 4, 102, TimeInForce.FillOrKill);
        Assert.That(FillsOf(all), Is.Empty, "3 are left");
        Fill(1, 101, 5, MboSide.Ask);
        Show(MboAction.Add, 3, 101, 2, MboSide.Ask);
        var third = Submit(Side.Buy, 2, 101, TimeInForce.ImmediateOrCancel);
        Assert.That(FillsOf(third), Is.EqualTo("2@101"), "what comes later is there");
    }

    /// <summary>What was taken was of orders that are there no more, though no record has taken them out.</summary>
    [Test]
    public void ShouldFindEverythingWhenTheBookWasEmptiedAndFilledAnew()
    {
        Show(MboAction.Add, 1, 101, 5, MboSide.Ask);
        Submit(Side.Buy, 5, 101, TimeInForce.ImmediateOrCancel);
        Show(MboAction.Clear, 0, 0, 0, MboSide.None);
        Show(MboAction.Add, 2, 101, 5, MboSide.Ask);
        var own = Submit(Side.Buy, 5, 101, TimeInForce.ImmediateOrCancel);
        Assert.That(FillsOf(own), Is.EqualTo("5@101"));
    }

    /// <summary>The second file restates at its beginning what stood there when the first one ended.</summary>
    [Test]
    public void ShouldStandBehindWhatTheNextFileRestatesWhenItRestsOverItsBeginning()
    {
        const long price = 100_000_000_000;
        using var second = new DbnReplay(Restated(price)
            .Add(MboAction.Add, MboSide.Ask, 2, 2 * price, 5)
            .Add(MboAction.Fill, MboSide.Bid, 1, price, 50, MboFlags.None)
            .Add(MboAction.Cancel, MboSide.Bid, 1, price, 50)
            .Add(MboAction.Add, MboSide.Bid, 3, price, 5)
            .Add(MboAction.Fill, MboSide.Bid, 3, price, 2).Open());
        var feed = BehindAFirstFile(price);
        var order = NewOrder(Side.Buy, 2, 100);
        feed.Venue.Submit(order, StartNs);
        var fills = new List<string>();
        while (second.TryNext())
        {
            feed.OnRecord(second);
            fills.Add(FillsOf(order.OrderId));
        }

        Assert.That(fills[..^1], Is.All.Empty, "those 50 stood before it");
        Assert.That(fills[^1], Is.EqualTo("2@100"));
    }

    /// <summary>What comes behind the restated orders comes behind own ones, old and new, too.</summary>
    [Test]
    public void ShouldStandBeforeWhatComesFirstWhenTheNextFileHasRestatedTheBook()
    {
        const long price = 100_000_000_000;
        using var second = new DbnReplay(Restated(price)
            .Add(MboAction.Add, MboSide.Bid, 3, price, 5)
            .Add(MboAction.Fill, MboSide.Bid, 1, price, 50, MboFlags.None)
            .Add(MboAction.Cancel, MboSide.Bid, 1, price, 50)
            .Add(MboAction.Fill, MboSide.Bid, 3, price, 5).Open());
        var feed = BehindAFirstFile(price);
        var (old, late) = (NewOrder(Side.Buy, 2, 100), NewOrder(Side.Buy, 3, 100));
        feed.Venue.Submit(old, StartNs);
        var before = "";
        while (second.TryNext())
        {
            before = FillsOf(old.OrderId) + FillsOf(late.OrderId);
            feed.OnRecord(second);
            if (second.Record.IsSnapshot && second.IsWhole)
                feed.Venue.Submit(late, StartNs);
        }

        Assert.That(before, Is.Empty);
        Assert.That((FillsOf(old.OrderId), FillsOf(late.OrderId)), Is.EqualTo(("2@100", "3@100")));
    }

    [Test]
    public void ShouldTradeWithARecordedOrderThatComesToRestAcrossIt()
    {
        Show(MboAction.Add, 1, 100, 5);
        var own = Submit(Side.Buy, 10, 101);
        Show(MboAction.Add, 2, 101, 4, MboSide.Ask);
        Assert.That(FillsOf(own), Is.EqualTo("4@101"));
        var other = Submit(Side.Buy, 4, 101, TimeInForce.ImmediateOrCancel);
        Assert.That(FillsOf(other), Is.Empty, "its contracts are taken");
    }

    [Test]
    public void ShouldTouchAStopAndReplaceAndExpire()
    {
        Show(MboAction.Add, 1, 99, 5);
        Show(MboAction.Add, 2, 101, 5, MboSide.Ask);
        var stop = NewOrder(Side.Buy, 2, 0);
        (stop.Type, stop.TriggerPriceE9) = (OrderType.Stop, Price(102));
        _venue.Submit(stop, StartNs);
        Show(MboAction.Cancel, 2, 101, 5, MboSide.Ask);
        Show(MboAction.Add, 3, 105, 5, MboSide.Ask);
        Assert.That(FillsOf(stop.OrderId), Is.EqualTo("2@105"), "where the market is");

        var order = NewOrder(Side.Buy, 5, 98);
        (order.TimeInForce, order.ExpireNs) = (TimeInForce.GoodTillDate, StartNs + 10);
        _venue.Submit(order, StartNs);
        _venue.Replace(order, new OrderTerms(4, Price(97), 0), StartNs);
        _venue.OnRecord(StartNs + 10);
        Assert.That(_log.Kinds, Does.EndWith("New Replaced Expired"));
    }

    [TestCase(FillModel.Fraction, "2@100 2@100")]
    [TestCase(FillModel.Hazard, "10@100")]
    [TestCase(FillModel.AdverseSelection, "")]
    public void ShouldFollowTheModelWhenATradeIsAtItsPrice(FillModel model, string expected)
    {
        Open(new ReplayVenueOptions { Model = model, FractionBps = 2_000, HazardBps = 10_000 });
        Show(MboAction.Add, 1, 100, 100);
        var own = Submit(Side.Buy, 10, 100);
        Fill(1, 100, 10);
        Fill(1, 100, 10);
        Assert.That(FillsOf(own), Is.EqualTo(expected));
    }

    [Test]
    public void ShouldSayWhichModelItTakesWhenTheDataHasNoQueues()
    {
        _market = new RecordedBook(_book, _queues) { HasQueues = false };
        var venue = new ReplayVenue(Table(), 0, _market, _log, new ReplayVenueOptions());
        Assert.That(venue.Model, Is.EqualTo(FillModel.Fraction));
        Assert.That(venue.Note, Does.Contain("no single orders"));
        Assert.That(_venue.Note, Is.Empty);
    }

    /// <summary>Seeded orders on the recorded day: conserved, the same each time, and the day is as it was.</summary>
    [Test]
    public void ShouldLeaveTheRecordedDayAsItWas([Values] FillModel model)
    {
        var seed = TestSeed.Next();
        var first = PlayDay(seed, model, out var counts, out _);
        Assert.That((counts.Trades, counts.TradedQuantity), Is.EqualTo((2_973L, 9_892L)));
        Assert.That(first.Trades, Is.Not.Empty);
        Assert.That(PlayDay(seed, model, out _, out _).Reports.SequenceEqual(first.Reports));
        foreach (var order in first.Reports.GroupBy(static r => r.OrderId))
        {
            var end = order.Last();
            Assert.That(end.CumulativeQuantity + end.ReleasedQuantity, Is.EqualTo(end.OrderQuantity));
            Assert.That(order.Sum(static r => r.LastQuantity), Is.EqualTo(end.CumulativeQuantity));
        }
    }

    [Test]
    public void ShouldCalibrateTheModelsFromTheRecordedDay()
    {
        PlayDay(1, FillModel.QueueAhead, out _, out var calibration);
        TestContext.Out.WriteLine(
            $"fraction {calibration.FractionBps} bps, hazard {calibration.HazardBps} bps, {calibration.Trades} trades");
        Assert.That(calibration.Trades, Is.GreaterThan(500));
        Assert.That(calibration.FractionBps, Is.InRange(1, 9_999));
        Assert.That(calibration.HazardBps, Is.InRange(1, 9_999));
    }

    private static ReportLog PlayDay(
        int seed, FillModel model, out MarketCounts counts, out FillCalibration calibration)
    {
        using var replay = new DbnReplay(
            DbnReader.Open(RepositoryFiles.SharedPathOf("data", "esh4-glbx-mdp3-20231225.mbo.dbn.gz")));
        var random = new Random(seed);
        var log = new ReportLog();
        var market = new RecordedBook(replay.Book, replay.Queues) { IsContinuous = false };
        var table = new InstrumentTable([new InstrumentOptions { Id = 1, Symbol = "ES", TickSize = 0.25m }]);
        var venue = new ReplayVenue(table, 0, market, log, new ReplayVenueOptions { Model = model });
        calibration = new FillCalibration();
        ulong lastId = 0;
        while (replay.TryNext())
        {
            market.IsContinuous |= replay.Counts.Trades > 0;
            market.Show(replay.Record, replay.Change);
            venue.OnRecord(replay.TimeNs);
            calibration.OnRecord(market);
            if (!replay.IsEventEnd || !market.IsContinuous || random.Next(100) != 0)
                continue;

            var side = (Side)random.Next(1, 3);
            var near = side == Side.Buy ? replay.BestBid : replay.BestAsk;
            var order = new Order
            {
                OrderId = ++lastId,
                Side = side,
                Type = OrderType.Limit,
                TimeInForce = random.Next(4) == 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
                Quantity = random.Next(1, 4),
                LimitPriceE9 = near.PriceE9 + random.Next(-2, 3) * TickE9,
            };
            venue.Submit(order, replay.TimeNs);
            order.OrderId = 1 + (ulong)random.Next((int)lastId);
            if (random.Next(2) == 0 && log.Reports.FindLast(r => r.OrderId == order.OrderId).LeavesQuantity > 0)
                venue.Cancel(order, replay.TimeNs);
        }

        venue.TryCancelAll(replay.TimeNs);
        counts = replay.Counts;
        return log;
    }

    private void Open(ReplayVenueOptions options)
    {
        (_book, _queues, _log) = (new MarketByOrderBook(), new QueuePositions(64), new ReportLog());
        _market = new RecordedBook(_book, _queues);
        _venue = new ReplayVenue(Table(), 0, _market, _log, options);
        _lastId = 0;
    }

    /// <summary>A recorded fill and the cancel that follows it.</summary>
    private void Fill(ulong id, double price, uint quantity, MboSide side = MboSide.Bid)
    {
        Show(MboAction.Fill, id, price, quantity, side);
        Show(MboAction.Cancel, id, price, quantity, side);
    }

    private void Show(MboAction action, ulong id, double price, uint quantity, MboSide side = MboSide.Bid)
    {
        var record = new MboRecord
        {
            Action = action,
            OrderId = id,
            PriceE9 = Price(price),
            Quantity = quantity,
            Side = side,
        };
        Assert.That(_book.TryApply(record, out var change), Is.True);
        _queues.Apply(change);
        _market.Show(record, change);
        _venue.OnRecord(StartNs);
    }

    private ulong Submit(
        Side side, int quantity, double limit, TimeInForce timeInForce = TimeInForce.GoodTillCancel)
    {
        var order = NewOrder(side, quantity, limit);
        order.TimeInForce = timeInForce;
        _venue.Submit(order, StartNs);
        return order.OrderId;
    }

    private Order NewOrder(Side side, int quantity, double limit) => new()
    {
        OrderId = ++_lastId,
        Side = side,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        Quantity = quantity,
        LimitPriceE9 = Price(limit),
    };

    private string FillsOf(ulong id) => string.Join(' ', _log.Trades.Where(t => t.OrderId == id).Select(
        static t => FormattableString.Invariant($"{t.LastQuantity}@{t.LastPriceE9 / 1e9:0.##}")));

    /// <summary>A file of one order of 50, played to its end.</summary>
    private ReplayFeed BehindAFirstFile(long price)
    {
        using var first = new DbnReplay(
            new DbnFileBuilder().Add(MboAction.Add, MboSide.Bid, 1, price, 50).Open());
        var feed = new ReplayFeed(Table(), 0, _log, new ReplayVenueOptions());
        while (first.TryNext())
            feed.OnRecord(first);
        return feed;
    }

    /// <summary>The beginning of the next file: what stood there when the first one ended.</summary>
    private static DbnFileBuilder Restated(long price) => new DbnFileBuilder()
        .Add(MboAction.Clear, MboSide.None, 0, 0, 0, MboFlags.Snapshot)
        .Add(MboAction.Add, MboSide.Bid, 1, price, 50, MboFlags.Snapshot | MboFlags.Last);
}
