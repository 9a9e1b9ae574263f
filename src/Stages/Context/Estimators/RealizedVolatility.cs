using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Stages.Context.Estimators;

/// <summary>
/// One-minute realised volatility: the root of the sum of the last 60 squared one-second log returns, a fraction.
/// A second's price is the last one seen in it; seconds without a price return 0; the running second does not count.
/// Sampling by the clock and not by the update keeps bid-ask flicker from passing for volatility.
/// Source: Andersen, Bollerslev, Diebold and Labys, "Modeling and Forecasting Realized Volatility" (2003).
/// </summary>
internal sealed class RealizedVolatility : IStateful
{
    private const int WindowSeconds = 60;

    private readonly double[] _squares = new double[WindowSeconds];
    private int _next;
    private double _sum;
    private long _second = long.MinValue;
    private long _sampleE9;
    private long _latestE9;

    /// <summary>0 while nothing is known.</summary>
    public double Value => Math.Sqrt(Math.Max(0.0, _sum));

    public void Add(long priceE9, long second)
    {
        AdvanceTo(second);
        if (_sampleE9 == 0)
        {
            _second = second;
            _sampleE9 = priceE9;
        }

        _latestE9 = priceE9;
    }

    /// <summary>Closes the seconds before <paramref name="second"/>; at most a window's worth of work.</summary>
    public void AdvanceTo(long second)
    {
        if (second <= _second || _sampleE9 == 0)
            return;

        Push(SquaredReturn());
        _sampleE9 = _latestE9;
        var silent = Math.Min(second - _second - 1, WindowSeconds);
        for (var i = 0; i < silent; i++)
            Push(0);
        _second = second;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_squares);
        state.Value(ref _next);
        state.Value(ref _sum);
        state.Value(ref _second);
        state.Value(ref _sampleE9);
        state.Value(ref _latestE9);
    }

    private double SquaredReturn()
    {
        if (_latestE9 == _sampleE9)
            return 0;

        var change = Math.Log((double)_latestE9 / _sampleE9);
        return change * change;
    }

    private void Push(double square)
    {
        _sum += square - _squares[_next];
        _squares[_next] = square;
        if (++_next == WindowSeconds)
            StartOver();
    }

    /// <summary>Adds the window up afresh once a round, so that rounding never accumulates.</summary>
    private void StartOver()
    {
        _next = 0;
        _sum = 0;
        foreach (var square in _squares)
            _sum += square;
    }
}
