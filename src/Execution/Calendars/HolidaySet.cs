namespace ExecutionPipeline.Execution.Calendars;

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
