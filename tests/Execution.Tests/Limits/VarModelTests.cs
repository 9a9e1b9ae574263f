using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Quant;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Limits;

[TestFixture]
public class VarModelTests
{
    [Test]
    public void ShouldAgreeWithThePlainFormulaWhenEveryPairIsKnown()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 200; round++)
        {
            var count = random.Next(1, 9);
            var table = Table(count);
            var matrix = new double[count * count];
            var pairs = new List<InstrumentCorrelation>();
            for (var i = 0; i < count; i++)
            {
                matrix[i * count + i] = 1;
                for (var j = 0; j < i; j++)
                {
                    var correlation = (random.NextDouble() - 0.5) / count;
                    matrix[i * count + j] = matrix[j * count + i] = correlation;
                    pairs.Add(new() { First = (uint)(i + 1), Second = (uint)(j + 1), Correlation = correlation });
                }
            }

            var exposures = Enumerable.Range(0, count)
                .Select(_ => random.Next(3) == 0 ? 0 : (random.NextDouble() - 0.5) * 1e6).ToArray();
            var volatilities = table.All.ToArray().Select(static i => i.DailyVolatility).ToArray();
            var expected = ParametricRisk.ValueAtRisk(
                ParametricRisk.StandardDeviation(exposures, volatilities, matrix), 0.99);
            var actual = DailyVar(new VarModel(table, 0.99, pairs), exposures);
            Assert.That(actual, Is.EqualTo(expected).Within(1e-9 * Math.Max(1, expected)));
        }
    }

    [TestCase(1e6, 1e6)]
    [TestCase(1e6, -1e6)]
    [TestCase(-1e6, -1e6)]
    public void ShouldAddUpWhenACorrelationIsUnknown(double first, double second)
    {
        var model = new VarModel(Table(), 0.99);
        var alone = DailyVar(model, [first, 0]) + DailyVar(model, [0, second]);
        Assert.That(DailyVar(model, [first, second]), Is.EqualTo(alone).Within(1e-6));
    }

    [Test]
    public void ShouldHedgeWhenTheCorrelationIsKnown()
    {
        var model = new VarModel(
            Table(), 0.99, [new InstrumentCorrelation { First = 1, Second = 2, Correlation = 1 }]);
        Assert.That(DailyVar(model, [2e6, -1e6]), Is.EqualTo(0).Within(1e-3));
    }

    [TestCase(1u, 9u, 0.5)]
    [TestCase(1u, 1u, 0.5)]
    [TestCase(1u, 2u, 1.5)]
    [TestCase(1u, 2u, double.NaN)]
    public void ShouldRefuseWhenAPairMakesNoSense(uint first, uint second, double correlation)
    {
        var pair = new InstrumentCorrelation { First = first, Second = second, Correlation = correlation };
        Assert.That(() => new VarModel(Table(), 0.99, [pair]), Throws.ArgumentException);
    }

    [Test]
    public void ShouldRefuseWhenAPairComesTwice()
    {
        var pair = new InstrumentCorrelation { First = 1, Second = 2, Correlation = 0.5 };
        var turned = new InstrumentCorrelation { First = 2, Second = 1, Correlation = 0.5 };
        Assert.That(
            () => new VarModel(Table(2), 0.99, [pair, turned]),
            Throws.ArgumentException.With.Message.Contains("twice"));
    }

    private static readonly TestCaseData[] InvalidLimits =
    [
        new(new RiskLimits { MaxPosition = 0 }, "MaxPosition"),
        new(new RiskLimits { MaxNotional = -1 }, "MaxNotional"),
        new(new RiskLimits { MaxDailyVar = double.NaN }, "MaxDailyVar"),
        new(new RiskLimits { VarConfidence = 1 }, "VarConfidence"),
        new(new RiskLimits { MaxDailyDrawdown = 2 }, "MaxDailyDrawdown"),
        new(new RiskLimits { MaxOrderSize = 0 }, "MaxOrderSize"),
        new(new RiskLimits { MaxDailyTrades = 0 }, "MaxDailyTrades"),
        new(new RiskLimits { MaxWeeklyVar = double.PositiveInfinity }, "MaxWeeklyVar"),
        new(new RiskLimits { MaxShortfall = 0 }, "MaxShortfall"),
        new(new RiskLimits { ShortfallConfidence = 0.4 }, "ShortfallConfidence"),
        new(new RiskLimits { MaxWeeklyDrawdown = 0 }, "MaxWeeklyDrawdown"),
        new(new RiskLimits { MaxPositionShare = double.NaN }, "MaxPositionShare"),
        new(new RiskLimits { MaxSectorShare = -1 }, "MaxSectorShare"),
        new(new RiskLimits { MaxCorrelation = 1.5 }, "MaxCorrelation"),
        new(new RiskLimits { MaxOpenPositions = 0 }, "MaxOpenPositions"),
        new(new RiskLimits { MaxOrdersPerSecond = 10_000_001 }, "MaxOrdersPerSecond"),
        new(new RiskLimits { MinOrderSize = 6 }, "MinOrderSize"),
        new(new RiskLimits { MaxOrderValue = 0 }, "MaxOrderValue"),
        new(new RiskLimits { PriceCollar = 0 }, "PriceCollar"),
        new(new RiskLimits { MaxSignalAgeMs = -1 }, "MaxSignalAgeMs"),
        new(new RiskLimits { MaxMarketAgeMs = -1 }, "MaxMarketAgeMs"),
        new(new RiskLimits { SignalIdsRemembered = 0 }, "SignalIdsRemembered"),
        new(new RiskLimits { KillSwitch = new() { DailyLossCap = 0 } }, "DailyLossCap"),
        new(new RiskLimits { KillSwitch = new() { MaxRefusals = -1 } }, "MaxRefusals"),
        new(new RiskLimits { KillSwitch = new() { RefusalWindowMs = 0 } }, "RefusalWindowMs"),
        new(new RiskLimits { Breakers = new() { SystemLoad = new() } }, "SystemLoad.Threshold"),
        new(new RiskLimits { Breakers = new() { ExecutionFailure = new() { Threshold = 1 } } }, "Failure.RecoveryS"),
        new(new RiskLimits { Breakers = new() { WindowLength = 0 } }, "WindowLength"),
        new(new RiskLimits { Breakers = new() { MinimumSamples = 300 } }, "MinimumSamples"),
        new(new RiskLimits { Breakers = new() { LateSignalMs = 0 } }, "LateSignalMs"),
        new(new RiskLimits { Breakers = new() { Probes = 0 } }, "Probes"),
        new(new RiskLimits { Breakers = new() { ThrottledOrdersPerSecond = 2_000 } }, "ThrottledOrdersPerSecond"),
        new(new RiskLimits { Regimes = new() { CrisisRatio = 1 } }, "CrisisRatio"),
        new(new RiskLimits { Regimes = new() { VolatileMultiplier = 1.2 } }, "VolatileMultiplier"),
    ];

    [TestCaseSource(nameof(InvalidLimits))]
    public void ShouldNameTheLimitWhenItIsWrong(RiskLimits limits, string named) =>
        Assert.That(limits.Validate, Throws.ArgumentException.With.Message.Contains(named));

    private static double DailyVar(VarModel model, double[] exposures)
    {
        var risk = new ExposureRisk(model);
        for (var i = 0; i < exposures.Length; i++)
            risk.Set(i, exposures[i]);
        return model.Quantile * Math.Sqrt(risk.Variance);
    }
}
