using ExecutionPipeline.Execution.Limits;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Limits;

[TestFixture]
public class EwmaVolatilityTests
{
    private static readonly VolatilityEstimate Usual = new(0.94, 390);

    [Test]
    public void ShouldFollowTheFormulaWhenPricesAreRandom()
    {
        var random = TestSeed.NewRandom();
        var estimate = new EwmaVolatility(Usual, 0.01);
        var closes = new SortedDictionary<long, double>();
        var timeNs = StartNs;
        for (var i = 0; i < 5_000; i++)
        {
            timeNs += random.NextInt64(60 * E9);
            var price = 5_000 + random.Next(-200, 200) * 0.25;
            estimate.TryAdd(Price(price), timeNs);
            // The running minute is not closed yet.
            Assert.That(estimate.Daily, Is.EqualTo(Naive(closes, timeNs / (60 * E9))).Within(1e-12), $"step {i}");
            closes[timeNs / (60 * E9)] = price;
            if (closes.Count > 400)
                return;
        }

        static double Naive(SortedDictionary<long, double> closes, long running)
        {
            var variance = 0.01 * 0.01 / 390;
            var daily = 0.01;
            var ended = closes.Where(bar => bar.Key < running).ToArray();
            for (var i = 1; i < ended.Length; i++)
            {
                var change = Math.Log(ended[i].Value / ended[i - 1].Value);
                variance = 0.94 * variance + 0.06 * change * change / (ended[i].Key - ended[i - 1].Key);
                daily = Math.Max(0.01, Math.Sqrt(variance * 390));
            }

            return daily;
        }
    }

    [Test]
    public void ShouldKeepTheConfiguredVolatilityWhenTheMarketIsQuiet()
    {
        var estimate = new EwmaVolatility(Usual, 0.01);
        for (var minute = 0; minute < 100; minute++)
            Assert.That(estimate.TryAdd(Price(5_000), StartNs + minute * 60 * E9), Is.False);
        Assert.That(estimate.Daily, Is.EqualTo(0.01));
    }

    [Test]
    public void ShouldSayWhenAPriceHasChangedTheVolatility()
    {
        var table = Table(1);
        var risk = new ExposureRisk(new VarModel(table, 0.99, [], Usual));
        Assert.That(risk.TryObserve(0, Price(5_000), StartNs), Is.False);
        Assert.That(risk.TryObserve(0, Price(5_100), StartNs + 60 * E9), Is.False, "the first minute has no change");
        Assert.That(risk.TryObserve(0, Price(5_100), StartNs + 120 * E9), Is.True);
        Assert.That(risk.TryObserve(0, Price(5_200), StartNs + 121 * E9), Is.False, "the minute goes on");
        var configured = new ExposureRisk(new VarModel(table, 0.99));
        Assert.That(configured.TryObserve(0, Price(5_000), StartNs), Is.False);
    }

    /// <summary>Of four minutes without a price, none is known to have moved: the move is theirs together.</summary>
    [Test]
    public void ShouldShareAMoveAmongTheMinutesWithoutAPrice()
    {
        var estimate = new EwmaVolatility(Usual, 0.001);
        estimate.TryAdd(Price(5_000), StartNs);
        estimate.TryAdd(Price(5_500), StartNs + 4 * 60 * E9);
        estimate.TryAdd(Price(5_500), StartNs + 5 * 60 * E9);
        var change = Math.Log(1.1);
        var variance = 0.94 * 0.001 * 0.001 / 390 + 0.06 * change * change / 4;
        Assert.That(estimate.Daily, Is.EqualTo(Math.Sqrt(variance * 390)).Within(1e-12));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ShouldRaiseTheValueAtRiskWhenTheMarketMovesMoreThanIsConfigured(bool isEstimated)
    {
        var table = Table(2);
        var model = new VarModel(table, 0.99, [], isEstimated ? Usual : null);
        var risk = new ExposureRisk(model);
        risk.Set(0, 100_000);
        var before = risk.Variance;
        for (var minute = 0; minute < 20; minute++)
            risk.TryObserve(0, Price(5_000 + minute % 2 * 50), StartNs + minute * 60 * E9);

        Assert.That(risk.Variance, isEstimated ? Is.GreaterThan(before * 10) : Is.EqualTo(before));
        var expected = 100_000 * risk.VolatilityOf(0);
        Assert.That(Math.Sqrt(risk.Variance), Is.EqualTo(expected).Within(1e-6), "what is held is valued anew");
        Assert.That(Math.Sqrt(risk.Marginal(0).VarianceAt(100_000)), Is.EqualTo(expected).Within(1e-6));
    }
}
