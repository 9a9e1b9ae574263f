namespace ExecutionPipeline.Quant.Tests;

[TestFixture]
public class KellySizingTests
{
    [Test]
    public void ShouldNotShrinkWhenConfidenceRises()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 200; round++)
        {
            var payoff = 0.1 + random.NextDouble() * 5;
            var equity = random.NextDouble() * 1e6;
            var volatility = random.NextDouble() * 0.4;
            var before = -1.0;
            for (var confidence = 0.0; confidence <= 1.0; confidence += 0.01)
            {
                var size = KellySizing.Size(confidence, payoff, equity, volatility, pointValue: 50);
                Assert.That(size.RiskFraction, Is.GreaterThanOrEqualTo(before));
                Assert.That(size.Contracts, Is.InRange(0, KellySizing.DefaultMaxContracts));
                before = size.RiskFraction;
            }
        }
    }

    [Test]
    public void ShouldSizeZeroWhenTheAccountIsUnderWater() =>
        Assert.That(KellySizing.Size(0.9, 3, -1000, 0.01, pointValue: 50).Contracts, Is.Zero);

    [Test]
    public void ShouldStayCappedWhenEquityIsAstronomic() =>
        Assert.That(KellySizing.Size(0.9, 3, 1e300, 0.01, pointValue: 50).Contracts, Is.EqualTo(5));

    [Test]
    public void ShouldTakeCostsOffWhenTheFractionIsCostAdjusted()
    {
        // (0.0003 - 0.0001) / (0.01 x 5)
        Assert.That(KellySizing.CostAdjustedFraction(0.0003, 0.0001, 0.01), Is.EqualTo(0.004).Within(1e-12));
        Assert.That(KellySizing.CostAdjustedFraction(0.0001, 0.0003, 0.01), Is.Zero);
        Assert.That(KellySizing.CostAdjustedFraction(0.5, 0.0001, 0.0001), Is.EqualTo(0.02));
        Assert.That(KellySizing.CostAdjustedFraction(0.5, 0.0001, 0), Is.Zero);
    }
}
