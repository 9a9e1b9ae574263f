using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Quant;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Limits;

[TestFixture]
public class ScenarioRiskTests
{
    [Test]
    public void ShouldAgreeWithThePlainFormulaWhenExposuresMoveAllDay()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 40; round++)
        {
            var count = random.Next(1, 9);
            var history = History(random, count, days: random.Next(1, 400));
            var risk = new ScenarioRisk(new ScenarioModel(Table(count), 0.975, history));
            var exposures = new double[count];
            for (var step = 0; step < 200; step++)
            {
                var instrument = random.Next(count);
                var exposure = random.Next(4) == 0 ? 0 : (random.NextDouble() - 0.5) * 1e6;
                exposures[instrument] = exposure;
                var expected = Plain(exposures, history);
                var tolerance = 1e-9 * Math.Max(1, Math.Abs(expected));
                Assert.That(risk.ShortfallWith(instrument, exposure), Is.EqualTo(expected).Within(tolerance), "asked");
                risk.Set(instrument, exposure);
                Assert.That(risk.ShortfallWith(instrument, exposure), Is.EqualTo(expected).Within(tolerance), "held");
            }
        }
    }

    [Test]
    public void ShouldBeSilentWhenThereIsNoHistory()
    {
        var risk = new ScenarioRisk(new ScenarioModel(Table(2), 0.975));
        risk.Set(1, 1e6);
        Assert.That((risk.HasDays, risk.ShortfallWith(0, 1e6)), Is.EqualTo((false, 0.0)));
    }

    [Test]
    public void ShouldRefuseWhenTheHistoryIsNotWhole()
    {
        InstrumentReturns[] one = [new() { Instrument = 1, DailyReturns = [0.01, 0.02] }];
        InstrumentReturns[] uneven = [.. one, new() { Instrument = 2, DailyReturns = [0.01] }];
        InstrumentReturns[] wrong = [.. one, new() { Instrument = 2, DailyReturns = [0.01, double.NaN] }];
        InstrumentReturns[] unknown = [.. one, new() { Instrument = 9, DailyReturns = [0.01, 0.02] }];
        InstrumentReturns[] doubled = [.. one, .. one];
        foreach (var history in new[] { one, uneven, wrong, unknown, doubled })
            Assert.That(() => new ScenarioModel(Table(2), 0.975, history), Throws.ArgumentException);
        Assert.That(
            static () => new ScenarioModel(Table(1), 0.975, [new InstrumentReturns { Instrument = 1 }]),
            Throws.ArgumentException.With.Message.Contains("daily returns"));
    }

    private static InstrumentReturns[] History(Random random, int count, int days) =>
    [
        .. Enumerable.Range(1, count).Select(id => new InstrumentReturns
        {
            Instrument = (uint)id,
            DailyReturns = [.. Enumerable.Range(0, days).Select(_ => (random.NextDouble() - 0.5) * 0.1)],
        }),
    ];

    private static double Plain(double[] exposures, InstrumentReturns[] history)
    {
        var outcomes = new double[history[0].DailyReturns.Count];
        for (var day = 0; day < outcomes.Length; day++)
            outcomes[day] = exposures.Select((exposure, i) => exposure * history[i].DailyReturns[day]).Sum();
        return HistoricalRisk.ExpectedShortfall(outcomes, 0.975);
    }
}
