using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues.Matching;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// The phase that an instrument's market has by its calendar. Times are nanoseconds since the Unix epoch, UTC.
/// </summary>
/// <param name="calendar">Of the instrument.</param>
/// <param name="callMinutes">
/// How long before its open a session takes orders for the opening auction, where the one before it has closed by then.
/// </param>
internal sealed class VenueSession(TradingCalendar calendar, int callMinutes) : IStateful
{
    private readonly long _callNs = callMinutes * 60_000_000_000L;

    public TradingPhase Phase { get; private set; }

    /// <summary>When the phase changes next.</summary>
    public long NextNs { get; private set; } = long.MinValue;

    /// <summary>When the session that runs, or the next one, closes.</summary>
    public long CloseNs { get; private set; }

    /// <summary>Goes on to the phase of a time; false when it is still the one that was.</summary>
    public bool TryAdvance(long timeNs)
    {
        if (timeNs < NextNs)
            return false;

        var date = calendar.LatestDateAt(timeNs);
        long openNs;
        long closeNs;
        while (!calendar.TryGetSession(date, out openNs, out closeNs) || openNs > timeNs)
            date = date.AddDays(-1);

        var callNs = openNs;
        if (timeNs >= closeNs)
        {
            var closedNs = closeNs;
            do
                date = date.AddDays(1);
            while (!calendar.TryGetSession(date, out openNs, out closeNs));
            callNs = Math.Max(openNs - _callNs, closedNs);
        }

        CloseNs = closeNs;
        (Phase, NextNs) = timeNs < callNs ? (TradingPhase.Closed, callNs)
            : timeNs < openNs ? (TradingPhase.Auction, openNs)
            : (TradingPhase.Continuous, closeNs);
        return true;
    }

    public void Transfer(StateStream state)
    {
        Phase = state.Next(Phase);
        NextNs = state.Next(NextNs);
        CloseNs = state.Next(CloseNs);
    }
}
