using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Regimes;

/// <summary>
/// An instrument's regime, from realised volatility and the efficiency of its price's way. By event time alone.
/// </summary>
public sealed class RegimeDetector : IStateful
{
    private const long MinuteNs = 60_000_000_000;

    private readonly RegimeOptions _options;
    private readonly TrendEstimator _trend;
    private readonly double _usualVolatility;
    private long _recoveredMinute = long.MinValue;

    /// <param name="options">Validated.</param>
    /// <param name="dailyVolatility">Usual for the instrument, as a fraction; 0: never volatile.</param>
    public RegimeDetector(RegimeOptions options, double dailyVolatility)
    {
        _options = options;
        _trend = new TrendEstimator(options.TrendMinutes);
        _usualVolatility = dailyVolatility / Math.Sqrt(options.MinutesPerDay);
    }

    public VolatilityRegime Volatility { get; private set; }

    public MarketRegime Market { get; private set; }

    /// <summary>Takes a market update in. Whether either regime changed.</summary>
    /// <param name="volatility">One-minute realised, as a fraction.</param>
    /// <param name="markE9">Positive.</param>
    /// <param name="timeNs">Of the event.</param>
    public bool TryUpdate(double volatility, long markE9, long timeNs)
    {
        var minute = timeNs / MinuteNs;
        var isNewMinute = _trend.TryAdd(markE9, minute);
        var level = LevelOf(volatility);
        if (level == Volatility && !isNewMinute)
            return false;

        if (Volatility == VolatilityRegime.Crisis && level != VolatilityRegime.Crisis)
            _recoveredMinute = minute + _options.RecoveryMinutes;

        var market = MarketAt(level, minute);
        var isChanged = level != Volatility || market != Market;
        Volatility = level;
        Market = market;
        return isChanged;
    }

    public void Transfer(StateStream state)
    {
        _trend.Transfer(state);
        state.Value(ref _recoveredMinute);
        Volatility = state.Next(Volatility);
        Market = state.Next(Market);
    }

    private VolatilityRegime LevelOf(double volatility)
    {
        var ratio = _usualVolatility > 0 ? volatility / _usualVolatility : 0;
        if (ratio >= LevelFor(VolatilityRegime.Crisis, _options.CrisisRatio))
            return VolatilityRegime.Crisis;

        return ratio >= LevelFor(VolatilityRegime.Volatile, _options.VolatileRatio)
            ? VolatilityRegime.Volatile
            : VolatilityRegime.Normal;
    }

    /// <summary>Lower for a regime that has been entered: it is not left at the first lull.</summary>
    private double LevelFor(VolatilityRegime regime, double ratio) =>
        Volatility >= regime ? ratio * _options.ExitShare : ratio;

    private MarketRegime MarketAt(VolatilityRegime level, long minute)
    {
        if (level == VolatilityRegime.Crisis)
            return MarketRegime.Crisis;

        var isTrending = Market is MarketRegime.BullTrending or MarketRegime.BearTrending;
        var threshold = isTrending ? _options.TrendEfficiency * _options.ExitShare : _options.TrendEfficiency;
        var efficiency = _trend.Efficiency;
        if (Math.Abs(efficiency) >= threshold)
            return efficiency > 0 ? MarketRegime.BullTrending : MarketRegime.BearTrending;
        if (minute < _recoveredMinute)
            return MarketRegime.Recovery;

        return level == VolatilityRegime.Normal ? MarketRegime.SidewaysLow : MarketRegime.SidewaysHigh;
    }
}

/// <summary>
/// The efficiency ratio of one-minute closes: net change over the sum of absolute changes, signed, [-1, 1]. Exact
/// integers in 1e-9 of a point, O(1) for each minute. Source: Kaufman, "Trading Systems and Methods" (2013), ch. 17.
/// </summary>
public sealed class TrendEstimator : IStateful
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

    public void Transfer(StateStream state)
    {
        state.Array(_changesE9);
        state.Value(ref _minute);
        state.Value(ref _closeE9);
        state.Value(ref _latestE9);
        state.Value(ref _netE9);
        state.Value(ref _pathE9);
        state.Value(ref _next);
        Count = state.Next(Count);
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
