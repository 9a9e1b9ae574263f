using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Regimes;

/// <summary>
/// An instrument's regime, from realised volatility and the efficiency of its price's way. By event time alone.
/// </summary>
public sealed class RegimeDetector
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
