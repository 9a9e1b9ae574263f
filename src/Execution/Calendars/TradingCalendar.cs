using System.Collections.Frozen;

namespace ExecutionPipeline.Execution.Calendars;

/// <summary>The sessions of a market, by date. Times are nanoseconds since the Unix epoch, UTC.</summary>
public sealed class TradingCalendar
{
    private static readonly int EpochDayNumber = new DateOnly(1970, 1, 1).DayNumber;

    private readonly ZoneOffsets _zone;
    private readonly CalendarOptions _options;
    private readonly bool[] _isTradingDay = new bool[7];
    private readonly FrozenSet<DateOnly> _closed;
    private readonly FrozenDictionary<DateOnly, TimeOnly> _closes;

    /// <exception cref="ArgumentException">An option is out of range; the message names the key.</exception>
    public TradingCalendar(CalendarOptions options)
    {
        options.Validate();
        _options = options;
        _zone = ZoneOf(options);
        foreach (var day in options.TradingDays)
            _isTradingDay[(int)day] = true;
        _closed = options.ClosedDates.ToFrozenSet();
        _closes = options.HalfDays.ToFrozenDictionary(static day => day.Date, static day => day.Close);
    }

    public string Name => _options.Name;

    /// <summary>The session that closes on a date. Whether the date has one.</summary>
    public bool TryGetSession(DateOnly date, out long openNs, out long closeNs)
    {
        openNs = 0;
        closeNs = 0;
        if (CloseOn(date) is not { } close)
            return false;

        var endDate = close == TimeOnly.MinValue ? date.AddDays(1) : date;
        openNs = At(_options.IsOvernight ? date.AddDays(-1) : date, _options.SessionOpen);
        closeNs = At(endDate, close);
        return true;
    }

    /// <summary>The latest date whose session can have begun by a time.</summary>
    public DateOnly LatestDateAt(long timeNs)
    {
        var localNs = timeNs + _zone.OffsetAtNs(timeNs);
        var days = Math.DivRem(localNs, ZoneOffsets.DayNs, out var ofDayNs) + (ofDayNs < 0 ? -1 : 0);
        var date = DateOnly.FromDayNumber(EpochDayNumber + (int)days);
        return _options.IsOvernight ? date.AddDays(1) : date;
    }

    /// <summary>The midnight that ends a date.</summary>
    internal long EndOf(DateOnly date) => At(date.AddDays(1), TimeOnly.MinValue);

    private TimeOnly? CloseOn(DateOnly date)
    {
        if (_closes.TryGetValue(date, out var close))
            return close;
        if (_closed.Contains(date) || !_isTradingDay[(int)date.DayOfWeek])
            return null;

        var usual = _options.SessionClose;
        if (HolidayRules.CloseOn(_options.Holidays, date, usual) is not { } ruled)
            return null;
        if (_options.IsClose(ruled))
            return ruled;

        // An early close outside the session: before the open nothing is left of it, after the close all is.
        return !_options.IsOvernight && ruled <= _options.SessionOpen ? null : usual;
    }

    private long At(DateOnly date, TimeOnly time) => _zone.ToUtcNs(
        (date.DayNumber - EpochDayNumber) * ZoneOffsets.DayNs + time.Ticks * TimeSpan.NanosecondsPerTick);

    private static ZoneOffsets ZoneOf(CalendarOptions options)
    {
        try
        {
            return ZoneOffsets.Of(options.TimeZone);
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentException($"calendar '{options.Name}': time_zone: {problem.Message}", problem);
        }
    }
}
