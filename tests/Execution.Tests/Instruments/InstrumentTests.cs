using ExecutionPipeline.Execution.Instruments;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Instruments;

[TestFixture]
public class InstrumentTests
{
    private static readonly TestCaseData[] InvalidOptions =
    [
        new(new InstrumentOptions { Symbol = "ES" }, "set id"),
        new(new InstrumentOptions { Id = 1 }, "set symbol"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", TickSize = 0 }, "set tick_size"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", TickSize = 0.0000001m }, "set tick_size"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", Multiplier = 0 }, "set multiplier"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", MarginPerContract = -1 }, "set margin_per_contract"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", CommissionPerContract = -1 }, "set commission_per_contract"),
        new(
            new InstrumentOptions { Id = 1, Symbol = "ES", ExchangeFeePerContract = 0.0000001m },
            "set exchange_fee_per_contract"),
        new(
            new InstrumentOptions { Id = 1, Symbol = "ES", RegulatorFeePerContract = 1_000_001 },
            "set regulator_fee_per_contract"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", DailyVolatility = double.NaN }, "set daily_volatility"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", DailyVolatility = 0 }, "set daily_volatility"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", MaxPosition = 0 }, "set max_position"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", MaxPrice = 0 }, "set max_price"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", MaxPrice = 1e9m, MaxPosition = 1_000_000 }, "overflow"),
        new(
            new InstrumentOptions
            {
                Id = 1, Symbol = "A", MaxPosition = 99_999, MaxPrice = 1, MarginPerContract = 1e9m,
            },
            "set margin_per_contract to a smaller one"),
        new(
            new InstrumentOptions
            {
                Id = 1, Symbol = "A", MaxPosition = 1_000_000, MaxPrice = 1, ExchangeFeePerContract = 1e6m,
            },
            "set commission_per_contract to a smaller one"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", Calendar = "mars" }, "set calendar to one of cme_equity"),
        new(new InstrumentOptions { Id = 1, Symbol = "ES", Currency = "EUR" }, "set account.rates.EUR"),
    ];

    [TestCaseSource(nameof(InvalidOptions))]
    public void ShouldSayWhatToSetWhenAnOptionIsWrong(InstrumentOptions options, string named) =>
        Assert.That(() => new Instrument(options, 0), Throws.ArgumentException.With.Message.Contains(named));

    [Test]
    public void ShouldSayWhatToSetWhenEveryOptionIsTheLargest()
    {
        var largest = new InstrumentOptions
        {
            Id = 1,
            Symbol = "A",
            Currency = "EUR",
            MaxPrice = 1e9m,
            MaxPosition = 1_000_000,
            Multiplier = 1_000_000,
        };
        var rates = new CurrencyRates("USD", new Dictionary<string, decimal> { ["EUR"] = 1_000 });
        Assert.That(
            () => new Instrument(largest, 0, rates: rates), Throws.ArgumentException.With.Message.Contains("overflow"));
    }

    [Test]
    public void ShouldBeTheEminiWhenNothingIsSet()
    {
        var instrument = new Instrument(new InstrumentOptions { Id = 1, Symbol = "ES" }, 3);
        Assert.That(instrument.Index, Is.EqualTo(3));
        Assert.That(instrument.TickSizeE9, Is.EqualTo(250_000_000));
        Assert.That(instrument.FeePerContractE6, Is.EqualTo(3_800_000));
        Assert.That(instrument.CommissionPerContractE6, Is.EqualTo(2_500_000));
        Assert.That(instrument.ValueE6(Price(4800.25), -2), Is.EqualTo(-480_025_000_000));
    }

    [Test]
    public void ShouldValueExactlyWhenThePriceIsOnTheTick()
    {
        var random = TestSeed.NewRandom();
        var options = new InstrumentOptions { Id = 1, Symbol = "X", TickSize = 0.000001m, Multiplier = 7 };
        var instrument = new Instrument(options, 0);
        for (var i = 0; i < 10_000; i++)
        {
            var priceE9 = random.NextInt64(1, 1_000_000_000_000) * 1_000;
            var quantity = random.Next(-1_000, 1_001);
            var exact = priceE9 * 1e-9m * quantity * 7;
            Assert.That(instrument.ValueE6(priceE9, quantity) * 1e-6m, Is.EqualTo(exact));
            if (quantity != 0)
            {
                var backE9 = instrument.PriceOfValueE9(instrument.ValueE6(priceE9, quantity), quantity);
                Assert.That(backE9, Is.EqualTo(priceE9));
            }
        }
    }

    [TestCase(100.0, 100.0)]
    [TestCase(100.12, 100.0)]
    [TestCase(100.125, 100.25)]
    [TestCase(100.2, 100.25)]
    public void ShouldRoundToTheNearestTickWhenThePriceIsBetween(double price, double expected)
    {
        var instrument = new Instrument(new InstrumentOptions { Id = 1, Symbol = "ES" }, 0);
        Assert.That(instrument.RoundToTickE9((long)(price * E9)), Is.EqualTo(Price(expected)));
    }

    [Test]
    public void ShouldKnowAPriceWhenItIsPositiveOnTheTickAndSane()
    {
        var instrument = new Instrument(new InstrumentOptions { Id = 1, Symbol = "ES" }, 0);
        Assert.That(instrument.IsPrice(Price(4800.25)), Is.True);
        Assert.That(instrument.IsPrice(Price(4800.25) + 1), Is.False);
        Assert.That(instrument.IsPrice(0), Is.False);
        Assert.That(instrument.IsPrice(-Price(1)), Is.False);
        Assert.That(instrument.IsPrice(Price(1_000_000.25)), Is.False);
        Assert.That(instrument.IsPrice(long.MinValue), Is.False);
    }

    [Test]
    public void ShouldFindByIdWhenTheTableHasIt()
    {
        var table = Table(3);
        Assert.That(table.TryIndexOf(2, out var index), Is.True);
        Assert.That(index, Is.EqualTo(1));
        Assert.That(table.TryGet(3, out var instrument), Is.True);
        Assert.That(instrument!.Symbol, Is.EqualTo("I3"));
        Assert.That(table.TryGet(9, out _), Is.False);
    }

    [Test]
    public void ShouldRefuseWhenTheTableIsAmbiguous()
    {
        var one = new InstrumentOptions { Id = 1, Symbol = "A" };
        Assert.That(
            () => new InstrumentTable([one, new InstrumentOptions { Id = 1, Symbol = "B" }]),
            Throws.ArgumentException.With.Message.Contains("share the id 1"));
        Assert.That(
            () => new InstrumentTable([one, new InstrumentOptions { Id = 2, Symbol = "A" }]),
            Throws.ArgumentException.With.Message.Contains("share the symbol A"));
        Assert.That(static () => new InstrumentTable([]), Throws.ArgumentException);
        Assert.That(static () => Table(65), Throws.ArgumentException.With.Message.Contains("64"));
    }
}
