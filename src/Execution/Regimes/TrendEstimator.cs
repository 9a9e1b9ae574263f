namespace ExecutionPipeline.Execution.Regimes;

/// <summary>
/// The efficiency ratio of one-minute closes: net change over the sum of absolute changes, signed, [-1, 1]. Exact
/// integers in 1e-9 of a point, O(1) for each minute. Source: Kaufman, "Trading Systems and Methods" (2013), ch. 17.
/// </summary>
public sealed class TrendEstimator
{
    private readonly long[] _changesE9;
    private long _minute = long.MinValue;
    private long _closeE9;
    private long _latestE9;
    private long _netE9;
    private long _pathE9;
    private int _next;

    /// <param name="minutes">The window.</param>
    public TrendEstimator(int minutes) => _changesE9 = new long[minutes];

    /// <summary>Whole minutes seen, up to the window.</summary>
    public int Count { get; private set; }

    /// <summary>Positive upwards; 0 until the window is full, and when nothing moved.</summary>
    public double Efficiency => Count < _changesE9.Length || _pathE9 == 0 ? 0 : (double)_netE9 / _pathE9;

    /// <summary>Takes a price in. Whether it begins a minute, so that the efficiency may be another.</summary>
    public bool TryAdd(long priceE9, long minute)
    {
        if (minute <= _minute)
        {
            _latestE9 = priceE9;
            return false;
        }

        if (_minute == long.MinValue)
            _closeE9 = priceE9;
        else
            Close(Math.Min(minute - _minute, _changesE9.Length));

        _minute = minute;
        _latestE9 = priceE9;
        return true;
    }

    /// <summary>The first of the minutes that have passed has all of the change.</summary>
    private void Close(long minutes)
    {
        Push(_latestE9 - _closeE9);
        _closeE9 = _latestE9;
        for (var i = 1; i < minutes; i++)
            Push(0);
    }

    private void Push(long changeE9)
    {
        ref var oldestE9 = ref _changesE9[_next];
        _netE9 += changeE9 - oldestE9;
        _pathE9 += Math.Abs(changeE9) - Math.Abs(oldestE9);
        oldestE9 = changeE9;
        _next = _next + 1 == _changesE9.Length ? 0 : _next + 1;
        Count = Math.Min(Count + 1, _changesE9.Length);
    }
}
