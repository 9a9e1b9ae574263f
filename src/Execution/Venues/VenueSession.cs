using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Venues.Matching;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// The phase of an instrument's market, by its calendar and by what was ordered in between, such as a halt. Times are
/// nanoseconds since the Unix epoch, UTC.
/// </summary>
internal sealed class VenueSession
{
    private readonly TradingCalendar? _calendar;
    private readonly long _callNs;

    /// <param name="calendar">Null: the market is always open, and only a halt changes that.</param>
    /// <param name="callMinutes">How long before its open a session takes orders for the opening auction.</param>
    public VenueSession(TradingCalendar? calendar, int callMinutes)
    {
        _calendar = calendar;
        _callNs = callMinutes * 60_000_000_000L;
        NextNs = calendar == null ? long.MaxValue : long.MinValue;
        CloseNs = long.MaxValue;
    }

    public TradingPhase Phase { get; private set; }

    /// <summary>When the calendar changes the phase next; the greatest time when it never does.</summary>
    public long NextNs { get; private set; }

    /// <summary>When the session that runs, or the next one, closes; without a calendar the greatest time.</summary>
    public long CloseNs { get; private set; }

    /// <summary>Enters a phase that lasts until the calendar's next change.</summary>
    public void Enter(TradingPhase phase) => Phase = phase;

    /// <summary>Goes on to the phase that the calendar has for a time. Only when that has come.</summary>
    public void Advance(long timeNs)
    {
        var date = _calendar!.LatestDateAt(timeNs + _callNs);
        long openNs;
        long closeNs;
        while (!_calendar.TryGetSession(date, out openNs, out closeNs) || openNs - _callNs > timeNs)
            date = date.AddDays(-1);

        if (timeNs >= closeNs)
        {
            do
                date = date.AddDays(1);
            while (!_calendar.TryGetSession(date, out openNs, out closeNs));
        }

        CloseNs = closeNs;
        (Phase, NextNs) = timeNs < openNs - _callNs ? (TradingPhase.Closed, openNs - _callNs)
            : timeNs < openNs ? (TradingPhase.Auction, openNs)
            : (TradingPhase.Continuous, closeNs);
    }
}
