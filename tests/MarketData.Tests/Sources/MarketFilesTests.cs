using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Csv;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.MarketData.Tests.Dbn;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Tests.Sources;

/// <summary>Several files as one market.</summary>
public sealed class MarketFilesTests
{
    private const long Point = 1_000_000_000;
    private const string QuoteHeader = "ts,bid,ask,bid_size,ask_size\n";
    private const string BothHeader = "ts,bid,ask,bid_size,ask_size,last,volume\n";
    private const string TradeHeader = "ts,last,volume\n";
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldPlayDaysInTheOrderOfTimeWhenTheyAreNamedInAnother()
    {
        var second = Write("b.csv", QuoteHeader + "1700000010,5,6,1,1\n1700000011,5,7,1,1");
        var first = Write("a.csv", QuoteHeader + "1700000000,4,6,1,1");
        Assert.That(Play(second, first).Select(Seconds), Is.EqualTo(new[] { 0, 10, 11 }));
        Assert.That(Notes(second, first), Is.EqualTo(new[]
        {
            "a.csv begins before b.csv: files are played in the order of time.",
        }));
        Assert.That(Notes(first, second), Is.Empty);
    }

    [Test]
    public void ShouldGiveTradesTheQuoteOfTheMomentWhenAnotherFileHasIt()
    {
        var trades = Write("t.csv", TradeHeader + "1700000001,6,3\n1700000002,5,2\n1700000003,5.5,1\n1700000004,6,4");
        var quotes = Write("q.csv", QuoteHeader + "1700000000,5,6,7,8\n1700000003,5,7,7,8");
        using var source = (MergedSource)MarketFiles.Open([trades, quotes], new MarketFileOptions());
        var updates = All(source);
        Assert.That(
            updates.Select(u => (Seconds(u), u.BidPriceE9 / Point, u.AskPriceE9 / Point, u.TradeQuantity, u.Aggressor)),
            Is.EqualTo(new[]
            {
                (0, 5, 6, 0, Side.None), (1, 5L, 6L, 3, Side.Buy), (2, 5L, 6L, 2, Side.Sell), (3, 5L, 7L, 0, Side.None),
                (3, 5L, 7L, 1, Side.Sell), (4, 5L, 7L, 4, Side.Buy),
            }));
        Assert.That(source.Capabilities, Is.EqualTo(new MarketCapabilities(MarketDetail.BestQuotes, 1, true)));
        Assert.That((source.Counts.Trades, source.Counts.RecordsApplied), Is.EqualTo((4L, 6L)));
        Assert.That(Notes(trades, quotes), Is.Empty);
    }

    [Test]
    public void ShouldSayThatFilesOverlapAndPlayBothWhenTheyAreOfTheSameTime()
    {
        var first = Write("a.csv", QuoteHeader + "1700000000,5,6,1,1\n1700000010,5,6,2,1");
        var second = Write("b.csv", QuoteHeader + "1700000005,5,6,3,1\n1700000015,5,6,4,1");
        Assert.That(Play(first, second).Select(u => u.BidQuantity), Is.EqualTo(new[] { 1, 3, 2, 4 }));
        Assert.That(Notes(first, second).Single(), Does.StartWith("a.csv and b.csv overlap: both are played"));
    }

    [Test]
    public void ShouldSayThatTradesComeTwiceWhenBothFilesOfATimeHaveThem()
    {
        var both = Write("a.csv", BothHeader + "1700000000,5,6,1,1,,\n1700000002,5,6,1,1,6,3\n1700000004,5,6,1,1,5,1");
        var trades = Write("t.csv", TradeHeader + "1700000002,6,3\n1700000003,6,1");
        var quotes = Write("q.csv", QuoteHeader + "1700000000,5,6,7,8\n1700000004,5,7,7,8");
        var later = Write("l.csv", TradeHeader + "1700000012,6,3\n1700000013,6,1");
        Assert.That(Play(both, trades).Count(u => (u.TradeQuantity, Seconds(u)) == (3, 2)), Is.EqualTo(2));
        Assert.That(Notes(both, trades), Is.EqualTo(new[]
        {
            "a.csv and t.csv overlap, and both have trades: a trade that is in both is played twice.",
        }));
        Assert.That(Notes(quotes, trades), Is.Empty);
        Assert.That(Notes(both, later), Is.Empty);
        Assert.That(Notes(both, quotes).Single(), Does.StartWith("a.csv and q.csv overlap: both are played"));
    }

    [Test]
    public void ShouldHaveTheDepthOfTheLastUpdateWhenFilesOfOrdersFollowOneAnother()
    {
        var first = WriteDbn("a.dbn", 4_000, 100);
        var second = WriteDbn("b.dbn", 5_000, 200);
        using var source = (MergedSource)MarketFiles.Open([first, second], new MarketFileOptions());
        Assert.That((source.Capabilities.HasQueues, MarketFiles.IsDbn(first)), Is.EqualTo((true, true)));
        var seen = new List<(long Time, long Best, int Levels)>();
        var depth = new BookLevel[10];
        for (var update = default(MarketUpdate); source.TryNext(ref update);)
        {
            var levels = source.CopyDepth(Side.Buy, depth);
            Assert.That(depth[0].PriceE9, Is.EqualTo(update.BidPriceE9));
            seen.Add((update.ExchangeTimeNs, depth[0].PriceE9, levels));
        }

        Assert.That(seen, Is.EqualTo(new[]
        {
            (4_000L, 100L, 1), (4_001L, 101L, 2), (5_000L, 200L, 1), (5_001L, 201L, 2),
        }));
    }

    [Test]
    public void ShouldPlayAllThatIsWholeAndThenTellWhenAFileIsDamaged()
    {
        var first = Write("a.csv", QuoteHeader + "1700000000,5,6,1,1\n1700000001,5,x,1,1");
        var second = Write("b.csv", QuoteHeader + "1700000005,5,6,3,1");
        using var source = (MergedSource)MarketFiles.Open([first, second], new MarketFileOptions());
        var update = default(MarketUpdate);
        Assert.That((source.TryNext(ref update), update.BidQuantity), Is.EqualTo((true, 1)));
        Assert.That((source.TryNext(ref update), update.BidQuantity), Is.EqualTo((true, 3)));
        Assert.That(
            () => source.TryNext(ref update),
            Throws.InstanceOf<MarketDataException>().With.Message.StartsWith("a.csv: line 3: ask 'x'"));
    }

    [Test]
    public void ShouldMakeUpNoQuotesForBarsWhenAFileHasThem()
    {
        var bars = Write("t.csv", "ts,open,high,low,close,volume\n1700000001,6,6,6,6,3");
        var quotes = Write("q.csv", QuoteHeader + "1700000000,5,7,7,8");
        Assert.That(
            Play(bars, quotes).Select(u => (u.BidPriceE9, u.AskPriceE9)), Is.All.EqualTo((5 * Point, 7 * Point)));
        Assert.That(
            Play(bars).Select(u => (u.BidPriceE9, u.AskPriceE9)), Is.All.EqualTo((6 * Point - Point / 100, 6 * Point)));
    }

    [Test]
    public void ShouldPlayTheSpyDaysWhenQuotesAndTradesAreInFilesOfTheirOwn()
    {
        string[] names = ["20131009_trade.zip", "20131008_quote.zip", "20131009_quote.zip", "20131008_trade.zip"];
        var paths = names.Select(name => RepositoryFiles.SharedPathOf("data", "spy", name)).ToArray();
        using var source = (MergedSource)MarketFiles.Open(paths, new MarketFileOptions());
        var edge = new Edge();
        var (update, updates, atQuote, trades, timeNs) = (default(MarketUpdate), 0, 0, 0, 0L);
        while (source.TryNext(ref update))
        {
            updates++;
            if (edge.Ask(in update) != default || update.ExchangeTimeNs < timeNs)
                Assert.Fail($"update {updates} does not pass: {edge.Ask(in update)} at {update.ExchangeTimeNs}");

            timeNs = update.ExchangeTimeNs;
            trades += update.TradeQuantity > 0 ? 1 : 0;
            var isAtQuote = update.TradePriceE9 >= update.BidPriceE9 && update.TradePriceE9 <= update.AskPriceE9;
            atQuote += update.TradeQuantity > 0 && isAtQuote ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{updates} updates, {trades} trades, {atQuote} within the quote");
        Assert.That(source.Counts.Trades, Is.EqualTo(trades));
        Assert.That(atQuote, Is.GreaterThan(trades * 3 / 4), "bars of both files go together");
    }

    private static int Seconds(MarketUpdate update) => (int)(update.ExchangeTimeNs / Point - 1_700_000_000);

    private static List<MarketUpdate> Play(params string[] paths)
    {
        var source = MarketFiles.Open(paths, new MarketFileOptions());
        using (source as IDisposable)
            return All(source);
    }

    private static List<MarketUpdate> All(IMarketSource source)
    {
        var updates = new List<MarketUpdate>();
        for (var update = default(MarketUpdate); source.TryNext(ref update);)
            updates.Add(update);

        return updates;
    }

    private static string[] Notes(params string[] paths)
    {
        var surveys = new List<MarketSurvey>();
        foreach (var path in paths)
        {
            using var source = CsvSource.Open(path);
            surveys.Add(MarketSurvey.Of(source, 1));
        }

        return [.. MarketSurvey.Compare(surveys)];
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string WriteDbn(string name, long timeNs, long priceE9)
    {
        var path = Path.Combine(_folder, name);
        var file = new DbnFileBuilder()
            .Add(MboAction.Add, MboSide.Bid, 1, priceE9, 5, timeNs: timeNs)
            .Add(MboAction.Add, MboSide.Bid, 2, priceE9 + 1, 5, timeNs: timeNs + 1);
        File.WriteAllBytes(path, file.ToBytes());
        return path;
    }
}
