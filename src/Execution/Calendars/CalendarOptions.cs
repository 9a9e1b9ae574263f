namespace ExecutionPipeline.Execution.Calendars;

/// <summary>
/// When a market trades. A date's session closes on that date; a close at or before the open means that it opened the
/// evening before. A close at 00:00 is the end of the date. Default: New York's share trading.
/// </summary>
public sealed class CalendarOptions
{
    /// <summary>By which instruments name it. No default; not empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>IANA id of the zone of all times and dates. Default America/New_York.</summary>
    public string TimeZone { get; init; } = "America/New_York";

    /// <summary>Local time of the open. Default 09:30.</summary>
    public TimeOnly SessionOpen { get; init; } = new(9, 30);

    /// <summary>Local time of the close. Default 16:00.</summary>
    public TimeOnly SessionClose { get; init; } = new(16, 0);

    /// <summary>Weekdays of the dates that have a session. Default Monday to Friday.</summary>
    public IReadOnlyList<DayOfWeek> TradingDays { get; init; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>Holidays by rule. Default none.</summary>
    public HolidaySet Holidays { get; init; } = HolidaySet.None;

    /// <summary>Dates without a session, beside those by rule. Default none.</summary>
    public IReadOnlyList<DateOnly> ClosedDates { get; init; } = [];

    /// <summary>
    /// Dates with a close of their own; each has precedence over the rules, so that one with the usual close opens a
    /// date that they close. Default none.
    /// </summary>
    public IReadOnlyList<HalfDay> HalfDays { get; init; } = [];

    /// <summary>Whether a session opens on the evening before its date.</summary>
    internal bool IsOvernight => SessionClose <= SessionOpen && SessionClose != TimeOnly.MinValue;

    /// <exception cref="ArgumentException">An option is out of range; the message names the key.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Name))
            throw new ArgumentException($"calendar: set name to one that instruments can give as their calendar.");
        Check(TimeZone == RulesZone(), "time_zone", $"{RulesZone()}, where its holidays are from");
        Check(TradingDays.Count > 0, "trading_days", "one weekday or more");
        Check(TradingDays.All(Enum.IsDefined), "trading_days", "weekdays");
        Check(TradingDays.Distinct().Count() == TradingDays.Count, "trading_days", "each weekday once");
        Check(ClosedDates.Distinct().Count() == ClosedDates.Count, "closed_dates", "each date once");

        Check(HalfDays.All(static day => day is not null), "half_days", "a date and a close each");
        var halfDates = HalfDays.Select(static day => day.Date).ToHashSet();
        Check(halfDates.Count == HalfDays.Count, "half_days", "each date once");
        foreach (var date in ClosedDates.Where(halfDates.Contains))
            Check(false, "closed_dates", $"dates that half_days does not have: {date:yyyy-MM-dd} is in both");
        foreach (var day in HalfDays)
            Check(IsClose(day.Close), "half_days", $"closes within the session: {day.Close} is not");
    }

    /// <summary>Whether a session can close at a time.</summary>
    internal bool IsClose(TimeOnly close)
    {
        if (close == SessionClose)
            return true;

        var isBeforeClose = SessionClose == TimeOnly.MinValue || close < SessionClose;
        return isBeforeClose && close > (IsOvernight ? TimeOnly.MinValue : SessionOpen);
    }

    /// <summary>The zone that the rules' early closes are told in.</summary>
    private string RulesZone() => Holidays switch
    {
        HolidaySet.UsEquity => "America/New_York",
        HolidaySet.CmeEquity => "America/Chicago",
        _ => TimeZone,
    };

    private void Check(bool isRight, string key, string expected)
    {
        if (!isRight)
            throw new ArgumentException($"calendar '{Name}': set {key} to {expected}.");
    }
}

/// <summary>A trading date on which the session closes at a time of its own.</summary>
public sealed record HalfDay
{
    /// <summary>The local date on which the session closes.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Local time of the close; after the open, at or before the usual close.</summary>
    public required TimeOnly Close { get; init; }
}
