namespace ExecutionPipeline.MarketData.Csv;

/// <summary>
/// A day whose times are milliseconds of what a clock on the wall shows: on a day on which the clocks change, they are
/// not the milliseconds that have gone by since midnight.
/// </summary>
internal sealed class WallClockDay
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const int MinutesPerDay = 24 * 60;

    private readonly long _midnightNs;
    private readonly long _changeMs = long.MaxValue;
    private readonly long _changedMidnightNs;

    /// <summary>The day in a time zone whose clocks change at most once in it, at a whole minute.</summary>
    public WallClockDay(DateTime day, TimeZoneInfo zone)
    {
        _midnightNs = MidnightNs(day, zone.GetUtcOffset(day));
        // Looked for once, so that no row asks the zone.
        for (var minute = 1; minute < MinutesPerDay; minute++)
        {
            var offset = zone.GetUtcOffset(day.AddMinutes(minute));
            if (MidnightNs(day, offset) is var midnightNs && midnightNs == _midnightNs)
                continue;

            (_changeMs, _changedMidnightNs) = (minute * 60_000L, midnightNs);
            break;
        }
    }

    /// <summary>
    /// What the clock shows as nanoseconds since the Unix epoch, UTC. An hour that it shows twice is taken for the
    /// second one, in standard time, so that time goes on.
    /// </summary>
    public long TimeNs(long milliseconds) =>
        (milliseconds < _changeMs ? _midnightNs : _changedMidnightNs) + milliseconds * NanosecondsPerMillisecond;

    /// <summary>When it would have been midnight if the clocks had always been as far ahead of UTC.</summary>
    private static long MidnightNs(DateTime day, TimeSpan offset) =>
        (new DateTimeOffset(day, offset) - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
