using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>How an instrument's daily volatility is estimated from its prices.</summary>
/// <param name="Decay">Weight that a minute's variance keeps in the next, (0, 1): 0.94 by RiskMetrics.</param>
/// <param name="MinutesPerDay">Minutes of a trading day that its variance is spread over.</param>
public readonly record struct VolatilityEstimate(double Decay, int MinutesPerDay);

/// <summary>
/// The greater of a configured daily volatility and the exponentially weighted one of one-minute closes:
/// s' = decay * s + (1 - decay) * r^2, a day having the variance of its minutes. A return over several minutes without
/// a price counts as one of their mean variance. It begins at the configured volatility. O(1) for each price. Source:
/// J.P. Morgan and Reuters, "RiskMetrics - Technical Document" (1996), section 5.2.
/// </summary>
public sealed class EwmaVolatility : IStateful
{
    private const long MinuteNs = 60_000_000_000;

    private readonly VolatilityEstimate _estimate;
    private readonly double _configured;
    private double _variance;
    private long _minute = long.MinValue;
    private long _closedMinute;
    private long _closeE9;
    private long _latestE9;

    /// <param name="estimate">Validated.</param>
    /// <param name="configured">As a fraction a day.</param>
    public EwmaVolatility(VolatilityEstimate estimate, double configured)
    {
        _estimate = estimate;
        _configured = configured;
        _variance = configured * configured / estimate.MinutesPerDay;
        Daily = configured;
    }

    /// <summary>As a fraction a day.</summary>
    public double Daily { get; private set; }

    /// <summary>Takes a price in. Whether it changed <see cref="Daily"/>.</summary>
    /// <param name="priceE9">Positive.</param>
    /// <param name="timeNs">Time does not run backwards.</param>
    public bool TryAdd(long priceE9, long timeNs)
    {
        var minute = timeNs / MinuteNs;
        var isNewMinute = minute > _minute && _latestE9 != 0;
        var before = Daily;
        if (isNewMinute)
            CloseMinute();

        _minute = Math.Max(minute, _minute);
        _latestE9 = priceE9;
        return Daily != before;
    }

    public void Transfer(StateStream state)
    {
        state.Value(ref _variance);
        state.Value(ref _minute);
        state.Value(ref _closedMinute);
        state.Value(ref _closeE9);
        state.Value(ref _latestE9);
        Daily = state.Next(Daily);
    }

    private void CloseMinute()
    {
        if (_closeE9 != 0)
        {
            var change = Math.Log((double)_latestE9 / _closeE9);
            var squared = change * change / Math.Max(1, _minute - _closedMinute);
            _variance = _estimate.Decay * _variance + (1 - _estimate.Decay) * squared;
            Daily = Math.Max(_configured, Math.Sqrt(_variance * _estimate.MinutesPerDay));
        }

        _closeE9 = _latestE9;
        _closedMinute = _minute;
    }
}
