using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.MarketData.Tests.Dbn;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Tests.Sources;

public class MarketReplayTests
{
    private const long Price = 4800_000_000_000;
    private const long None = MarketUpdate.NoPrice;

    [Test]
    public void ShouldGiveOneUpdateWhenAnEventChangesTheQuote()
    {
        var updates = Replay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5, timeNs: 10)
            .Add(MboAction.Add, MboSide.Ask, 2, Price + 2, 6, MboFlags.None, timeNs: 11)
            .Add(MboAction.Add, MboSide.Ask, 3, Price + 2, 1, timeNs: 12));
        Assert.That(updates.Select(Quote), Is.EqualTo(new[]
        {
            (Price, 5, 1, None, 0, 0, 10L), (Price, 5, 1, Price + 2, 7, 2, 12L),
        }));
        Assert.That(updates.Select(update => update.TradePriceE9), Is.All.EqualTo(None));
        Assert.That(updates[1].SendTimeNs, Is.EqualTo(12));
    }

    [Test]
    public void ShouldGiveNothingWhenTheTopStaysAsItIs()
    {
        var updates = Replay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5)
            .Add(MboAction.Add, MboSide.Bid, 2, Price - 1, 5)
            .Add(MboAction.Cancel, MboSide.Bid, 2, Price - 1, 5));
        Assert.That(updates, Has.Count.EqualTo(1));
    }

    [Test]
    public void ShouldGiveEachTradeWithTheBookAfterTheEventWhenTradesHappen()
    {
        var updates = Replay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Ask, 1, Price, 5)
            .Add(MboAction.Add, MboSide.Ask, 2, Price + 1, 5)
            .Add(MboAction.Trade, MboSide.Bid, 9, Price, 5, MboFlags.None)
            .Add(MboAction.Fill, MboSide.Ask, 1, Price, 5, MboFlags.None)
            .Add(MboAction.Trade, MboSide.Bid, 9, Price + 1, 2, MboFlags.None)
            .Add(MboAction.Fill, MboSide.Ask, 2, Price + 1, 2, MboFlags.None)
            .Add(MboAction.Cancel, MboSide.Ask, 1, Price, 5, MboFlags.None)
            .Add(MboAction.Modify, MboSide.Ask, 2, Price + 1, 3)
            .Add(MboAction.Trade, MboSide.Ask, 9, Price, 1)
            .Add(MboAction.Trade, MboSide.None, 9, Price, 2));
        Assert.That(updates.Skip(1).Select(Trade), Is.EqualTo(new[]
        {
            (Price, 5, Side.Buy), (Price + 1, 2, Side.Buy), (Price, 1, Side.Sell), (Price, 2, Side.None),
        }));
        Assert.That(updates.Skip(1).Select(u => (u.AskPriceE9, u.AskQuantity)), Is.All.EqualTo((Price + 1, 3)));
    }

    [Test]
    public void ShouldWaitForTheCourseWhenTheFileBeginsWithASnapshot()
    {
        var updates = Replay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5, MboFlags.Snapshot, 40)
            .Add(MboAction.Add, MboSide.Bid, 2, Price + 1, 5, MboFlags.Snapshot | MboFlags.Last, 41)
            .Add(MboAction.Add, MboSide.Bid, 3, Price - 9, 1, timeNs: 50));
        Assert.That(updates.Select(Quote), Is.EqualTo(new[] { (Price + 1, 5, 1, None, 0, 0, 50L) }));
    }

    [Test]
    public void ShouldHoldUpdatesBackWhenItStartsAtTheFirstTrade()
    {
        var file = new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5)
            .Add(MboAction.Add, MboSide.Ask, 2, Price + 1, 5)
            .Add(MboAction.Trade, MboSide.Bid, 9, Price + 1, 2, MboFlags.None)
            .Add(MboAction.Modify, MboSide.Ask, 2, Price + 1, 3)
            .Add(MboAction.Add, MboSide.Bid, 3, Price, 1);
        var updates = Replay(file, new MarketReplayOptions { StartsAtFirstTrade = true });
        Assert.That(
            updates.Select(update => (update.BidQuantity, update.AskQuantity, update.TradeQuantity)),
            Is.EqualTo(new[] { (5, 3, 2), (6, 3, 0) }));
    }

    [Test]
    public void ShouldHaveNoQuotesWhenTheBookIsCrossed()
    {
        var file = new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5)
            .Add(MboAction.Add, MboSide.Ask, 2, Price - 1, 5)
            .Add(MboAction.Trade, MboSide.None, 0, Price, 1)
            .Add(MboAction.Cancel, MboSide.Bid, 1, Price, 5);
        Assert.That(
            Replay(file).Select(update => (update.BidPriceE9, update.AskPriceE9, update.TradeQuantity)),
            Is.EqualTo(new[] { (Price, None, 0), (None, None, 0), (None, None, 1), (None, Price - 1, 0) }));
        Assert.That(
            Replay(file, new MarketReplayOptions { IncludesCrossedQuotes = true })[1].AskPriceE9,
            Is.EqualTo(Price - 1));
    }

    [Test]
    public void ShouldFollowOneInstrumentWhenTheFileHasSeveral()
    {
        var file = new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5, instrumentId: 1)
            .Add(MboAction.Add, MboSide.Bid, 1, Price + 7, 6, instrumentId: 2);
        Assert.That(Replay(file).Single().BidQuantity, Is.EqualTo(5));
        Assert.That(Replay(file, new MarketReplayOptions { InstrumentIds = [2] }).Single().BidQuantity, Is.EqualTo(6));
    }

    [Test]
    public void ShouldGiveTheTradeWhenTheFileEndsInsideAnEvent()
    {
        var updates = Replay(new DbnFileBuilder().Add(MboAction.Trade, MboSide.Bid, 9, Price, 4, MboFlags.None));
        Assert.That(updates.Select(Trade), Is.EqualTo(new[] { (Price, 4, Side.Buy) }));
    }

    [Test]
    public void ShouldGiveTheTradeAtTheNextTimeWhenNoEventsEndIsMarked()
    {
        var file = new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Ask, 1, Price, 5, MboFlags.None, 10)
            .Add(MboAction.Trade, MboSide.Bid, 9, Price, 2, MboFlags.None, 20)
            .Add(MboAction.Cancel, MboSide.Ask, 1, Price, 2, MboFlags.None, 20)
            .Add(MboAction.Trade, MboSide.Bid, 9, Price, 1, MboFlags.None, 30)
            .Add(MboAction.Cancel, MboSide.Ask, 1, Price, 1, MboFlags.None, 30)
            .Add(MboAction.Add, MboSide.Ask, 2, Price, 7, MboFlags.None, 40);
        using var replay = new MarketReplay(file.Open());
        var updates = All(replay);
        Assert.That(
            updates.Select(update => (update.ExchangeTimeNs, update.TradeQuantity, update.AskQuantity)),
            Is.EqualTo(new[] { (10L, 0, 5), (20L, 2, 3), (30L, 1, 2) }));
        Assert.That(replay.Counts.EventsWithoutEnd, Is.EqualTo(3));
    }

    [Test]
    public void ShouldNotHoldTradesBackWhenOneMarkIsMissing()
    {
        using var replay = new MarketReplay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Ask, 1, Price, 5, timeNs: 10)
            .Add(MboAction.Trade, MboSide.Bid, 9, Price, 2, MboFlags.None, 20)
            .Add(MboAction.Cancel, MboSide.Ask, 1, Price, 2, MboFlags.None, 21)
            .Add(MboAction.Add, MboSide.Ask, 2, Price, 9, timeNs: 2_000_000_000).Open());
        Assert.That(
            All(replay).Select(update => (update.ExchangeTimeNs, update.TradeQuantity, update.AskQuantity)),
            Is.EqualTo(new[] { (10L, 0, 5), (21L, 2, 3), (2_000_000_000L, 0, 12) }));
        Assert.That(replay.Counts.EventsWithoutEnd, Is.EqualTo(1));
    }

    [Test]
    public void ShouldGoOverToTheNextInstrumentWhenAFutureRolls()
    {
        using var replay = new MarketReplay(
            Roll().Open(), new MarketReplayOptions { InstrumentIds = [1, 2] });
        Assert.That(
            All(replay).Select(update => (update.BidPriceE9, update.BidQuantity, update.TradeQuantity)),
            Is.EqualTo(new[] { (Price, 5, 0), (Price, 5, 3), (Price + 50, 6, 0) }));
        Assert.That((replay.Counts.Rolls, replay.Counts.RecordsOfOthers), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void ShouldCountWhatItPassesOverWhenOneInstrumentIsChosen()
    {
        using var replay = new MarketReplay(Roll().Open(), new MarketReplayOptions { InstrumentIds = [2] });
        Assert.That(All(replay).Select(update => update.BidQuantity), Is.EqualTo(new[] { 6 }));
        Assert.That((replay.Counts.Rolls, replay.Counts.RecordsOfOthers), Is.EqualTo((0L, 3L)));
    }

    [Test]
    public void ShouldPlayWhatIsWholeWhenTheFileIsCutOff()
    {
        var file = new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5)
            .Add(MboAction.Trade, MboSide.Ask, 9, Price, 3, MboFlags.None)
            .AddRaw(14, 0xA0, 0, 0);
        using var replay = new MarketReplay(file.Open());
        var update = default(MarketUpdate);
        Assert.That(replay.TryNext(ref update), Is.True);
        Assert.That(replay.TryNext(ref update), Is.True);
        Assert.That(update.TradeQuantity, Is.EqualTo(3));
        Assert.That(() => replay.TryNext(ref update), Throws.InstanceOf<MarketDataException>());
        Assert.That(() => replay.TryNext(ref update), Throws.InstanceOf<MarketDataException>(), "the second time");
    }

    [TestCase((int)DbnSchema.Mbp1, 1)]
    [TestCase((int)DbnSchema.Tbbo, 1)]
    [TestCase((int)DbnSchema.Mbp10, 10)]
    public void ShouldTakeQuotesFromTheRecordsWhenTheyAreOfLevels(int schema, int levels)
    {
        var top = new LevelPair
        {
            BidPriceE9 = Price,
            AskPriceE9 = Price + 2,
            BidQuantity = 5,
            AskQuantity = 6,
            BidOrders = 2,
            AskOrders = 0,
        };
        var moved = top with { AskPriceE9 = MboRecord.NoPrice, AskQuantity = 0 };
        using var replay = new MarketReplay(new DbnFileBuilder(2, (ushort)schema)
            .AddLevels(MboAction.Add, MboSide.Bid, Price, 5, top, levels, timeNs: 10)
            .AddLevels(MboAction.Trade, MboSide.Bid, Price + 2, 6, top, levels, MboFlags.None, 20)
            .AddLevels(MboAction.Cancel, MboSide.Ask, Price + 2, 6, moved, levels, timeNs: 20)
            .Open());
        Assert.That(
            All(replay).Select(u => (u.ExchangeTimeNs, u.TradeQuantity, u.BidQuantity, u.AskPriceE9, u.AskOrders)),
            Is.EqualTo(new[] { (10L, 0, 5, Price + 2, 1), (20L, 6, 5, None, 0) }));
        Assert.That(replay.Counts.Trades, Is.EqualTo(1));
    }

    [Test]
    public void ShouldGiveTradesWithoutQuotesWhenTheFileHasTradesAlone()
    {
        using var replay = new MarketReplay(new DbnFileBuilder(1, (ushort)DbnSchema.Trades)
            .AddLevels(MboAction.Trade, MboSide.Ask, Price, 4, default, 0, timeNs: 10).Open());
        var update = All(replay).Single();
        Assert.That(Trade(update), Is.EqualTo((Price, 4, Side.Sell)));
        Assert.That((update.BidPriceE9, update.AskPriceE9), Is.EqualTo((None, None)));
    }

    [Test]
    public void ShouldCountGapsWhenTheChannelMayHaveThem()
    {
        using var replay = new MarketReplay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5, MboFlags.Last | MboFlags.MaybeBadBook, 20)
            .Add(MboAction.Add, MboSide.Bid, 2, Price, 5, timeNs: 19).Open());
        All(replay);
        Assert.That((replay.Counts.RecordsAfterGaps, replay.Counts.RecordsBackInTime), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void ShouldNotGoBackInTimeWhenRecordsDo()
    {
        var updates = Replay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5, timeNs: 20)
            .Add(MboAction.Add, MboSide.Bid, 2, Price, 5, timeNs: 19));
        Assert.That(updates.Select(update => update.ExchangeTimeNs), Is.EqualTo(new[] { 20, 20 }));
    }

    [Test]
    public void ShouldCountAndGoOnWhenARecordContradictsTheBook()
    {
        using var replay = new MarketReplay(new DbnFileBuilder()
            .Add(MboAction.Cancel, MboSide.Bid, 1, Price, 5)
            .Add(MboAction.Trade, MboSide.Bid, 1, -5, 5)
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5).Open());
        var update = default(MarketUpdate);
        Assert.That(replay.TryNext(ref update), Is.True);
        var counts = replay.Counts;
        Assert.That((counts.RecordsRefused, counts.RecordsApplied, counts.Trades), Is.EqualTo((2L, 3L, 0L)));
    }

    [Test]
    public void ShouldRefuseWhenRecordsAreOfLevels() => Assert.That(
        () => Replay(new DbnFileBuilder().Add(MboAction.Add, MboSide.Bid, 0, Price, 5, MboFlags.TopOfBook)),
        Throws.InstanceOf<MarketDataException>().With.Message.Contains("test.dbn: record 1"));

    [Test]
    public void ShouldConserveTheDayAndPassTheEdgeWhenTheEsDayIsReplayed()
    {
        using var replay = MarketReplay.Open(SharedData.EsDay());
        var edge = new Edge();
        var (update, updates, quantity, timeNs, trades) = (default(MarketUpdate), 0, 0L, 0L, 0);
        while (replay.TryNext(ref update))
        {
            updates++;
            quantity += update.TradeQuantity;
            trades += update.TradeQuantity > 0 ? 1 : 0;
            if (edge.Ask(in update) != default || update.ExchangeTimeNs < timeNs)
                Assert.Fail($"update {updates} does not pass: {edge.Ask(in update)} at {update.ExchangeTimeNs}");
            if (update.BidPriceE9 != None && update.BidPriceE9 >= update.AskPriceE9 && update.AskPriceE9 != None)
                Assert.Fail($"update {updates} is locked or crossed");

            timeNs = update.ExchangeTimeNs;
        }

        TestContext.Out.WriteLine($"{updates} updates, {replay.Counts.CrossedEvents} crossed events");
        Assert.Multiple(() =>
        {
            Assert.That((trades, quantity), Is.EqualTo((2_973, 9_892L)));
            Assert.That((replay.Counts.Trades, replay.Counts.TradedQuantity), Is.EqualTo((2_973L, 9_892L)));
            Assert.That((replay.Counts.RecordsApplied, replay.Counts.RecordsRefused), Is.EqualTo((68_792L, 0L)));
            Assert.That(replay.Counts.CrossedEvents, Is.EqualTo(891));
            Assert.That(replay.Counts.EventsWithoutEnd, Is.Zero);
            Assert.That(updates, Is.GreaterThan(10_000));
        });
    }

    [Test]
    public void ShouldBeginAtTheOpenWhenTheEsDayStartsAtItsFirstTrade()
    {
        using var replay = MarketReplay.Open(
            SharedData.EsDay(), new MarketReplayOptions { StartsAtFirstTrade = true });
        var update = default(MarketUpdate);
        Assert.That(replay.TryNext(ref update), Is.True);
        var opensAtNs = new DateTimeOffset(2023, 12, 25, 23, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000_000;
        Assert.That(update.ExchangeTimeNs, Is.EqualTo(opensAtNs));
        var quantity = 0L;
        do
            quantity += update.TradeQuantity;
        while (replay.TryNext(ref update));
        Assert.That(quantity, Is.EqualTo(9_892));
    }

    [Test]
    public void ShouldAllocateNothingPerRecordWhenItIsReplayed()
    {
        var file = new DbnFileBuilder();
        for (ulong id = 1; id <= 20_000; id++)
        {
            file.Add(MboAction.Add, MboSide.Bid, id, Price, 1)
                .Add(MboAction.Trade, MboSide.Ask, 9, Price, 1, MboFlags.None)
                .Add(MboAction.Cancel, MboSide.Bid, id, Price, 1);
        }

        var updates = 0;
        var bytes = AllocationMeter.FewestBytesOfEach(() =>
        {
            var replay = new MarketReplay(file.Open());
            var update = default(MarketUpdate);
            for (var i = 0; i < 20_000; i++)
                Assert.That(replay.TryNext(ref update), Is.True);

            return () =>
            {
                updates = 0;
                while (replay.TryNext(ref update))
                    updates++;
            };
        });

        Assert.That(bytes, Is.Zero);
        Assert.That(updates, Is.EqualTo(20_000));
    }

    private static DbnFileBuilder Roll() => new DbnFileBuilder()
        .Add(MboAction.Add, MboSide.Bid, 1, Price, 5, instrumentId: 1)
        .Add(MboAction.Trade, MboSide.Ask, 9, Price, 3, MboFlags.None, instrumentId: 1)
        .Add(MboAction.Add, MboSide.Bid, 1, Price + 50, 6, instrumentId: 2)
        .Add(MboAction.Add, MboSide.Bid, 2, Price, 5, instrumentId: 1);

    private static List<MarketUpdate> Replay(DbnFileBuilder file, MarketReplayOptions? options = null)
    {
        using var replay = new MarketReplay(file.Open(), options);
        return All(replay);
    }

    private static List<MarketUpdate> All(MarketReplay replay)
    {
        var updates = new List<MarketUpdate>();
        var update = default(MarketUpdate);
        while (replay.TryNext(ref update))
            updates.Add(update);

        Assert.That(replay.TryNext(ref update), Is.False, "came back to life after its end");
        return updates;
    }

    private static (long, int, int, long, int, int, long) Quote(MarketUpdate u) =>
        (u.BidPriceE9, u.BidQuantity, u.BidOrders, u.AskPriceE9, u.AskQuantity, u.AskOrders, u.ExchangeTimeNs);

    private static (long, int, Side) Trade(MarketUpdate u) => (u.TradePriceE9, u.TradeQuantity, u.Aggressor);
}
