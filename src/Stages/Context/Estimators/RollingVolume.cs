using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Stages.Context.Estimators;

/// <summary>
/// Volume of the last 60 seconds over the average minute of the session so far. In whole seconds; the first
/// minute of a session is its own average.
/// </summary>
internal sealed class RollingVolume : IStateful
{
    private const int WindowSeconds = 60;

    private readonly long[] _buckets = new long[WindowSeconds];
    private long _second = long.MinValue;
    private long _firstSecond;
    private long _lastMinute;
    private long _total;

    /// <summary>Contracts since the session began.</summary>
    public long SessionVolume => _total;

    public void StartSession()
    {
        Array.Clear(_buckets);
        _second = long.MinValue;
        _lastMinute = 0;
        _total = 0;
    }

    public void Add(int quantity, long second)
    {
        AdvanceTo(second);
        _buckets[_second % WindowSeconds] += quantity;
        _lastMinute += quantity;
        _total += quantity;
    }

    /// <summary>Lets seconds pass; at most a window's worth of work.</summary>
    public void AdvanceTo(long second)
    {
        if (second <= _second)
            return;

        if (_second == long.MinValue)
        {
            _firstSecond = second;
        }
        else if (second - _second >= WindowSeconds)
        {
            Array.Clear(_buckets);
            _lastMinute = 0;
        }
        else
        {
            for (var passed = _second + 1; passed <= second; passed++)
                Drop(passed % WindowSeconds);
        }

        _second = second;
    }

    /// <summary>1 at the average, and while there was no volume.</summary>
    public double Intensity
    {
        get
        {
            if (_total == 0)
                return 1.0;

            var minutes = Math.Max(1.0, (_second - _firstSecond + 1) / (double)WindowSeconds);
            return _lastMinute * minutes / _total;
        }
    }

    public void Transfer(StateStream state)
    {
        state.Array(_buckets);
        state.Value(ref _second);
        state.Value(ref _firstSecond);
        state.Value(ref _lastMinute);
        state.Value(ref _total);
    }

    private void Drop(long bucket)
    {
        _lastMinute -= _buckets[bucket];
        _buckets[bucket] = 0;
    }
}
