using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// What the parametric value at risk of signed exposures (<see cref="ParametricRisk"/>) is made of. Two instruments
/// without a configured correlation count as if their risks always added up, whichever their signs: what is not known
/// is never taken for a hedge. Immutable: threads may share it, each with an <see cref="ExposureRisk"/> of its own.
/// </summary>
public sealed class VarModel
{
    private readonly double[] _volatilities;
    private readonly double[] _correlations;

    /// <summary>Row-major, a row padded to whole vectors: the known correlations, 1 on the diagonal.</summary>
    private readonly Vector256<double>[] _known;

    /// <summary>As <see cref="_known"/>: 1 for each pair that is not known.</summary>
    private readonly Vector256<double>[] _unknown;

    /// <param name="instruments">Give the volatilities.</param>
    /// <param name="confidence">Of the value at risk, such as 0.99.</param>
    /// <param name="correlations">Pairs that are known; none needed for one instrument.</param>
    /// <param name="estimate">
    /// How volatilities are estimated from prices: the greater of estimated and configured counts. Null: configured.
    /// </param>
    /// <exception cref="ArgumentException">A pair names an unknown instrument, is out of range or comes twice.
    /// </exception>
    public VarModel(
        InstrumentTable instruments,
        double confidence,
        IReadOnlyList<InstrumentCorrelation>? correlations = null,
        VolatilityEstimate? estimate = null)
    {
        Estimate = estimate;
        Quantile = NormalDistribution.Quantile(confidence);
        Count = instruments.Count;
        Width = (Count + Vector256<double>.Count - 1) / Vector256<double>.Count;
        _volatilities = [.. instruments.All.ToArray().Select(static i => i.DailyVolatility)];
        _correlations = new double[Count * Count];
        Array.Fill(_correlations, double.NaN);
        for (var i = 0; i < Count; i++)
            _correlations[i * Count + i] = 1;
        foreach (var pair in correlations ?? [])
            AddPair(instruments, pair);

        _known = PadRows(static correlation => double.IsNaN(correlation) ? 0 : correlation);
        _unknown = PadRows(static correlation => double.IsNaN(correlation) ? 1 : 0);
        HasUnknown = Array.Exists(_correlations, double.IsNaN);
    }

    public int Count { get; }

    /// <summary>Of the normal distribution at the confidence: VaR in standard deviations.</summary>
    public double Quantile { get; }

    /// <summary>How volatilities are estimated from prices; null: they are the configured ones.</summary>
    public VolatilityEstimate? Estimate { get; }

    /// <summary>Vectors in a row.</summary>
    internal int Width { get; }

    internal bool HasUnknown { get; }

    /// <summary>The configured one, as a fraction a day.</summary>
    public double VolatilityOf(int instrument) => _volatilities[instrument];

    /// <summary>
    /// How two positions move together: the correlation, with its sign turned when they are on different sides; 1 when
    /// it is not known.
    /// </summary>
    public double CoMovement(int first, int second, bool isSameSide)
    {
        var correlation = _correlations[first * Count + second];
        return double.IsNaN(correlation) ? 1 : isSameSide ? correlation : -correlation;
    }

    internal ReadOnlySpan<Vector256<double>> KnownRow(int instrument) => _known.AsSpan(instrument * Width, Width);

    internal ReadOnlySpan<Vector256<double>> UnknownRow(int instrument) => _unknown.AsSpan(instrument * Width, Width);

    private void AddPair(InstrumentTable instruments, InstrumentCorrelation pair)
    {
        if (!instruments.TryIndexOf(pair.First, out var first) || !instruments.TryIndexOf(pair.Second, out var second))
            throw new ArgumentException($"correlation of {pair.First} and {pair.Second}: name configured instruments.");
        if (first == second || !(Math.Abs(pair.Correlation) <= 1))
        {
            throw new ArgumentException(
                $"correlation of {pair.First} and {pair.Second}: name two instruments and a number in [-1, 1].");
        }

        ref var upper = ref _correlations[first * Count + second];
        if (!double.IsNaN(upper))
        {
            throw new ArgumentException(
                $"correlation of {pair.First} and {pair.Second} comes twice: give it once.");
        }

        upper = pair.Correlation;
        _correlations[second * Count + first] = pair.Correlation;
    }

    private Vector256<double>[] PadRows(Func<double, double> convert)
    {
        var padded = new Vector256<double>[Count * Width];
        for (var i = 0; i < Count; i++)
        {
            var row = MemoryMarshal.Cast<Vector256<double>, double>(padded.AsSpan(i * Width, Width));
            for (var j = 0; j < Count; j++)
                row[j] = convert(_correlations[i * Count + j]);
        }

        return padded;
    }
}

/// <summary>How the returns of two instruments move together.</summary>
public sealed class InstrumentCorrelation
{
    /// <summary>One instrument's id.</summary>
    public uint First { get; init; }

    /// <summary>The other's.</summary>
    public uint Second { get; init; }

    /// <summary>[-1, 1].</summary>
    public double Correlation { get; init; }
}
