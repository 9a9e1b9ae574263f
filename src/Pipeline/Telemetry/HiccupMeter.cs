namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// Measures what a spinning thread that does nothing sees of the machine's own interruptions: for each tick of a fixed
/// grid, how late the first clock reading after it came. Time spent on work is left out, ticks in it too.
/// </summary>
public sealed class HiccupMeter
{
    /// <summary>Distance of the grid's ticks in nanoseconds.</summary>
    public const long TickNs = 10_000;

    private readonly LongHistogram _histogram = LatencyIntervals.NewHistogram();
    private long _nextTickNs = long.MaxValue;

    /// <summary>Delays in nanoseconds.</summary>
    public HistogramBase Histogram => _histogram;

    /// <summary>
    /// Idling begins, or goes on after work, at <paramref name="nowNs"/>: ticks up to then are left out.
    /// </summary>
    public void Resume(long nowNs) => _nextTickNs = (nowNs / TickNs + 1) * TickNs;

    /// <summary>
    /// A clock reading with nothing but idling since the one before. True where ticks were recorded: that took time,
    /// so read the clock again and <see cref="Resume"/>.
    /// </summary>
    public bool TryRecord(long nowNs)
    {
        if (nowNs < _nextTickNs)
            return false;

        for (; _nextTickNs <= nowNs; _nextTickNs += TickNs)
            _histogram.RecordValue(Math.Clamp(nowNs - _nextTickNs, 1, LatencyIntervals.HighestNs));
        return true;
    }
}
