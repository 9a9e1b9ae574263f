using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Testing;
using static ExecutionPipeline.Analysis.Tests.Samples;

namespace ExecutionPipeline.Analysis.Tests;

[TestFixture]
public sealed class MarketSeriesTests
{
    [Test]
    public void ShouldEqualPlainSumsWhateverIsAsked()
    {
        var random = TestSeed.NewRandom();
        var market = new MarketSeries();
        var quotes = new List<Quote>();
        var trades = new List<(long TimeNs, long PriceE9, int Quantity)>();
        for (long ns = 0; ns < 5_000; ns += random.Next(0, 20))
        {
            if (random.Next(2) == 0)
            {
                var bid = random.Next(100, 200);
                quotes.Add(new Quote(ns, bid, bid + 2 * random.Next(1, 5)));
                market.AddQuote(ns, quotes[^1].BidPriceE9, quotes[^1].AskPriceE9);
            }
            else
            {
                trades.Add((ns, random.Next(100, 200), random.Next(1, 10)));
                market.AddTrade(ns, trades[^1].PriceE9, trades[^1].Quantity);
            }
        }

        for (var i = 0; i < 300; i++)
        {
            var from = random.Next(0, 5_000);
            var to = from + random.Next(0, 500);
            var within = trades.Where(trade => trade.TimeNs >= from && trade.TimeNs <= to).ToArray();
            var volume = within.Sum(static trade => trade.Quantity);
            double? vwap = volume == 0
                ? null
                : within.Sum(static trade => (double)trade.PriceE9 * trade.Quantity) / volume;
            Assert.That(market.VwapE9(from, to), Is.EqualTo(vwap).Within(1e-9));

            var before = quotes.Where(quote => quote.TimeNs <= from);
            var standing = before.Select(static quote => (Quote?)quote).LastOrDefault();
            Assert.That(market.QuoteAt(from), Is.EqualTo(standing));
            if (standing is null || to == from)
                continue;

            var sum = 0.0;
            for (var ns = from; ns < to; ns++)
                sum += quotes.Last(quote => quote.TimeNs <= ns).MidE9;
            Assert.That(market.TwapE9(from, to), Is.EqualTo(sum / (to - from)).Within(1e-6));
        }
    }

    [Test]
    public void ShouldTakeNoQuoteFromAMarketThatIsCrossedOrHalfThere()
    {
        var market = new MarketSeries();
        var update = new MarketUpdate
        {
            BidPriceE9 = Price(100),
            AskPriceE9 = MarketUpdate.NoPrice,
            TradePriceE9 = Price(99),
            TradeQuantity = 3,
        };
        market.Add(update, 1);
        market.AddQuote(2, Price(101), Price(100));
        Assert.That(market.QuoteAt(5), Is.Null);
        Assert.That(market.LastPriceE9(5), Is.EqualTo(Price(99)));
        Assert.That(market.TwapE9(0, 5), Is.Null);

        update.AskPriceE9 = Price(100.04);
        market.Add(update, 6);
        Assert.That(market.QuoteBefore(6), Is.Null);
        Assert.That(market.QuoteAt(6)!.Value.MidE9, Is.EqualTo(Price(100.02)));
        Assert.That(market.MidWithinE9(7), Is.Null, "beyond the end");
    }

    [Test]
    public void ShouldRefuseTimeThatGoesBack()
    {
        var market = new MarketSeries();
        market.AddTrade(10, 1, 1);
        Assert.That(() => market.AddQuote(9, 1, 2), Throws.ArgumentException.With.Message.Contains("from 10 to 9"));
    }
}
