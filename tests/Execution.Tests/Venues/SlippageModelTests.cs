using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

[TestFixture]
public class SlippageModelTests
{
    private static readonly Instrument Traded = Table(1)[0];

    [TestCase(SlippageKind.Fixed, 1, 1_000, 4_000.25, 3_999.75)]
    [TestCase(SlippageKind.Fixed, 500, 1_000, 4_000.25, 3_999.75)]
    [TestCase(SlippageKind.Linear, 1, 1_000, 4_000.25, 3_999.75)]
    [TestCase(SlippageKind.Linear, 10, 1_000, 4_000.25, 3_999.75)]
    [TestCase(SlippageKind.Linear, 11, 1_000, 4_000.5, 3_999.5)]
    [TestCase(SlippageKind.SquareRoot, 10, 1_000, 4_000.5, 3_999.5)]
    [TestCase(SlippageKind.SquareRoot, 1_000, 1_000, 4_004.0, 3_996.0)]
    [TestCase(SlippageKind.SquareRoot, 4_000, 1_000, 4_008.0, 3_992.0)]
    [TestCase(SlippageKind.SquareRoot, 5, 0, 4_004.0, 3_996.0)]
    public void ShouldMakeThePriceWorseByTheModelWhenAnOrderIsExecuted(
        SlippageKind kind, int quantity, long volume, double bought, double sold)
    {
        var model = new SlippageModel(new SlippageOptions { Model = kind });
        Assert.That(model.PriceE9(Traded, Side.Buy, quantity, Price(4_000), volume), Is.EqualTo(Price(bought)));
        Assert.That(model.PriceE9(Traded, Side.Sell, quantity, Price(4_000), volume), Is.EqualTo(Price(sold)));
    }

    [TestCase(SlippageKind.ByData, false, SlippageKind.Linear)]
    [TestCase(SlippageKind.ByData, true, SlippageKind.None)]
    [TestCase(SlippageKind.SquareRoot, true, SlippageKind.SquareRoot)]
    [TestCase(SlippageKind.None, false, SlippageKind.None)]
    public void ShouldBeLinearWhenTheDataHaveNoQuotesAndNothingIsSet(
        SlippageKind kind, bool hasQuotes, SlippageKind expected) =>
        Assert.That(new SlippageOptions { Model = kind }.For(hasQuotes).Model, Is.EqualTo(expected));

    [Test]
    public void ShouldBeAPriceNeverBetterThanTheMarketWhenAnythingIsTraded()
    {
        var random = TestSeed.NewRandom();
        for (var i = 0; i < 20_000; i++)
        {
            var model = new SlippageModel(new SlippageOptions
            {
                Model = (SlippageKind)random.Next((int)SlippageKind.Fixed, 1 + (int)SlippageKind.SquareRoot),
                FixedAmount = random.NextDouble() * 1_000,
                LinearRate = random.NextDouble() * 10,
                ImpactFactor = random.NextDouble(),
            });
            var marketE9 = Price(0.25 + random.Next(800_000) * 0.25) - (i % 2 == 0 ? 0 : TickE9 / 2);
            var (quantity, volume) = (random.Next(1, 1_000_000), random.NextInt64(1_000_000));
            var boughtE9 = model.PriceE9(Traded, Side.Buy, quantity, marketE9, volume);
            var soldE9 = model.PriceE9(Traded, Side.Sell, quantity, marketE9, volume);

            Assert.That(Traded.IsPrice(boughtE9) && Traded.IsPrice(soldE9));
            Assert.That(boughtE9, Is.GreaterThanOrEqualTo(marketE9));
            Assert.That(soldE9, Is.LessThanOrEqualTo(Math.Max(marketE9, TickE9)));
        }
    }

    [TestCase(9, 0.25, 0.1, 0.001, "Model")]
    [TestCase(0, 0.25, 0.1, 0.001, "Model")]
    [TestCase(2, -1, 0.1, 0.001, "FixedAmount")]
    [TestCase(2, 1_001, 0.1, 0.001, "FixedAmount")]
    [TestCase(3, 0.25, double.NaN, 0.001, "LinearRate")]
    [TestCase(3, 0.25, 1_001, 0.001, "LinearRate")]
    [TestCase(4, 0.25, 0.1, 1.1, "ImpactFactor")]
    public void ShouldNameTheOptionWhenItIsOutOfRange(
        byte kind, double fixedAmount, double linearRate, double impactFactor, string named)
    {
        var options = new SlippageOptions
        {
            Model = (SlippageKind)kind,
            FixedAmount = fixedAmount,
            LinearRate = linearRate,
            ImpactFactor = impactFactor,
        };
        Assert.That(() => new SlippageModel(options), Throws.ArgumentException.With.Message.Contains(named));
    }
}
