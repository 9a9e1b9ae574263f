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

    private static void AssertSame(IOrderBook book, IOrderBook naive)
    {
        Assert.That(
            (book.BestBid, book.BestAsk, book.OrderCount),
            Is.EqualTo((naive.BestBid, naive.BestAsk, naive.OrderCount)));
        var (actual, expected) = (new BookLevel[20], new BookLevel[20]);
        foreach (var side in new[] { MboSide.Bid, MboSide.Ask })
        {
            Assert.That(book.CopyLevels(side, actual), Is.EqualTo(naive.CopyLevels(side, expected)));
            Assert.That(actual, Is.EqualTo(expected));
        }
    }
}
