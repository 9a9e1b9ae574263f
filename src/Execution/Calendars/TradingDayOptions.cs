namespace ExecutionPipeline.Execution.Calendars;

/// <summary>When an account's day ends: daily drawdown and the daily trade count begin anew.</summary>
public sealed class TradingDayOptions
{
    /// <summary>IANA time zone of <see cref="RollTime"/>. Default America/New_York.</summary>
    public string TimeZone { get; init; } = "America/New_York";

    /// <summary>Local time at which the next day begins. Default 18:00, when CME's session reopens.</summary>
    public TimeOnly RollTime { get; init; } = new(18, 0);
}
