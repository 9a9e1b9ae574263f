using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Instruments;

[TestFixture]
public class CurrencyRatesTests
{
    [TestCase("usd", "EUR", 1.08, "set currency")]
    [TestCase("USD", "EURO", 1.08, "EURO")]
    [TestCase("USD", "USD", 1, "USD")]
    [TestCase("USD", "EUR", 0, "set rates.EUR")]
    [TestCase("USD", "EUR", 1001, "set rates.EUR")]
    public void ShouldNameTheKeyWhenItIsWrong(string account, string code, decimal rate, string named) => Assert.That(
        () => new CurrencyRates(account, new Dictionary<string, decimal> { [code] = rate }),
        Throws.ArgumentException.With.Message.Contains(named));

    [TestCase(1.08)]
    [TestCase(0.0066667)]
    [TestCase(1000.0)]
    [TestCase(0.000001)]
    public void ShouldValueInTheAccountsCurrencyWhenPricesAreInAnother(decimal rate)
    {
        var random = TestSeed.NewRandom();
        var instrument = Create(rate);
        for (var i = 0; i < 10_000; i++)
        {
            var priceE9 = random.NextInt64(1, 80_000) * TickE9;
            var quantity = random.Next(-1_000, 1_001);
            var exact = priceE9 * 1e-9m * quantity * 50 * rate;
            var value = instrument.ValueE6(priceE9, quantity) * 1e-6m;
            // Half of the last place, and what is lost of a tiny rate beyond its 52 binary places.
            Assert.That(value, Is.EqualTo(exact).Within(0.00000051m + Math.Abs(exact) / rate * 1.2e-16m));
        }

        Assert.That(instrument.MarginPerContractE6, Is.EqualTo((long)Math.Round(20_000m * rate * 1e6m)));
        Assert.That(instrument.FeePerContractE6, Is.EqualTo((long)Math.Round(3.80m * rate * 1e6m)));
    }

    [TestCase(100, 1.08, 2)]
    [TestCase(4_000.25, 0.92, -3)]
    public void ShouldFindThePriceAgainWhenAValueIsConverted(double price, decimal rate, int quantity)
    {
        var instrument = Create(rate);
        var backE9 = instrument.PriceOfValueE9(instrument.ValueE6(Price(price), quantity), quantity);
        Assert.That(backE9, Is.EqualTo(Price(price)).Within(20_000 / Math.Abs(quantity)), "a value ends at 1e-6");
    }

    [Test]
    public void ShouldBookInTheAccountsCurrencyWhenATradeEnds()
    {
        var options = new InstrumentOptions { Id = 1, Symbol = "FDAX", Currency = "EUR", Multiplier = 25 };
        var table = new InstrumentTable([options], rates: Rates(1.08m));
        var portfolio = Portfolio(table);
        portfolio.Execute(0, Side.Buy, 2, Price(16_000), 5_000_000);
        portfolio.Mark(0, Price(16_010), StartNs);
        Assert.That(portfolio.UnrealizedPnlE6, Is.EqualTo(540_000_000), "10 points x 25 EUR x 2 x 1.08");

        portfolio.Execute(0, Side.Sell, 2, Price(16_020), 5_000_000);
        Assert.That(portfolio.RealizedPnlE6, Is.EqualTo(1_080_000_000));
        Assert.That(portfolio.NetRealizedPnlE6, Is.EqualTo(1_070_000_000), "net of fees");
        Assert.That(portfolio.EquityE6, Is.EqualTo(1_001_070_000_000));
        Assert.That(portfolio.GrossNotionalE6, Is.Zero);
    }

    private static Instrument Create(decimal rate) => new(
        new InstrumentOptions { Id = 1, Symbol = "FDAX", Currency = "EUR", MaxPosition = 5 }, 0, rates: Rates(rate));

    private static CurrencyRates Rates(decimal rate) =>
        new("USD", new Dictionary<string, decimal> { ["EUR"] = rate });
}
