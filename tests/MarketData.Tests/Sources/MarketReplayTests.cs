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
        Assert.That(Replay(file, new MarketReplayOptions { InstrumentId = 2 }).Single().BidQuantity, Is.EqualTo(6));
    }

    [Test]
    public void ShouldGiveTheTradeWhenTheFileEndsInsideAnEvent()
    {
        var updates = Replay(new DbnFileBuilder().Add(MboAction.Trade, MboSide.Bid, 9, Price, 4, MboFlags.None));
        Assert.That(updates.Select(Trade), Is.EqualTo(new[] { (Price, 4, Side.Buy) }));
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
        Assert.That((replay.RecordsRefused, replay.RecordsApplied, replay.Trades), Is.EqualTo((2L, 3L, 0L)));
    }

    [Test]
    public void ShouldRefuseWhenRecordsAreOfLevels() => Assert.That(
        () => Replay(new DbnFileBuilder().Add(MboAction.Add, MboSide.Bid, 0, Price, 5, MboFlags.TopOfBook)),
        Throws.InstanceOf<DbnFormatException>().With.Message.Contains("test.dbn: record 1"));

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

        TestContext.Out.WriteLine($"{updates} updates, {replay.CrossedEvents} crossed events");
        Assert.Multiple(() =>
        {
            Assert.That((trades, quantity), Is.EqualTo((2_973, 9_892L)));
            Assert.That((replay.Trades, replay.TradedQuantity), Is.EqualTo((2_973L, 9_892L)));
            Assert.That((replay.RecordsApplied, replay.RecordsRefused), Is.EqualTo((68_792L, 0L)));
            Assert.That(replay.CrossedEvents, Is.EqualTo(891));
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

        using var replay = new MarketReplay(file.Open());
        var update = default(MarketUpdate);
        for (var i = 0; i < 20_000; i++)
            Assert.That(replay.TryNext(ref update), Is.True);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var updates = 0;
        while (replay.TryNext(ref update))
            updates++;

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(updates, Is.EqualTo(20_000));
    }

    private static List<MarketUpdate> Replay(DbnFileBuilder file, MarketReplayOptions? options = null)
    {
        using var replay = new MarketReplay(file.Open(), options);
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
