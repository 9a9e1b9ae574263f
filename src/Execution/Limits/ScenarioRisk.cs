using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>
/// What a portfolio would have made on each day of a <see cref="ScenarioModel"/>, kept up to date: O(days) for each
/// exposure that changes. Each change works out one vector of days afresh in turn, so that rounding never accumulates.
/// </summary>
public sealed class ScenarioRisk : IStateful
{
    private readonly ScenarioModel _model;
    private readonly double[] _exposures;
    private readonly Vector256<double>[] _outcomes;
    private readonly double[] _worst;
    private int _refreshed;

    public ScenarioRisk(ScenarioModel model)
    {
        _model = model;
        _exposures = new double[model.Count];
        _outcomes = new Vector256<double>[model.Width];
        _worst = new double[model.Tail];
        PadDays();
    }

    /// <summary>Whether there are scenarios at all.</summary>
    public bool HasDays => _model.Days > 0;

    /// <summary>Sets an instrument's signed position value.</summary>
    public void Set(int instrument, double exposure)
    {
        var change = exposure - _exposures[instrument];
        if (change == 0 || !HasDays)
            return;

        _exposures[instrument] = exposure;
        var row = _model.RowOf(instrument);
        var outcomes = _outcomes.AsSpan(0, row.Length);
        for (var i = 0; i < row.Length; i++)
            outcomes[i] += row[i] * change;
        Refresh();
    }

    /// <summary>
    /// Expected shortfall with one instrument at another exposure, in currency, positive for a loss; 0 without
    /// scenarios. O(days), and what the few worst take to be kept in order.
    /// </summary>
    public double ShortfallWith(int instrument, double exposure)
    {
        if (!HasDays)
            return 0;

        var change = exposure - _exposures[instrument];
        var row = _model.RowOf(instrument);
        var outcomes = _outcomes.AsSpan(0, row.Length);
        Array.Fill(_worst, double.PositiveInfinity);
        var bound = Vector256.Create(double.PositiveInfinity);
        for (var i = 0; i < row.Length; i++)
        {
            var days = outcomes[i] + row[i] * change;
            if (Vector256.LessThanAny(days, bound))
                bound = Vector256.Create(Keep(days));
        }

        var sum = 0.0;
        foreach (var outcome in _worst)
            sum += outcome;
        return -sum / _worst.Length;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_exposures);
        state.Array(_outcomes);
        state.Value(ref _refreshed);
    }

    /// <summary>Sorts those of four days in that belong to the worst. The best of these.</summary>
    private double Keep(Vector256<double> days)
    {
        var worst = _worst;
        for (var lane = 0; lane < Vector256<double>.Count; lane++)
        {
            var outcome = days[lane];
            if (!(outcome < worst[^1]))
                continue;

            var place = worst.Length - 1;
            for (; place > 0 && worst[place - 1] > outcome; place--)
                worst[place] = worst[place - 1];
            worst[place] = outcome;
        }

        return worst[^1];
    }

    private void Refresh()
    {
        var place = _refreshed;
        _refreshed = place + 1 == _outcomes.Length ? 0 : place + 1;
        var sum = Vector256<double>.Zero;
        for (var i = 0; i < _exposures.Length; i++)
            sum += _model.RowOf(i)[place] * _exposures[i];
        _outcomes[place] = sum;
        if (place == _outcomes.Length - 1)
            PadDays();
    }

    /// <summary>What fills the last vector is never among the worst.</summary>
    private void PadDays() => MemoryMarshal.Cast<Vector256<double>, double>(_outcomes.AsSpan())[_model.Days..]
        .Fill(double.PositiveInfinity);
}
