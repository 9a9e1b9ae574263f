using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// The variance of a portfolio under a <see cref="VarModel"/>, kept up to date: O(instruments) for each exposure that
/// changes, and nothing when it does not. It keeps the product of the correlation matrix and the risks; each change
/// works one of its rows out afresh in turn, so that rounding never accumulates. Vectors of a fixed width, multiplied
/// and added one by one, give the same bits on every machine.
/// </summary>
public sealed class ExposureRisk : IStateful
{
    private readonly VarModel _model;
    private readonly Vector256<double>[] _risks;
    private readonly Vector256<double>[] _magnitudes;
    private readonly Vector256<double>[] _products;
    private readonly Vector256<double>[] _unknownProducts;
    private readonly double[] _exposures;
    private readonly EwmaVolatility[] _estimates;
    private int _refreshed;

    public ExposureRisk(VarModel model)
    {
        _exposures = new double[model.Count];
        _estimates = model.Estimate is { } estimate
            ? [.. Enumerable.Range(0, model.Count).Select(i => new EwmaVolatility(estimate, model.VolatilityOf(i)))]
            : [];
        _model = model;
        _risks = new Vector256<double>[model.Width];
        _magnitudes = new Vector256<double>[model.Width];
        _products = new Vector256<double>[model.Width];
        _unknownProducts = new Vector256<double>[model.Width];
    }

    /// <summary>
    /// Of a day's profit and loss; its root times <see cref="VarModel.Quantile"/> is the value at risk.
    /// </summary>
    public double Variance
    {
        get
        {
            var variance = Dot(_risks, _products);
            if (_model.HasUnknown)
                variance += Dot(_magnitudes, _unknownProducts);
            return Math.Max(0.0, variance);
        }
    }

    /// <summary>Sets an instrument's signed position value.</summary>
    public void Set(int instrument, double exposure)
    {
        _exposures[instrument] = exposure;
        var risk = exposure * VolatilityOf(instrument);
        ref var held = ref Doubles(_risks)[instrument];
        if (risk == held)
            return;

        Add(_model.KnownRow(instrument), risk - held, _products);
        held = risk;
        if (_model.HasUnknown)
        {
            ref var magnitude = ref Doubles(_magnitudes)[instrument];
            Add(_model.UnknownRow(instrument), Math.Abs(risk) - magnitude, _unknownProducts);
            magnitude = Math.Abs(risk);
        }

        Refresh();
    }

    /// <summary>The variance as a function of one instrument's exposure.</summary>
    public MarginalRisk Marginal(int instrument)
    {
        var risk = Doubles(_risks)[instrument];
        var linear = Doubles(_products)[instrument] - risk;
        var absolute = Doubles(_unknownProducts)[instrument];
        var own = risk * (risk + 2.0 * linear) + 2.0 * Math.Abs(risk) * absolute;
        return new MarginalRisk(
            Math.Max(0.0, Variance - own), linear, absolute, VolatilityOf(instrument));
    }

    /// <summary>
    /// Takes a price in, where volatilities are estimated. Whether it changed the instrument's volatility, and with it
    /// the variance; at most once a minute.
    /// </summary>
    public bool TryObserve(int instrument, long priceE9, long timeNs)
    {
        if (_estimates.Length == 0 || !_estimates[instrument].TryAdd(priceE9, timeNs))
            return false;

        Set(instrument, _exposures[instrument]);
        return true;
    }

    /// <summary>As a fraction a day: the greater of the configured and the estimated one.</summary>
    public double VolatilityOf(int instrument) =>
        _estimates.Length == 0 ? _model.VolatilityOf(instrument) : _estimates[instrument].Daily;

    public void Transfer(StateStream state)
    {
        state.Array(_risks);
        state.Array(_magnitudes);
        state.Array(_products);
        state.Array(_unknownProducts);
        state.Array(_exposures);
        foreach (var estimate in _estimates)
            estimate.Transfer(state);
        state.Value(ref _refreshed);
    }

    private void Refresh()
    {
        var row = _refreshed;
        _refreshed = row + 1 == _model.Count ? 0 : row + 1;
        Doubles(_products)[row] = Dot(_model.KnownRow(row), _risks);
        if (_model.HasUnknown)
            Doubles(_unknownProducts)[row] = Dot(_model.UnknownRow(row), _magnitudes);
    }

    private static void Add(ReadOnlySpan<Vector256<double>> row, double factor, Span<Vector256<double>> sums)
    {
        for (var i = 0; i < row.Length; i++)
            sums[i] += row[i] * factor;
    }

    private static double Dot(ReadOnlySpan<Vector256<double>> left, ReadOnlySpan<Vector256<double>> right)
    {
        var sum = Vector256<double>.Zero;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum[0] + sum[1] + (sum[2] + sum[3]);
    }

    private static Span<double> Doubles(Vector256<double>[] vectors) =>
        MemoryMarshal.Cast<Vector256<double>, double>(vectors.AsSpan());
}

/// <summary>
/// A portfolio's variance as a function of one instrument's exposure, the others as they are: a quadratic, so each
/// size of an order costs O(1).
/// </summary>
/// <param name="Rest">Variance without the instrument.</param>
/// <param name="Linear">Sum over the others of correlation times signed risk.</param>
/// <param name="Absolute">Sum of the absolute risks whose correlation is not known.</param>
/// <param name="Volatility">The instrument's, as a fraction a day.</param>
public readonly record struct MarginalRisk(double Rest, double Linear, double Absolute, double Volatility)
{
    /// <summary>Variance of a day's profit and loss with the instrument at a signed exposure.</summary>
    public double VarianceAt(double exposure)
    {
        var risk = exposure * Volatility;
        // Rounding can take the variance of a perfect hedge a hair below zero.
        return Math.Max(0.0, Rest + risk * (risk + 2.0 * Linear) + 2.0 * Math.Abs(risk) * Absolute);
    }
}
