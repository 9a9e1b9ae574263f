namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// A limit that can be changed while the pipeline runs. The numbers stand in journals, so they do not change. All other
/// limits lay out what the stages remember, so a change of those needs a restart.
/// </summary>
public enum LimitKey : byte
{
    None = 0,
    MaxPosition = 1,
    MaxNotional = 2,
    MaxDailyVar = 3,
    MaxWeeklyVar = 4,
    MaxShortfall = 5,
    MaxDailyDrawdown = 6,
    MaxWeeklyDrawdown = 7,
    MaxPositionShare = 8,
    MaxSectorShare = 9,
    MaxMarginShare = 10,
    MaxCorrelation = 11,
    MaxOpenPositions = 12,
    MaxDailyTrades = 13,
    MaxOrderSize = 14,
    MinOrderSize = 15,
    MaxOrderValue = 16,
    PriceCollar = 17,
    MaxSignalAgeMs = 18,
    MaxMarketAgeMs = 19,
}
