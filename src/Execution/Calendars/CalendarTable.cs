namespace ExecutionPipeline.Execution.Calendars;

/// <summary>Calendars by name: the built-in us_equity and cme_equity, and those that are configured.</summary>
public sealed class CalendarTable
{
    private static readonly CalendarOptions[] BuiltIn =
    [
        new() { Name = "us_equity", Holidays = HolidaySet.UsEquity },
        new()
        {
            Name = "cme_equity",
            TimeZone = "America/Chicago",
            SessionOpen = new TimeOnly(17, 0),
            SessionClose = new TimeOnly(16, 0),
            Holidays = HolidaySet.CmeEquity,
        },
    ];

    private readonly Dictionary<string, TradingCalendar> _calendars = [];

    /// <param name="configured">One of a built-in's name takes its place.</param>
    /// <exception cref="ArgumentException">Two share a name, or one is invalid.</exception>
    public CalendarTable(IReadOnlyList<CalendarOptions> configured)
    {
        foreach (var options in configured)
        {
            if (options is null)
                throw new ArgumentException("calendars: set an object for each, not null.");
            if (!_calendars.TryAdd(options.Name, new TradingCalendar(options)))
                throw new ArgumentException($"two calendars share the name {options.Name}: give each its own.");
        }

        foreach (var options in BuiltIn)
        {
            if (!_calendars.ContainsKey(options.Name))
                _calendars.Add(options.Name, new TradingCalendar(options));
        }
    }

    /// <exception cref="ArgumentException">There is none of that name; the message lists those that are.</exception>
    public TradingCalendar Find(string name) => _calendars.TryGetValue(name, out var calendar)
        ? calendar
        : throw new ArgumentException(
            $"unknown calendar '{name}': set calendar to one of {string.Join(", ", _calendars.Keys.Order())}, "
            + "or add it to calendars.");
}
