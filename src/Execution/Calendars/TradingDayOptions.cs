namespace ExecutionPipeline.Execution.Calendars;

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
