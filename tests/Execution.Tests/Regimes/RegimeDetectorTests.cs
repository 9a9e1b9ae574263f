using ExecutionPipeline.Execution.Regimes;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Regimes;

[TestFixture]
public class RegimeDetectorTests
{
    private const long MinuteNs = 60_000_000_000;
    private const long PointE9 = 1_000_000_000;

    /// <summary>One-minute volatility that is usual for a day of 1.5 %.</summary>
    private static readonly double Usual = 0.015 / Math.Sqrt(390);

    private long _timeNs = 1_000_000 * MinuteNs;

    [Test]
    public void ShouldKeepARegimeUntilWellBelowItsThresholdWhenVolatilityFalls()
    {
        var detector = new RegimeDetector(new RegimeOptions(), 0.015);
        (double Ratio, VolatilityRegime Expected)[] steps =
        [
            (1.9, VolatilityRegime.Normal), (2.0, VolatilityRegime.Volatile), (1.6, VolatilityRegime.Volatile),
            (1.4, VolatilityRegime.Normal), (1.6, VolatilityRegime.Normal), (4.5, VolatilityRegime.Crisis),
            (3.1, VolatilityRegime.Crisis), (2.9, VolatilityRegime.Volatile), (3.5, VolatilityRegime.Volatile),
            (0.1, VolatilityRegime.Normal),
        ];
        foreach (var (ratio, expected) in steps)
        {
            var before = detector.Volatility;
            var isChanged = detector.TryUpdate(ratio * Usual * (1 + 1e-12), 100 * PointE9, _timeNs);
            Assert.That(detector.Volatility, Is.EqualTo(expected), $"at {ratio}");
            Assert.That(isChanged, Is.EqualTo(before != expected));
        }
    }

    [TestCase(1, MarketRegime.BullTrending)]
    [TestCase(-1, MarketRegime.BearTrending)]
    public void ShouldSeeATrendWhenPricesGoOneWay(int direction, MarketRegime expected)
    {
        var detector = new RegimeDetector(new RegimeOptions(), 0.015);
        for (var minute = 0; minute <= 30; minute++)
            Minute(detector, 1_000 + direction * minute, 0.5);

        Assert.That(detector.Market, Is.EqualTo(expected));
        for (var minute = 0; minute < 30; minute++)
            Minute(detector, 1_000 + direction * 30 + minute % 2, 0.5);

        Assert.That(detector.Market, Is.EqualTo(MarketRegime.SidewaysLow));
    }

    [Test]
    public void ShouldRecoverBeforeItIsSidewaysWhenACrisisEnds()
    {
        var detector = new RegimeDetector(new RegimeOptions { RecoveryMinutes = 10 }, 0.015);
        Minute(detector, 1_000, 5);
        Assert.That(detector.Market, Is.EqualTo(MarketRegime.Crisis));
        Minute(detector, 1_000, 2);
        Assert.That(detector.Market, Is.EqualTo(MarketRegime.Recovery));
        for (var minute = 0; minute < 9; minute++)
            Minute(detector, 1_000 + minute % 2, 2);
        Assert.That(detector.Market, Is.EqualTo(MarketRegime.Recovery));
        Minute(detector, 1_000, 2);
        Assert.That(detector.Market, Is.EqualTo(MarketRegime.SidewaysHigh));
    }

    [Test]
    public void ShouldAgreeWithThePlainRatioWhenPricesAreRandom()
    {
        var random = TestSeed.NewRandom();
        var trend = new TrendEstimator(12);
        var firstE9 = random.Next(990, 1_011) * PointE9;
        trend.TryAdd(firstE9, 0);
        var closes = new List<long> { firstE9 };
        for (var minute = 0L; minute < 400; minute++)
        {
            var latestE9 = 0L;
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                latestE9 = random.Next(990, 1_011) * PointE9;
                trend.TryAdd(latestE9, minute);
            }

            if (closes.Count >= 13)
            {
                var window = closes.TakeLast(13).ToArray();
                var path = window.Skip(1).Zip(window, static (next, last) => Math.Abs(next - last)).Sum();
                var expected = path == 0 ? 0 : (double)(window[^1] - window[0]) / path;
                Assert.That(trend.Efficiency, Is.EqualTo(expected).Within(1e-12));
            }

            closes.Add(latestE9);
        }
    }

    private void Minute(RegimeDetector detector, int price, double ratio)
    {
        detector.TryUpdate(ratio * Usual, price * PointE9, _timeNs);
        _timeNs += MinuteNs;
    }
}
