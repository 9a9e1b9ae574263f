using System.Collections.Frozen;

namespace ExecutionPipeline.Execution.Calendars;

/// <summary>
/// The yearly holidays and early closes of the US markets by rule, as they have stood since 2013 (CME's early closes
/// since 2022), with the years in which a holiday was introduced, and those closures since 2011 that follow no rule:
/// days of national mourning, Hurricane Sandy, and CME's short session on a Good Friday with an employment report. The
/// configuration has precedence. Sources: NYSE Rule 7.2 and "Holidays and Trading Hours"; CME Group, "CME Globex
/// Trading Schedule", Equity Products, and its notices of the days below.
/// </summary>
public static class HolidayRules
{
    private const int FirstKingDay = 1998;
    private const int FirstJuneteenth = 2022;

    private static readonly TimeOnly UsEquityEarlyClose = new(13, 0);
    private static readonly TimeOnly CmeHolidayClose = new(12, 0);
    private static readonly TimeOnly CmeEarlyClose = new(12, 15);

    /// <summary>
    /// Dates on which shares did not trade, and the time in Chicago at which CME closed its equity index futures.
    /// </summary>
    private static readonly FrozenDictionary<DateOnly, TimeOnly> SpecialDays = new Dictionary<DateOnly, TimeOnly>
    {
        // Good Fridays with an employment report.
        [new(2012, 4, 6)] = new(8, 15),
        [new(2015, 4, 3)] = new(8, 15),
        [new(2021, 4, 2)] = new(8, 15),
        [new(2023, 4, 7)] = new(8, 15),
        [new(2026, 4, 3)] = new(8, 15),

        // Hurricane Sandy.
        [new(2012, 10, 29)] = new(8, 15),
        [new(2012, 10, 30)] = new(8, 15),

        // Days of national mourning for Presidents Bush and Carter.
        [new(2018, 12, 5)] = new(8, 30),
        [new(2025, 1, 9)] = new(8, 30),
    }.ToFrozenDictionary();

    /// <summary>When a date's session closes, local time; null: there is none. Weekends are not looked at.</summary>
    public static TimeOnly? CloseOn(HolidaySet set, DateOnly date, TimeOnly usualClose) => set switch
    {
        HolidaySet.UsEquity when SpecialDays.ContainsKey(date) => null,
        HolidaySet.CmeEquity when SpecialDays.TryGetValue(date, out var cmeClose) => cmeClose,
        HolidaySet.UsEquity when IsClosedEverywhere(date) || IsFederal(date) => null,
        HolidaySet.UsEquity when IsShortened(date) => UsEquityEarlyClose,
        HolidaySet.CmeEquity when IsClosedEverywhere(date) => null,
        HolidaySet.CmeEquity when IsFederal(date) => CmeHolidayClose,
        HolidaySet.CmeEquity when IsShortened(date) => CmeEarlyClose,
        _ => usualClose,
    };

    /// <summary>
    /// Sunday of Easter in the Gregorian calendar. Source: Meeus, Astronomical Algorithms (1991), chapter 8.
    /// </summary>
    public static DateOnly Easter(int year)
    {
        var (century, ofCentury) = Math.DivRem(year, 100);
        var golden = year % 19;
        var lunarCorrection = (century - (century + 8) / 25 + 1) / 3;
        var epact = (19 * golden + century - century / 4 - lunarCorrection + 15) % 30;
        var weekday = (32 + 2 * (century % 4) + 2 * (ofCentury / 4) - epact - ofCentury % 4) % 7;
        var late = (golden + 11 * epact + 22 * weekday) / 451;
        var (month, day) = Math.DivRem(epact + weekday - 7 * late + 114, 31);
        return new DateOnly(year, month, day + 1);
    }

    /// <summary>
    /// New Year's Day, Good Friday, Christmas. A New Year's Day on a Saturday is not made up for on the Friday, which
    /// ends the year's accounts.
    /// </summary>
    private static bool IsClosedEverywhere(DateOnly date) =>
        (IsObserved(date, 1, 1) && date.Month == 1)
        || IsGoodFriday(date)
        || IsObserved(date, 12, 25);

    private static bool IsGoodFriday(DateOnly date) => date.AddDays(2) == Easter(date.Year);

    /// <summary>The other holidays: shares do not trade, index futures do until noon.</summary>
    private static bool IsFederal(DateOnly date) =>
        (IsNth(date, 1, DayOfWeek.Monday, 3) && date.Year >= FirstKingDay)
        || IsNth(date, 2, DayOfWeek.Monday, 3)
        || date is { Month: 5, Day: > 24, DayOfWeek: DayOfWeek.Monday }
        || (IsObserved(date, 6, 19) && date.Year >= FirstJuneteenth)
        || IsObserved(date, 7, 4)
        || IsNth(date, 9, DayOfWeek.Monday, 1)
        || IsThanksgiving(date);

    /// <summary>The day after Thanksgiving, and the eves of Independence Day and Christmas before a weekday.</summary>
    private static bool IsShortened(DateOnly date)
    {
        var isEve = date is { Month: 7, Day: 3 } or { Month: 12, Day: 24 };
        return IsThanksgiving(date.AddDays(-1))
            || (isEve && date.DayOfWeek is >= DayOfWeek.Monday and <= DayOfWeek.Thursday);
    }

    private static bool IsThanksgiving(DateOnly date) => IsNth(date, 11, DayOfWeek.Thursday, 4);

    private static bool IsNth(DateOnly date, int month, DayOfWeek weekday, int nth) =>
        date.Month == month && date.DayOfWeek == weekday && (date.Day - 1) / 7 + 1 == nth;

    /// <summary>The day itself; the Friday before a Saturday; the Monday after a Sunday.</summary>
    private static bool IsObserved(DateOnly date, int month, int day)
    {
        var kept = date.DayOfWeek switch
        {
            DayOfWeek.Friday when !IsDay(date) => date.AddDays(1),
            DayOfWeek.Monday when !IsDay(date) => date.AddDays(-1),
            _ => date,
        };
        return IsDay(kept);

        bool IsDay(DateOnly at) => at.Month == month && at.Day == day;
    }
}

/// <summary>Holidays that are worked out by rule, for any year: see <see cref="HolidayRules"/>.</summary>
public enum HolidaySet
{
    /// <summary>None but those that are configured.</summary>
    None,

    /// <summary>NYSE and Nasdaq: closed, or closing at 13:00 New York.</summary>
    UsEquity,

    /// <summary>CME equity index futures: closed, or closing at 12:00 or 12:15 Chicago.</summary>
    CmeEquity,
}
