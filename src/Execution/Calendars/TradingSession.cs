using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Calendars;

/// <summary>
/// Where the time stands in the sessions of a calendar. The bounds of the latest session are kept, so that a call costs
/// comparisons and a division. Times are nanoseconds since the Unix epoch, UTC.
/// </summary>
/// <param name="calendar">Of the market.</param>
public sealed class TradingSession(TradingCalendar calendar) : IStateful
{
    private long _openNs = long.MaxValue;
    private long _closeNs;
    private long _endOfDateNs;
    private long _nextOpenNs;
    private long _nextStartNs = long.MinValue;

    /// <summary>
    /// Whether a session opened since the last call. The first call says so too; time that goes back starts none.
    /// </summary>
    public bool TryStart(long timeNs)
    {
        if (timeNs < _nextStartNs)
            return false;

        Locate(timeNs);
        _nextStartNs = _nextOpenNs;
        return true;
    }

    /// <summary>
    /// How far the session has run, [0, 1]: 0 at the open, 1 from the close to the end of its date, then 0 until the
    /// next open, over nights, weekends and holidays.
    /// </summary>
    public double ProgressAt(long timeNs)
    {
        if (timeNs < _openNs || timeNs >= _nextOpenNs)
            Locate(timeNs);

        if (timeNs < _closeNs)
            return (double)(timeNs - _openNs) / (_closeNs - _openNs);

        return timeNs < _endOfDateNs ? 1 : 0;
    }

    public void Transfer(StateStream state)
    {
        state.Value(ref _openNs);
        state.Value(ref _closeNs);
        state.Value(ref _endOfDateNs);
        state.Value(ref _nextOpenNs);
        state.Value(ref _nextStartNs);
    }

    /// <summary>Finds the latest session that has opened and the open of the next; needed once a session.</summary>
    private void Locate(long timeNs)
    {
        var date = calendar.LatestDateAt(timeNs);
        while (!calendar.TryGetSession(date, out _openNs, out _closeNs) || _openNs > timeNs)
            date = date.AddDays(-1);

        _endOfDateNs = calendar.EndOf(date);
        do
            date = date.AddDays(1);
        while (!calendar.TryGetSession(date, out _nextOpenNs, out _));
    }
}
