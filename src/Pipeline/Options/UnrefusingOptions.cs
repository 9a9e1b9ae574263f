using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Limits;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>
/// Options under which no usual order is refused, for what only wants the path: the one that warms it up and those that
/// measure it.
/// </summary>
public static class UnrefusingOptions
{
    /// <summary>For an account of 1e12.</summary>
    public static RiskLimits Limits { get; } = new()
    {
        MaxPosition = 1_000,
        MaxNotional = 1e12m,
        MaxDailyVar = 1e12,
        MaxWeeklyVar = 1e12,
        MaxPositionShare = 1,
        MaxSectorShare = 1,
        MaxOrderValue = 1e12m,
        MaxDailyTrades = int.MaxValue,
        MaxSignalAgeMs = 0,
        MaxMarketAgeMs = 0,
    };

    /// <summary>An account that they do not exhaust.</summary>
    public static AccountOptions Account { get; } = new() { StartingCash = 1e12m };

    /// <summary>Sessions of every day from midnight to midnight, UTC.</summary>
    public static CalendarOptions Calendar { get; } = new()
    {
        Name = "all day",
        TimeZone = "UTC",
        SessionOpen = TimeOnly.MinValue,
        SessionClose = TimeOnly.MinValue,
        TradingDays = Enum.GetValues<DayOfWeek>(),
    };
}
