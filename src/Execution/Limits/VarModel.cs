using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// The daily parametric value at risk of signed exposures (<see cref="ParametricRisk"/>) with what is fixed worked out
/// at start. Two instruments without a configured correlation count as if their risks always added up, whichever
/// their signs: what is not known is never taken for a hedge.
/// </summary>
public sealed class VarModel
{
    private readonly int _count;
    private readonly double _quantile;
    private readonly double[] _volatilities;
    private readonly double[] _correlations;

    /// <param name="instruments">Give the volatilities.</param>
    /// <param name="confidence">Of the value at risk, such as 0.99.</param>
    /// <param name="correlations">Pairs that are known; none needed for one instrument.</param>
    /// <exception cref="ArgumentException">A pair names an unknown instrument or is out of range.</exception>
    public VarModel(
        InstrumentTable instruments,
        double confidence,
        IReadOnlyList<InstrumentCorrelation>? correlations = null)
    {
        _count = instruments.Count;
        _quantile = NormalDistribution.Quantile(confidence);
        _volatilities = new double[_count];
        _correlations = new double[_count * _count];
        Array.Fill(_correlations, double.NaN);
        for (var i = 0; i < _count; i++)
            _volatilities[i] = instruments[i].DailyVolatility;

        foreach (var pair in correlations ?? [])
            Add(instruments, pair);
    }

    public int Count => _count;

    /// <summary>Daily value at risk, in the exposures' currency.</summary>
    /// <param name="exposures">Signed position values, one for each instrument.</param>
    public double DailyVar(ReadOnlySpan<double> exposures)
    {
        var variance = 0.0;
        for (var i = 0; i < exposures.Length; i++)
        {
            var sigma = exposures[i] * _volatilities[i];
            // Most instruments are flat most of the time: their rows cost one comparison.
            if (sigma != 0)
                variance += sigma * (sigma + 2.0 * PairsBelow(exposures, i, sigma));
        }

        return _quantile * Math.Sqrt(Math.Max(0.0, variance));
    }

    /// <summary>Sum of correlation times sigma over the instruments before <paramref name="row"/>.</summary>
    private double PairsBelow(ReadOnlySpan<double> exposures, int row, double sigma)
    {
        var sum = 0.0;
        for (var j = 0; j < row; j++)
        {
            var other = exposures[j] * _volatilities[j];
            if (other == 0)
                continue;

            var correlation = _correlations[row * _count + j];
            sum += double.IsNaN(correlation) ? Math.CopySign(other, sigma) : correlation * other;
        }

        return sum;
    }

    private void Add(InstrumentTable instruments, InstrumentCorrelation pair)
    {
        if (!instruments.TryIndexOf(pair.First, out var first) || !instruments.TryIndexOf(pair.Second, out var second))
            throw new ArgumentException($"correlation of {pair.First} and {pair.Second}: name configured instruments.");
        if (first == second || !(Math.Abs(pair.Correlation) <= 1))
        {
            throw new ArgumentException(
                $"correlation of {pair.First} and {pair.Second}: name two instruments and a number in [-1, 1].");
        }

        _correlations[first * _count + second] = pair.Correlation;
        _correlations[second * _count + first] = pair.Correlation;
    }
}
