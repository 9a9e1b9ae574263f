using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Books;

public class MarketByOrderBookTests : OrderBookContract
{
    protected override IOrderBook NewBook() => new MarketByOrderBook(1, 1);

    [TestCase(8, 5)]
    [TestCase(200, 20)]
    [TestCase(3_000, 1_500)]
    public void ShouldAgreeWithTheNaiveBookWhenRecordsAreRandom(int ids, int prices)
    {
        var random = TestSeed.NewRandom();
        var book = new MarketByOrderBook(1, 1);
        var naive = new NaiveOrderBook();
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var record = NextRecord(random, ids, prices);

            // Now and then a run of records restates the book, as after a gap.
            record.Flags = i % 1_000 is >= 400 and < 500 ? MboFlags.Snapshot : MboFlags.None;
            var isApplied = book.TryApply(in record);
            Assert.That(isApplied, Is.EqualTo(naive.TryApply(in record)), $"record {i}");
            refused += isApplied ? 0 : 1;
            Assert.That(book.OrderCount, Is.EqualTo(naive.OrderCount), $"record {i}");

            // The naive book is slow; a fault in the levels does not go away before it is looked at.
            if (i % 50 == 0)
                AssertSameLevels(book, naive);
        }

        AssertSameLevels(book, naive);
        Assert.That(refused, Is.InRange(100, 19_000));
    }

    [Test]
    public void ShouldFindOrdersWhenTheirIdsCollide()
    {
        // Ids a high power of two apart differ only in bits that a weak hash drops.
        var random = TestSeed.NewRandom();
        var book = new MarketByOrderBook(1, 1);
        var naive = new NaiveOrderBook();
        for (var i = 0; i < 20_000; i++)
        {
            var record = NextRecord(random, 64, 3);
            record.OrderId <<= 58;
            Assert.That(book.TryApply(in record), Is.EqualTo(naive.TryApply(in record)), $"record {i}");
        }

        AssertSameLevels(book, naive);
    }

    [Test]
    public void ShouldAllocateNothingWhenTheBookHasHadItsSize()
    {
        var random = new Random(3);
        var records = Enumerable.Range(0, 20_000).Select(_ => NextRecord(random, 500, 300)).ToArray();
        var book = new MarketByOrderBook();
        Action applyAll = () => Array.ForEach(records, record => book.TryApply(in record));
        Assert.That(AllocationMeter.FewestBytesOf(applyAll), Is.Zero);
    }

    [Test]
    public void ShouldSeeTheBytesWhenTheBookStillGrows()
    {
        var records = Enumerable.Range(1, 2_000)
            .Select(i => Record(MboAction.Add, MboSide.Bid, (ulong)i, i, 1)).ToArray();
        Action applyAll = () => Array.ForEach(records, record => new MarketByOrderBook(1, 1).TryApply(in record));
        Assert.That(AllocationMeter.FewestBytesOf(applyAll), Is.GreaterThan(0));
    }

    internal static MboRecord NextRecord(Random random, int ids, int prices)
    {
        var action = random.Next(100) switch
        {
            < 45 => MboAction.Add,
            < 70 => MboAction.Cancel,
            < 97 => MboAction.Modify,
            < 99 => MboAction.Trade,
            _ => random.Next(20) == 0 ? MboAction.Clear : MboAction.Fill,
        };

        // An id keeps its side, mostly, so that most records make sense.
        var id = (ulong)random.Next(ids);
        var isBid = random.Next(20) == 0 ? random.Next(2) == 0 : id % 2 == 0;
        var quantity = (uint)random.Next(action == MboAction.Cancel ? 3 : 6);
        var side = isBid ? MboSide.Bid : MboSide.Ask;
        return Record(action, side, id, 1_000 + random.Next(prices), quantity);
    }

    private static void AssertSameLevels(IOrderBook book, IOrderBook naive)
    {
        foreach (var side in new[] { MboSide.Bid, MboSide.Ask })
        {
            var (actual, expected) = (new BookLevel[4_000], new BookLevel[4_000]);
            Assert.That(book.CopyLevels(side, actual), Is.EqualTo(naive.CopyLevels(side, expected)));
            Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, $"{side} levels differ");
            AssertSameQueue(book, naive, side, actual[0].PriceE9);
            AssertSameQueue(book, naive, side, actual[1].PriceE9);
        }

        Assert.That((book.BestBid, book.BestAsk), Is.EqualTo((naive.BestBid, naive.BestAsk)));
    }

    private static void AssertSameQueue(IOrderBook book, IOrderBook naive, MboSide side, long priceE9)
    {
        var (actual, expected) = (new QueuedOrder[100], new QueuedOrder[100]);
        Assert.That(book.CopyQueue(side, priceE9, actual), Is.EqualTo(naive.CopyQueue(side, priceE9, expected)));
        Assert.That(actual, Is.EqualTo(expected), $"the queue at {priceE9} differs");
    }
}
