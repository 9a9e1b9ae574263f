using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>
/// Random instruments with their past, and the quotes of the day, as the naive check knows them. The correlations are
/// those of one factor, so that they are possible together; some of them stay unknown.
/// </summary>
internal sealed class NaiveMarket
{
    private readonly double?[,] _correlations;
    private readonly double[] _volatilities;

    public NaiveMarket(Random random, int count, int days)
    {
        var loadings = Enumerable.Range(0, count).Select(_ => random.NextDouble() * 1.9 - 0.95).ToArray();
        _volatilities = [.. Enumerable.Range(0, count).Select(_ => 0.005 + random.NextDouble() * 0.03)];
        _correlations = new double?[count, count];
        var known = new List<InstrumentCorrelation>();
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (random.Next(4) == 0)
                    continue;

                _correlations[i, j] = _correlations[j, i] = loadings[i] * loadings[j];
                known.Add(new()
                {
                    First = (uint)(i + 1),
                    Second = (uint)(j + 1),
                    Correlation = loadings[i] * loadings[j],
                });
            }
        }

        Correlations = known;
        Options = [.. Enumerable.Range(0, count).Select(i => new InstrumentOptions
        {
            Id = (uint)(i + 1),
            Symbol = $"I{i}",
            Multiplier = random.Next(1, 6) * 10,
            DailyVolatility = _volatilities[i],
            Sector = random.Next(3) switch { 0 => "", 1 => "index", _ => "energy" },
        })];
        History = [.. Enumerable.Range(0, count).Select(i => new InstrumentReturns
        {
            Instrument = (uint)(i + 1),
            DailyReturns =
                [.. Enumerable.Range(0, days).Select(_ => (random.NextDouble() - 0.5) * 4 * _volatilities[i])],
        })];
        Bids = new double[count];
        Asks = new double[count];
        TimesNs = new long[count];
    }

    public IReadOnlyList<InstrumentOptions> Options { get; }

    public IReadOnlyList<InstrumentCorrelation> Correlations { get; }

    public IReadOnlyList<InstrumentReturns> History { get; }

    public double[] Bids { get; }

    public double[] Asks { get; }

    /// <summary>Of the last quotes.</summary>
    public long[] TimesNs { get; }

    public double[] Marks => [.. Bids.Zip(Asks, static (bid, ask) => (bid + ask) / 2)];

    /// <summary>Null when it is not known.</summary>
    public double? CorrelationOf(int first, int second) => _correlations[first, second];

    /// <summary>A pair that is not known adds up, whatever the signs.</summary>
    public double Deviation(double[] exposures)
    {
        var count = exposures.Length;
        var matrix = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                matrix[i * count + j] = i == j
                    ? 1
                    : _correlations[i, j] ?? Math.Sign(exposures[i]) * Math.Sign(exposures[j]);
            }
        }

        return ParametricRisk.StandardDeviation(exposures, _volatilities, matrix);
    }

    public double HistoricalShortfall(double[] exposures, double confidence)
    {
        var outcomes = Enumerable.Range(0, History[0].DailyReturns.Count)
            .Select(day => exposures.Select((exposure, i) => exposure * History[i].DailyReturns[day]).Sum()).ToArray();
        return HistoricalRisk.ExpectedShortfall(outcomes, confidence);
    }
}
