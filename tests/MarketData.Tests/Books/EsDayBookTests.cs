using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Books;

/// <summary>A recorded day of the E-mini S&amp;P 500 future.</summary>
public class EsDayBookTests
{
    private const long TickE9 = 250_000_000;

    [Test]
    public void ShouldHaveTheDaysFiguresWhenItIsRead()
    {
        using var reader = DbnReader.Open(SharedData.EsDay());
        var book = new MarketByOrderBook();
        var (record, snapshot, refused, trades, contracts) = (default(MboRecord), 0, 0, 0, 0L);
        var (widthE9, widthSinceNs, wholeNs, oneTickNs) = (0L, 0L, 0L, 0L);
        while (reader.TryRead(ref record))
        {
            refused += book.TryApply(in record) ? 0 : 1;
            snapshot += record.IsSnapshot ? 1 : 0;
            if (record.Action == MboAction.Trade)
                (trades, contracts) = (trades + 1, contracts + record.Quantity);
            if (!record.IsLast)
                continue;

            // How long the book was as wide as it was, from the first trade on: before, there is an auction.
            var elapsedNs = trades == 0 || widthSinceNs == 0 ? 0 : record.EventTimeNs - widthSinceNs;
            wholeNs += elapsedNs;
            oneTickNs += widthE9 == TickE9 ? elapsedNs : 0;
            (widthE9, widthSinceNs) = (book.BestAsk.PriceE9 - book.BestBid.PriceE9, record.EventTimeNs);
        }

        TestContext.Out.WriteLine($"one tick wide for {oneTickNs / 1e9:F0} s of {wholeNs / 1e9:F0} s");
        Assert.Multiple(() =>
        {
            Assert.That((reader.RecordsRead, reader.RecordsSkipped), Is.EqualTo((68_792L, 0L)));
            Assert.That((snapshot, refused), Is.EqualTo((8_725, 0)));
            Assert.That((trades, contracts), Is.EqualTo((2_973, 9_892L)));
            Assert.That(oneTickNs, Is.EqualTo(0.94 * wholeNs).Within(1).Percent);
            Assert.That(reader.Metadata.Symbols, Is.EqualTo(new[] { "ESH4" }));
        });
    }

    [Test]
    public void ShouldAgreeWithTheNaiveBookWhenTheDayIsRead()
    {
        using var reader = DbnReader.Open(SharedData.EsDay());
        var book = new MarketByOrderBook(1, 1);
        var naive = new NaiveOrderBook();
        var record = default(MboRecord);
        while (reader.TryRead(ref record))
        {
            Assert.That(book.TryApply(in record), Is.EqualTo(naive.TryApply(in record)));
            if (reader.RecordsRead % 1_999 == 0)
                AssertSame(book, naive);
        }

        AssertSame(book, naive);
    }

    [Test]
    public void ShouldAgreeWithTheNaiveBookAfterEachRecordWhenTheMarketOpens()
    {
        const int firstTrade = 10_190;
        using var reader = DbnReader.Open(SharedData.EsDay());
        var (book, queues) = (new MarketByOrderBook(1, 1), new QueuePositions());
        var naive = new NaiveOrderBook();
        var own = new List<(int Handle, MboSide Side)>();
        for (var record = default(MboRecord); reader.RecordsRead < firstTrade + 1_500 && reader.TryRead(ref record);)
        {
            Assert.That(book.TryApply(in record, out var change), Is.EqualTo(naive.TryApply(in record)));
            queues.Apply(in change);
            if (reader.RecordsRead < firstTrade)
                continue;

            AssertSame(book, naive);
            foreach (var (handle, side) in own)
            {
                var ahead = naive.Ahead(side, queues.PriceE9(handle), queues.Priority(handle));
                Assert.That((queues.QuantityAhead(handle), queues.OrdersAhead(handle)), Is.EqualTo(ahead));
            }

            if (reader.RecordsRead % 50 != 0)
                continue;

            own.Add((queues.Join(book, MboSide.Bid, book.BestBid.PriceE9 - own.Count % 3 * TickE9), MboSide.Bid));
            own.Add((queues.Join(book, MboSide.Ask, book.BestAsk.PriceE9 + own.Count % 3 * TickE9), MboSide.Ask));
            naive.SkipPriority();
            naive.SkipPriority();
        }

        Assert.That(own, Has.Count.EqualTo(60));
    }

    /// <summary>
    /// The venue executes first what has the highest priority. So an order that the book has ahead of one that was
    /// filled must have been cancelled in the same event, as the prevention of self-trades does, or have been filled in
    /// it too, as an iceberg is, whose parts are told of in one record. Nothing else shows that the queues are right.
    /// </summary>
    [Test]
    public void ShouldHaveEveryFillAtTheFrontOfItsQueueWhenTheDayIsRead()
    {
        using var reader = DbnReader.Open(SharedData.EsDay());
        var book = new MarketByOrderBook();
        var (queue, ahead, gone) = (new QueuedOrder[1_000], new HashSet<ulong>(), new HashSet<ulong>());
        var (fills, atFront) = (0, 0);
        for (var record = default(MboRecord); reader.TryRead(ref record);)
        {
            book.TryApply(in record, out var change);
            if (record is { Action: MboAction.Fill, Side: not MboSide.None } && change.Kind == BookChangeKind.Filled)
            {
                var count = book.CopyQueue(change.Side, change.PriceE9, queue);
                var others = queue[..count].TakeWhile(order => order.OrderId != change.OrderId)
                    .Select(order => order.OrderId).Except(gone).ToArray();
                ahead.UnionWith(others);
                gone.Add(change.OrderId);
                (fills, atFront) = (fills + 1, atFront + (others.Length == 0 ? 1 : 0));
            }

            if (change.Kind == BookChangeKind.Removed)
                gone.Add(change.OrderId);
            if (!record.IsLast)
                continue;

            Assert.That(ahead.Except(gone), Is.Empty, $"record {reader.RecordsRead}");
            ahead.Clear();
            gone.Clear();
        }

        Assert.That((fills, atFront), Is.EqualTo((6_229, 5_700)));
    }

    private static void AssertSame(IOrderBook book, IOrderBook naive)
    {
        Assert.That(
            (book.BestBid, book.BestAsk, book.OrderCount),
            Is.EqualTo((naive.BestBid, naive.BestAsk, naive.OrderCount)));
        var (actual, expected) = (new BookLevel[20], new BookLevel[20]);
        foreach (var side in new[] { MboSide.Bid, MboSide.Ask })
        {
            Assert.That(book.CopyLevels(side, actual), Is.EqualTo(naive.CopyLevels(side, expected)));
            Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, $"{side} levels differ");
            var (queue, expectedQueue) = (new QueuedOrder[100], new QueuedOrder[100]);
            Assert.That(
                book.CopyQueue(side, actual[0].PriceE9, queue),
                Is.EqualTo(naive.CopyQueue(side, actual[0].PriceE9, expectedQueue)));
            Assert.That(queue.AsSpan().SequenceEqual(expectedQueue), Is.True, $"{side} queues differ");
        }
    }
}
