using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Tests.Limits;

/// <summary>The incremental variance against the plain formula over the whole matrix.</summary>
[TestFixture]
public class ExposureRiskTests
{
    private const int Steps = 20_000;

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(16)]
    [TestCase(64)]
    public void ShouldAgreeWithThePlainFormulaWhenExposuresMoveAllDay(int count)
    {
        var random = TestSeed.NewRandom();
        var table = new InstrumentTable([.. Enumerable.Range(0, count).Select(i => new InstrumentOptions
        {
            Id = Id(i),
            Symbol = $"I{i}",
            DailyVolatility = 0.005 + random.NextDouble() * 0.03,
        })]);
        var loadings = Enumerable.Range(0, count).Select(_ => random.NextDouble() * 1.8 - 0.9).ToArray();
        var isKnown = new bool[count, count];
        var pairs = new List<InstrumentCorrelation>();
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                isKnown[i, j] = isKnown[j, i] = random.Next(5) > 0;
                if (isKnown[i, j])
                    pairs.Add(new() { First = Id(i), Second = Id(j), Correlation = loadings[i] * loadings[j] });
            }
        }

        var risk = new ExposureRisk(new VarModel(table, 0.99, pairs));
        var volatilities = table.All.ToArray().Select(static i => i.DailyVolatility).ToArray();
        var exposures = new double[count];
        for (var step = 0; step < Steps; step++)
        {
            var instrument = random.Next(count);
            var exposure = random.Next(5) == 0 ? 0 : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(3, 8));
            var marginal = risk.Marginal(instrument).VarianceAt(exposure);
            exposures[instrument] = exposure;
            risk.Set(instrument, exposure);
            if (step % 50 != 0)
                continue;

            var deviation = ParametricRisk.StandardDeviation(exposures, volatilities, Matrix(exposures));
            var tolerance = 1e-9 * Math.Max(1, deviation * deviation);
            Assert.That(risk.Variance, Is.EqualTo(deviation * deviation).Within(tolerance));
            // What is left of a portfolio carries the rounding of what was there before.
            Assert.That(marginal, Is.EqualTo(risk.Variance).Within(tolerance + 1e-15 * count * Largest(volatilities)));
        }

        double[] Matrix(double[] signs)
        {
            var matrix = new double[count * count];
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    matrix[i * count + j] = i == j ? 1
                        : isKnown[i, j] ? loadings[i] * loadings[j]
                        : Math.Sign(signs[i]) * Math.Sign(signs[j]);
                }
            }

            return matrix;
        }
    }

    private static uint Id(int index) => (uint)(index + 1);

    /// <summary>The variance that exposures of this test can have at most.</summary>
    private static double Largest(double[] volatilities) => Math.Pow(volatilities.Sum() * 5e6, 2);
}
