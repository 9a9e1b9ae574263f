namespace ExecutionPipeline.Analysis.Reports;

/// <summary>The account's equity at a time.</summary>
/// <param name="TimeNs">In nanoseconds since the Unix epoch, UTC.</param>
/// <param name="Equity">In the account's currency, after fees.</param>
/// <param name="Drawdown">The deepest fall from the highest equity so far since the point before; at least 0.</param>
public sealed record EquityPoint(long TimeNs, decimal Equity, decimal Drawdown);

/// <summary>
/// The equity of an account over time: a point for each second in which it was told, and the deepest fall from a peak.
/// Money is in 1e-6 of the account's currency.
/// </summary>
public sealed class EquityCurve
{
    private const long SecondNs = 1_000_000_000;

    private readonly List<(long TimeNs, long EquityE6, long DrawdownE6)> _seconds = [];
    private long _peakE6 = long.MinValue;

    /// <summary>The deepest fall from the highest equity before it; at least 0.</summary>
    public long MaxDrawdownE6 { get; private set; }

    /// <summary>The deepest fall as a fraction of the peak that it began at.</summary>
    public double MaxDrawdownShare { get; private set; }

    /// <summary>Takes an equity in; times do not go back.</summary>
    public void Add(long timeNs, long equityE6)
    {
        _peakE6 = Math.Max(_peakE6, equityE6);
        var drawdownE6 = _peakE6 - equityE6;
        if (drawdownE6 > MaxDrawdownE6)
            MaxDrawdownE6 = drawdownE6;
        if (_peakE6 > 0)
            MaxDrawdownShare = Math.Max(MaxDrawdownShare, (double)drawdownE6 / _peakE6);

        if (_seconds.Count > 0 && _seconds[^1].TimeNs / SecondNs == timeNs / SecondNs)
            _seconds[^1] = (timeNs, equityE6, Math.Max(drawdownE6, _seconds[^1].DrawdownE6));
        else
            _seconds.Add((timeNs, equityE6, drawdownE6));
    }

    /// <summary>The curve in at most so many points, each with the deepest fall since the one before.</summary>
    public IReadOnlyList<EquityPoint> Points(int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        var step = Math.Max(1, (_seconds.Count + most - 1) / most);
        return
        [
            .. _seconds.Chunk(step).Select(static part => new EquityPoint(
                part[^1].TimeNs, Money.Of(part[^1].EquityE6), Money.Of(part.Max(static second => second.DrawdownE6)))),
        ];
    }
}
