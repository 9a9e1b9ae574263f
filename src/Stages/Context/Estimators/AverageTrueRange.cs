using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Stages.Context.Estimators;

/// <summary>
/// Average true range of one-minute bars with Wilder's smoothing; before the first full period the plain average of
/// the bars so far. Minutes without a price make no bar. Source: Wilder, New Concepts in Technical Trading Systems
/// (1978).
/// </summary>
internal sealed class AverageTrueRange(int period) : IStateful
{
    private double _averageE9;
    private int _bars;
    private long _minute = long.MinValue;
    private bool _isBarOpen;
    private long _highE9;
    private long _lowE9;
    private long _closeE9;
    private long _previousCloseE9;

    /// <summary>In 1e-9 of a price unit; 0 before the first bar has ended.</summary>
    public long ValueE9 => (long)Math.Round(_averageE9);

    public void Add(long priceE9, long minute)
    {
        AdvanceTo(minute);
        if (!_isBarOpen)
        {
            _isBarOpen = true;
            _minute = Math.Max(minute, _minute);
            _highE9 = priceE9;
            _lowE9 = priceE9;
        }

        _highE9 = Math.Max(_highE9, priceE9);
        _lowE9 = Math.Min(_lowE9, priceE9);
        _closeE9 = priceE9;
    }

    /// <summary>Ends the running bar when its minute is over.</summary>
    public void AdvanceTo(long minute)
    {
        if (!_isBarOpen || minute <= _minute)
            return;

        var highE9 = _previousCloseE9 == 0 ? _highE9 : Math.Max(_highE9, _previousCloseE9);
        var lowE9 = _previousCloseE9 == 0 ? _lowE9 : Math.Min(_lowE9, _previousCloseE9);
        _bars = Math.Min(_bars + 1, period);
        _averageE9 += (highE9 - lowE9 - _averageE9) / _bars;
        _previousCloseE9 = _closeE9;
        _isBarOpen = false;
    }

    public void Transfer(StateStream state)
    {
        state.Value(ref _averageE9);
        state.Value(ref _bars);
        state.Value(ref _minute);
        state.Value(ref _isBarOpen);
        state.Value(ref _highE9);
        state.Value(ref _lowE9);
        state.Value(ref _closeE9);
        state.Value(ref _previousCloseE9);
    }
}
