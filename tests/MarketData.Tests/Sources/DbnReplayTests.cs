using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.MarketData.Tests.Dbn;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Tests.Sources;

/// <summary>The order flow of a file, record by record.</summary>
public sealed class DbnReplayTests
{
    private const long Price = 4800_000_000_000;
    private const long Tick = 250_000_000;

    [Test]
    public void ShouldTellEachRecordAndTheBookAfterItWhenAFileIsPlayed()
    {
        using var replay = new DbnReplay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 5, timeNs: 10)
            .Add(MboAction.Trade, MboSide.Ask, 9, Price, 2, MboFlags.None, 20)
            .Add(MboAction.Fill, MboSide.Bid, 1, Price, 2, MboFlags.None, 20)
            .Add(MboAction.Modify, MboSide.Bid, 1, Price, 3, timeNs: 20).Open());
        Assert.That((replay.HasNext, replay.NextTimeNs), Is.EqualTo((true, 10L)));
        var seen = new List<(MboAction, BookChangeKind, bool IsTrade, bool IsEventEnd, long Bid, long TimeNs)>();
        while (replay.TryNext())
        {
            seen.Add((
                replay.Record.Action,
                replay.Change.Kind,
                replay.IsTrade,
                replay.IsEventEnd,
                replay.BestBid.Quantity,
                replay.TimeNs));
        }

        Assert.That(seen, Is.EqualTo(new[]
        {
            (MboAction.Add, BookChangeKind.Added, false, true, 5L, 10L),
            (MboAction.Trade, BookChangeKind.None, true, false, 5L, 20L),
            (MboAction.Fill, BookChangeKind.Filled, false, false, 5L, 20L),
            (MboAction.Modify, BookChangeKind.Reduced, false, true, 3L, 20L),
        }));
        Assert.That((replay.HasNext, replay.NextTimeNs), Is.EqualTo((false, long.MaxValue)));
    }

    [Test]
    public void ShouldUncrossTheBookWhenACancelIsMissing()
    {
        // The offer at Price was cancelled, and the record of it is lost.
        using var replay = new DbnReplay(Traded()
            .Add(MboAction.Add, MboSide.Ask, 3, Price, 5)
            .Add(MboAction.Add, MboSide.Bid, 4, Price, 7).Open());
        Drain(replay);
        Assert.That(
            (replay.BestBid, replay.BestAsk, replay.Counts.StaleOrders),
            Is.EqualTo((new BookLevel(Price, 7, 1), new BookLevel(Price + Tick, 8, 1), 1L)));
    }

    [Test]
    public void ShouldTakeOutWhatWasTradedThroughWhenACancelIsMissing()
    {
        using var replay = new DbnReplay(Traded()
            .Add(MboAction.Add, MboSide.Ask, 3, Price, 5)
            .Add(MboAction.Trade, MboSide.Bid, 9, Price + Tick, 1, MboFlags.None)
            .Add(MboAction.Fill, MboSide.Ask, 2, Price + Tick, 1, MboFlags.None)
            .Add(MboAction.Modify, MboSide.Ask, 2, Price + Tick, 7).Open());
        Drain(replay);
        Assert.That(
            (replay.BestAsk, replay.Counts.StaleOrders), Is.EqualTo((new BookLevel(Price + Tick, 7, 1), 1L)));
    }

    [Test]
    public void ShouldLeaveTheBookCrossedWhenAnAuctionGathersOrders()
    {
        using var replay = new DbnReplay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Ask, 3, Price, 5)
            .Add(MboAction.Add, MboSide.Bid, 4, Price + Tick, 7)
            .Add(MboAction.Trade, MboSide.None, 0, Price, 1).Open());
        Drain(replay);
        Assert.That((replay.Book.OrderCount, replay.Counts.StaleOrders), Is.EqualTo((2, 0L)));
    }

    [Test]
    public void ShouldKeepAPlaceWhenAFileGoesOnWithASnapshot()
    {
        using var replay = new DbnReplay(new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, Price, 100)
            .Add(MboAction.Add, MboSide.Bid, 2, Price, 50)
            .Add(MboAction.Clear, MboSide.None, 0, 0, 0, MboFlags.Snapshot)
            .Add(MboAction.Add, MboSide.Bid, 2, Price, 50, MboFlags.Snapshot)
            .Add(MboAction.Add, MboSide.Bid, 3, Price, 9, MboFlags.Snapshot)
            .Add(MboAction.Cancel, MboSide.Bid, 3, Price, 9).Open());
        var own = -1;
        var ahead = new List<long>();
        while (replay.TryNext())
        {
            if (own >= 0)
                ahead.Add(replay.Queues.QuantityAhead(own));
            if (replay.Record.OrderId == 2 && own < 0)
                own = replay.Queues.Join(replay.Book, MboSide.Bid, Price);
        }

        Assert.That(ahead, Is.EqualTo(new[] { 150, 150, 50, 50 }));
    }

    [Test]
    public void ShouldForgetThePlacesWhenTheInstrumentChanges()
    {
        using var replay = new DbnReplay(
            new DbnFileBuilder()
                .Add(MboAction.Add, MboSide.Bid, 1, Price, 100, instrumentId: 1)
                .Add(MboAction.Add, MboSide.Bid, 1, Price, 50, instrumentId: 2).Open(),
            [1, 2]);
        replay.TryNext();
        var own = replay.Queues.Join(replay.Book, MboSide.Bid, Price);
        Drain(replay);
        Assert.That((replay.Queues.QuantityAhead(own), replay.Counts.Rolls), Is.EqualTo((0L, 1L)));
        Assert.That(replay.BestBid, Is.EqualTo(new BookLevel(Price, 50, 1)));
    }

    [TestCase((int)DbnSchema.Mbp10, 10, MarketDetail.Levels)]
    [TestCase((int)DbnSchema.Mbp1, 1, MarketDetail.BestQuotes)]
    [TestCase((int)DbnSchema.Tbbo, 1, MarketDetail.BestQuotes)]
    [TestCase((int)DbnSchema.Trades, 0, MarketDetail.Trades)]
    public void ShouldGiveTheDepthThatTheSchemaHasWhenAsked(int schema, int levels, MarketDetail detail)
    {
        var pair = new LevelPair { BidPriceE9 = Price, AskPriceE9 = Price + Tick, BidQuantity = 5, AskQuantity = 6 };
        using var replay = new DbnReplay(new DbnFileBuilder(2, (ushort)schema)
            .AddLevels(MboAction.Trade, MboSide.Bid, Price, 5, pair, levels).Open());
        Drain(replay);
        var depth = new BookLevel[20];
        Assert.That(
            (replay.Capabilities.Detail, replay.Capabilities.DepthLevels, replay.Capabilities.HasQueues),
            Is.EqualTo((detail, levels, false)));
        Assert.That(replay.Capabilities.Missing, Does.Contain("queue"));
        Assert.That(replay.CopyDepth(Side.Buy, depth), Is.EqualTo(levels));
        Assert.That(depth[..levels], Is.All.EqualTo(new BookLevel(Price, 5, 1)));
        Assert.That(replay.CopyDepth(Side.Sell, depth.AsSpan(0, Math.Min(1, levels))), Is.EqualTo(Math.Min(1, levels)));
    }

    [Test]
    public void ShouldReproduceTheDayWhenTheEsDayIsPlayedWithOwnOrdersInItsQueues()
    {
        using var replay = new DbnReplay(DbnReader.Open(SharedData.EsDay()));
        var (trades, contracts, filled) = (0, 0L, 0L);
        while (replay.TryNext())
        {
            if (replay.IsTrade)
                (trades, contracts) = (trades + 1, contracts + replay.Record.Quantity);
            if (replay.Change.Kind == BookChangeKind.Filled && replay.Record.Side != MboSide.None)
                filled += replay.Record.Quantity;
            if (replay.IsEventEnd && trades > 1 && replay.Queues.Count < 1_000)
                replay.Queues.Join(replay.Book, MboSide.Bid, replay.BestBid.PriceE9);
        }

        // A book level on demand is what the book has: an own order is in none.
        var depth = new BookLevel[10];
        Assert.That(replay.CopyDepth(Side.Buy, depth), Is.EqualTo(10));
        Assert.That(depth[0], Is.EqualTo(replay.BestBid));
        Assert.Multiple(() =>
        {
            Assert.That((trades, contracts), Is.EqualTo((2_973, 9_892L)));
            Assert.That(replay.Counts.RecordsApplied, Is.EqualTo(68_792));
            Assert.That((replay.Counts.RecordsRefused, replay.Counts.StaleOrders), Is.EqualTo((0L, 0L)));
            Assert.That(replay.Capabilities.HasQueues, Is.True);
            Assert.That(filled, Is.InRange(9_892 - 200, 9_892), "what rested was executed, but for the auction's");
        });
    }

    /// <summary>Both sides quoted, and a trade with an aggressor: trading is continuous.</summary>
    private static DbnFileBuilder Traded() => new DbnFileBuilder()
        .Add(MboAction.Add, MboSide.Bid, 1, Price - Tick, 8)
        .Add(MboAction.Add, MboSide.Ask, 2, Price + Tick, 8)
        .Add(MboAction.Trade, MboSide.Ask, 9, Price - Tick, 1);

    private static void Drain(DbnReplay replay)
    {
        while (replay.TryNext())
        {
            // What is left is what is asked for.
        }
    }
}
