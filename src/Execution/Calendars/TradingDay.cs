using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Calendars;

/// <summary>
/// Tells the first event of each trading day, by the events' own times. Time that goes backwards rolls nothing back.
/// </summary>
public sealed class TradingDay : IStateful
{
    private const int DaysOfWeek = 7;

    /// <summary>1 January 1970 was a Thursday.</summary>
    private const int DaysFromMondayToEpoch = 3;

    private readonly ZoneOffsets _zone;
    private readonly long _rollOfDayNs;

    /// <exception cref="ArgumentException">The time zone is unknown.</exception>
    public TradingDay(TradingDayOptions options)
    {
        _zone = ZoneOffsets.Of(options.TimeZone);
        _rollOfDayNs = options.RollTime.Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>When the running day ends, UTC; <see cref="long.MinValue"/> before the first event.</summary>
    public long EndNs { get; private set; } = long.MinValue;

    /// <summary>
    /// A number that is another one in each week, from Monday's day to Sunday's. A day that begins at noon or later is
    /// the next date's: CME's Monday begins on Sunday evening. Of the running day.
    /// </summary>
    public long Week { get; private set; }

    /// <summary>Whether <paramref name="timeNs"/> begins another day than the last call. The first one does.</summary>
    public bool TryRoll(long timeNs)
    {
        if (timeNs < EndNs)
            return false;

        Roll(timeNs);
        return true;
    }

    /// <summary>The number of the trading day that a time falls in: another one for each day.</summary>
    public long NumberAt(long timeNs)
    {
        var sinceRollNs = timeNs + _zone.OffsetAtNs(timeNs) - _rollOfDayNs;
        var days = Math.DivRem(sinceRollNs, ZoneOffsets.DayNs, out var ofDayNs);
        return ofDayNs < 0 ? days - 1 : days;
    }

    public void Transfer(StateStream state)
    {
        EndNs = state.Next(EndNs);
        Week = state.Next(Week);
    }

    private void Roll(long timeNs)
    {
        var days = NumberAt(timeNs);
        var date = days + (_rollOfDayNs >= ZoneOffsets.DayNs / 2 ? 1 : 0);
        Week = (date + DaysFromMondayToEpoch) / DaysOfWeek;
        EndNs = _zone.ToUtcNs((days + 1) * ZoneOffsets.DayNs + _rollOfDayNs);
        // A clock change at the roll itself could leave the end at or before the time that asked for it.
        if (EndNs <= timeNs)
            EndNs = _zone.ToUtcNs((days + 2) * ZoneOffsets.DayNs + _rollOfDayNs);
    }
}

/// <summary>What a day's drawdown is a fall from.</summary>
public enum DrawdownBase
{
    /// <summary>The highest equity of the day so far.</summary>
    DayPeak,

    /// <summary>The equity that the day began with.</summary>
    DayStart,
}

/// <summary>When an account's day ends: daily drawdown and the daily trade count begin anew.</summary>
public sealed class TradingDayOptions
{
    /// <summary>IANA time zone of <see cref="RollTime"/>. Default America/New_York.</summary>
    public string TimeZone { get; init; } = "America/New_York";

    /// <summary>Local time at which the next day begins. Default 18:00, when CME's session reopens.</summary>
    public TimeOnly RollTime { get; init; } = new(18, 0);

    /// <summary>What the daily drawdown is a fall from. Default the day's peak.</summary>
    public DrawdownBase DrawdownFrom { get; init; } = DrawdownBase.DayPeak;
}
