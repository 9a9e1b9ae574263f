using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Quant;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Limits;

/// <summary>
/// What is kept up to date by differences is worked out afresh in turn: after exposures of trillions, those of a few
/// units are as exact as if nothing had been there before.
/// </summary>
[TestFixture]
public class RoundingTests
{
    private const int Count = 6;

    [TestCase(true)]
    [TestCase(false)]
    public void ShouldForgetRoundingWhenLargeExposuresHaveGone(bool isKnown)
    {
        var random = TestSeed.NewRandom();
        var table = Table(Count);
        var risk = new ExposureRisk(new VarModel(table, 0.99, isKnown ? Pairs(0.5) : []));
        foreach (var (instrument, exposure) in Churn(random))
            risk.Set(instrument, exposure);

        var deviations = Enumerable.Range(0, Count).Select(i => (i + 2) * table[i].DailyVolatility).ToArray();
        var squares = deviations.Sum(static d => d * d);
        var whole = Math.Pow(deviations.Sum(), 2);
        var expected = isKnown ? squares + 0.5 * (whole - squares) : whole;
        Assert.That(risk.Variance, Is.EqualTo(expected).Within(1e-12 * expected));
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(23)]
    public void ShouldForgetRoundingWhenLargeOutcomesHaveGone(int days)
    {
        var random = TestSeed.NewRandom();
        InstrumentReturns[] history =
        [
            .. Enumerable.Range(1, Count).Select(id => new InstrumentReturns
            {
                Instrument = (uint)id,
                DailyReturns = [.. Enumerable.Range(0, days).Select(_ => random.NextDouble() - 0.5)],
            }),
        ];
        var risk = new ScenarioRisk(new ScenarioModel(Table(Count), 0.75, history));
        foreach (var (instrument, exposure) in Churn(random))
            risk.Set(instrument, exposure);

        var outcomes = Enumerable.Range(0, days)
            .Select(day => Enumerable.Range(0, Count).Sum(i => (i + 2) * history[i].DailyReturns[day])).ToArray();
        var expected = HistoricalRisk.ExpectedShortfall(outcomes, 0.75);
        Assert.That(risk.ShortfallWith(0, 2), Is.EqualTo(expected).Within(1e-12 * Count));
    }

    /// <summary>The days that fill the last vector are no days: on these four all is gained.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(8)]
    public void ShouldCountNoDayThatIsNoneWhenEveryDayIsAGain(int days)
    {
        InstrumentReturns[] history =
            [new() { Instrument = 1, DailyReturns = [.. Enumerable.Repeat(0.01, days)] }];
        var risk = new ScenarioRisk(new ScenarioModel(Table(1), 0.975, history));
        Assert.That(risk.ShortfallWith(0, 1_000), Is.EqualTo(-10).Within(1e-9), "nothing is held yet");
        for (var held = 1; held <= 5; held++)
        {
            risk.Set(0, held * 100);
            Assert.That(risk.ShortfallWith(0, held * 100), Is.EqualTo(-held).Within(1e-9));
            Assert.That(risk.ShortfallWith(0, 1_000), Is.EqualTo(-10).Within(1e-9));
        }
    }

    /// <summary>Exposures of up to a trillion, at the end two for the first instrument, three for the next.</summary>
    private static IEnumerable<(int Instrument, double Exposure)> Churn(Random random)
    {
        for (var step = 0; step < 5_000; step++)
            yield return (random.Next(Count), (random.NextDouble() - 0.5) * 1e12);

        // Each change works one vector out afresh: so many that each has had its turn.
        for (var round = 1; round <= 5; round++)
        {
            for (var i = 0; i < Count; i++)
                yield return (i, (i + 2) * round / 5.0);
        }
    }

    private static List<InstrumentCorrelation> Pairs(double correlation) =>
    [
        .. from first in Enumerable.Range(1, Count)
           from second in Enumerable.Range(1, first - 1)
           select new InstrumentCorrelation
           {
               First = (uint)first,
               Second = (uint)second,
               Correlation = correlation,
           },
    ];
}
