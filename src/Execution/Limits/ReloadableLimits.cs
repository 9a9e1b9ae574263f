using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>Reads and changes limits by their key, in the units of their options.</summary>
public static class ReloadableLimits
{
    private static readonly LimitKey[] Keys =
        [.. Enum.GetValues<LimitKey>().Where(static key => key != LimitKey.None)];

    /// <summary>
    /// Saves, loads or hashes the values that are in force. Returns the limits with them; the same where none differs.
    /// </summary>
    public static RiskLimits Transfer(StateStream state, RiskLimits limits)
    {
        ArgumentNullException.ThrowIfNull(state);
        foreach (var key in Keys)
        {
            var value = Of(limits, key);
            var next = state.Next(value);
            if (!next.Equals(value))
                limits = With(limits, key, next);
        }

        return limits;
    }

    /// <summary>A limit's value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such limit.</exception>
    public static double Of(RiskLimits limits, LimitKey key) => key switch
    {
        LimitKey.MaxPosition => limits.MaxPosition,
        LimitKey.MaxNotional => (double)limits.MaxNotional,
        LimitKey.MaxDailyVar => limits.MaxDailyVar,
        LimitKey.MaxWeeklyVar => limits.MaxWeeklyVar,
        LimitKey.MaxShortfall => limits.MaxShortfall,
        LimitKey.MaxDailyDrawdown => limits.MaxDailyDrawdown,
        LimitKey.MaxWeeklyDrawdown => limits.MaxWeeklyDrawdown,
        LimitKey.MaxPositionShare => limits.MaxPositionShare,
        LimitKey.MaxSectorShare => limits.MaxSectorShare,
        LimitKey.MaxMarginShare => limits.MaxMarginShare,
        LimitKey.MaxCorrelation => limits.MaxCorrelation,
        LimitKey.MaxOpenPositions => limits.MaxOpenPositions,
        LimitKey.MaxDailyTrades => limits.MaxDailyTrades,
        LimitKey.MaxOrderSize => limits.MaxOrderSize,
        LimitKey.MinOrderSize => limits.MinOrderSize,
        LimitKey.MaxOrderValue => (double)limits.MaxOrderValue,
        LimitKey.PriceCollar => limits.PriceCollar,
        LimitKey.MaxSignalAgeMs => limits.MaxSignalAgeMs,
        LimitKey.MaxMarketAgeMs => limits.MaxMarketAgeMs,
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "no such limit"),
    };

    /// <summary>
    /// The limits with another value of one of them. It makes a new object, which is the one thing on the path that
    /// allocates: some hundred bytes for each limit that an operator changes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such limit.</exception>
    public static RiskLimits With(RiskLimits limits, LimitKey key, double value) => key switch
    {
        LimitKey.MaxPosition => limits with { MaxPosition = (int)value },
        LimitKey.MaxNotional => limits with { MaxNotional = (decimal)value },
        LimitKey.MaxDailyVar => limits with { MaxDailyVar = value },
        LimitKey.MaxWeeklyVar => limits with { MaxWeeklyVar = value },
        LimitKey.MaxShortfall => limits with { MaxShortfall = value },
        LimitKey.MaxDailyDrawdown => limits with { MaxDailyDrawdown = value },
        LimitKey.MaxWeeklyDrawdown => limits with { MaxWeeklyDrawdown = value },
        LimitKey.MaxPositionShare => limits with { MaxPositionShare = value },
        LimitKey.MaxSectorShare => limits with { MaxSectorShare = value },
        LimitKey.MaxMarginShare => limits with { MaxMarginShare = value },
        LimitKey.MaxCorrelation => limits with { MaxCorrelation = value },
        LimitKey.MaxOpenPositions => limits with { MaxOpenPositions = (int)value },
        LimitKey.MaxDailyTrades => limits with { MaxDailyTrades = (int)value },
        LimitKey.MaxOrderSize => limits with { MaxOrderSize = (int)value },
        LimitKey.MinOrderSize => limits with { MinOrderSize = (int)value },
        LimitKey.MaxOrderValue => limits with { MaxOrderValue = (decimal)value },
        LimitKey.PriceCollar => limits with { PriceCollar = value },
        LimitKey.MaxSignalAgeMs => limits with { MaxSignalAgeMs = (int)value },
        LimitKey.MaxMarketAgeMs => limits with { MaxMarketAgeMs = (int)value },
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "no such limit"),
    };
}
