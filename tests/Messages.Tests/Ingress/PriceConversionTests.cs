using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>Prices as floats become exact integers.</summary>
public class PriceConversionTests
{
    private readonly ReaderHarness _harness = new();

    [TestCase(4812.25, 4812_250_000_000)]
    [TestCase(4812.1, 4812_100_000_000)]
    [TestCase(0.000000001, 1)]
    [TestCase(1.0000000014, 1_000_000_001)]
    [TestCase(1.0000000016, 1_000_000_002)]
    [TestCase(1e9, 1_000_000_000_000_000_000)]
    public void ShouldRoundToTheNearestUnitWhenPriceIsConverted(double price, long expectedE9) =>
        Assert.That(Convert(price), Is.EqualTo(expectedE9));

    [Test]
    public void ShouldBeExactWhenADecimalPriceHasNinePlaces()
    {
        var random = TestSeed.NewRandom();
        for (var i = 0; i < 100_000; i++)
        {
            var priceE9 = random.NextInt64(1, 2_000_000_000_000_000);
            var price = (double)(priceE9 * 1e-9m);
            Assert.That(Convert(price), Is.EqualTo(priceE9));
        }
    }

    private long Convert(double price)
    {
        var message = SampleMessages.TradeQualified().With(TradeQualifiedLayout.PriceOffset, price);
        Assert.That(_harness.TryRead(message), Is.True);
        return _harness.Payload.TradeQualified.PriceE9;
    }
}
