using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// The daily parametric value at risk of signed exposures (<see cref="ParametricRisk"/>) with what is fixed worked out
/// at start. Two instruments without a configured correlation count as if their risks always added up, whichever
/// their signs: what is not known is never taken for a hedge. So the variance is the square of the sum of all risks,
/// less what the known pairs spare: O(instruments + known pairs). Immutable: threads may share it.
/// </summary>
public sealed class VarModel
{
    private readonly double _quantile;
    private readonly double[] _volatilities;
    private readonly KnownPair[] _pairs;

    /// <param name="instruments">Give the volatilities.</param>
    /// <param name="confidence">Of the value at risk, such as 0.99.</param>
    /// <param name="correlations">Pairs that are known; none needed for one instrument.</param>
    /// <exception cref="ArgumentException">A pair names an unknown instrument, is out of range or comes twice.
    /// </exception>
    public VarModel(
        InstrumentTable instruments,
        double confidence,
        IReadOnlyList<InstrumentCorrelation>? correlations = null)
    {
        _quantile = NormalDistribution.Quantile(confidence);
        _volatilities = [.. instruments.All.ToArray().Select(static i => i.DailyVolatility)];
        _pairs = [.. (correlations ?? []).Select(c => CreatePair(instruments, c))];
        var doubled = _pairs.GroupBy(static p => (p.Low, p.High)).FirstOrDefault(static g => g.Count() > 1);
        if (doubled is not null)
        {
            throw new ArgumentException(
                $"correlation of {instruments[doubled.Key.Low].Id} and {instruments[doubled.Key.High].Id} " +
                "comes twice: give it once.");
        }
    }

    public int Count => _volatilities.Length;

    /// <summary>Daily value at risk, in the exposures' currency.</summary>
    /// <param name="exposures">Signed position values, one for each instrument.</param>
    public double DailyVar(ReadOnlySpan<double> exposures)
    {
        var undiversified = 0.0;
        for (var i = 0; i < exposures.Length; i++)
            undiversified += Math.Abs(exposures[i]) * _volatilities[i];

        var spared = 0.0;
        foreach (ref readonly var pair in _pairs.AsSpan())
        {
            var product = exposures[pair.Low] * exposures[pair.High];
            spared += pair.Bound * Math.Abs(product) - pair.Covariance * product;
        }

        // Rounding can take the variance of a perfect hedge a hair below zero.
        return _quantile * Math.Sqrt(Math.Max(0.0, undiversified * undiversified - 2.0 * spared));
    }

    private static KnownPair CreatePair(InstrumentTable instruments, InstrumentCorrelation pair)
    {
        if (!instruments.TryIndexOf(pair.First, out var first) || !instruments.TryIndexOf(pair.Second, out var second))
            throw new ArgumentException($"correlation of {pair.First} and {pair.Second}: name configured instruments.");
        if (first == second || !(Math.Abs(pair.Correlation) <= 1))
        {
            throw new ArgumentException(
                $"correlation of {pair.First} and {pair.Second}: name two instruments and a number in [-1, 1].");
        }

        var bound = instruments[first].DailyVolatility * instruments[second].DailyVolatility;
        return new KnownPair(Math.Min(first, second), Math.Max(first, second), pair.Correlation * bound, bound);
    }

    /// <summary>Covariance of two returns, and what it would be if they always moved together.</summary>
    private readonly record struct KnownPair(int Low, int High, double Covariance, double Bound);
}
