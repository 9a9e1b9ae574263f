namespace ExecutionPipeline.Quant.Tests;

[TestFixture]
public class ParametricRiskTests
{
    private const int Rounds = 500;

    [Test]
    public void ShouldGiveTheKnownQuantileWhenConfidenceIsUsual()
    {
        Assert.That(NormalDistribution.Quantile(0.99), Is.EqualTo(2.3263478740408408).Within(1e-12));
        Assert.That(NormalDistribution.Quantile(0.5), Is.EqualTo(0).Within(1e-12));
    }

    [TestCase(0.0)]
    [TestCase(1.0)]
    [TestCase(double.NaN)]
    public void ShouldThrowWhenConfidenceIsNotAProbability(double confidence) =>
        Assert.That(() => NormalDistribution.Quantile(confidence), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void ShouldThrowWhenLengthsDisagree()
    {
        Assert.That(
            static () => ParametricRisk.StandardDeviation([1, 2], [0.1, 0.1], [1, 0, 0]),
            Throws.ArgumentException.With.Message.Contains("4 correlations"));
        Assert.That(
            static () => ParametricRisk.ComponentVar([1], [0.1], [1], 0.99, 1, new double[2]),
            Throws.ArgumentException);
    }

    [Test]
    public void ShouldScaleWithExposuresWhenEveryOneIsMultiplied()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < Rounds; round++)
        {
            var portfolio = RandomPortfolio.Create(random);
            var factor = random.NextDouble() * 10;
            var scaled = portfolio with { Exposures = [.. portfolio.Exposures.Select(e => e * factor)] };
            var expected = portfolio.Deviation() * factor;
            Assert.That(scaled.Deviation(), Is.EqualTo(expected).Within(1e-9 * Math.Max(1, expected)));
        }
    }

    [Test]
    public void ShouldSumComponentsToVarWhenThePortfolioHasRisk()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < Rounds; round++)
        {
            var portfolio = RandomPortfolio.Create(random);
            var components = new double[portfolio.Exposures.Length];
            ParametricRisk.ComponentVar(
                portfolio.Exposures, portfolio.Volatilities, portfolio.Correlations, 0.99, 1, components);
            var valueAtRisk = ParametricRisk.ValueAtRisk(portfolio.Deviation(), 0.99);
            Assert.That(components.Sum(), Is.EqualTo(valueAtRisk).Within(1e-9 * valueAtRisk));
        }
    }

    [Test]
    public void ShouldExceedVarWhenShortfallHasTheSameConfidence()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < Rounds; round++)
        {
            var deviation = RandomPortfolio.Create(random).Deviation();
            var confidence = 0.5 + random.NextDouble() * 0.499;
            Assert.That(
                ParametricRisk.ExpectedShortfall(deviation, confidence),
                Is.GreaterThan(ParametricRisk.ValueAtRisk(deviation, confidence)));
        }
    }

    [Test]
    public void ShouldCarryNoRiskWhenAHedgeIsPerfect()
    {
        Assert.That(ParametricRisk.StandardDeviation([100, -100], [0.02, 0.02], [1, 1, 1, 1]), Is.Zero);

        var components = new double[2];
        ParametricRisk.ComponentVar([0, 0], [0.02, 0.02], [1, 0, 0, 1], 0.99, 1, components);
        Assert.That(components, Is.All.Zero);
    }

    private sealed record RandomPortfolio(double[] Exposures, double[] Volatilities, double[] Correlations)
    {
        public double Deviation() => ParametricRisk.StandardDeviation(Exposures, Volatilities, Correlations);

        /// <summary>A one-factor correlation matrix is positive semidefinite by construction.</summary>
        public static RandomPortfolio Create(Random random)
        {
            var count = random.Next(1, 9);
            var loadings = Enumerable.Range(0, count).Select(_ => random.NextDouble() * 1.8 - 0.9).ToArray();
            var correlations = new double[count * count];
            for (var i = 0; i < count; i++)
                for (var j = 0; j < count; j++)
                    correlations[i * count + j] = i == j ? 1 : loadings[i] * loadings[j];
            return new RandomPortfolio(
                [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * 2e6)],
                [.. Enumerable.Range(0, count).Select(_ => 0.001 + random.NextDouble() * 0.05)],
                correlations);
        }
    }
}
