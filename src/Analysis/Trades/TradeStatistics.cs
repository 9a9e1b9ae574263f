using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Analysis.Trades;

/// <summary>What several trades came to.</summary>
public sealed record TradeStatistics
{
    /// <summary>What the trades have in common.</summary>
    public required string Key { get; init; }

    public required int Trades { get; init; }

    /// <summary>Trades with a gain after fees.</summary>
    public required int Winners { get; init; }

    /// <summary>In 1e-6 of the account's currency.</summary>
    public required long GrossPnlE6 { get; init; }

    public required long FeesE6 { get; init; }

    public long NetPnlE6 => GrossPnlE6 - FeesE6;

    /// <summary>Share of the trades that won.</summary>
    public double WinRate => (double)Winners / Trades;

    /// <summary>Gains over losses, after fees; null where nothing was lost.</summary>
    public double? ProfitFactor { get; init; }

    public required double MeanSeconds { get; init; }

    /// <summary>Share of the most that trades were ahead by which they kept; null: none was ever ahead.</summary>
    public double? CaptureRatio { get; init; }

    /// <summary>Sums trades up.</summary>
    /// <param name="key">What they have in common.</param>
    /// <param name="trades">At least one.</param>
    public static TradeStatistics Of(string key, IReadOnlyList<TradeSummary> trades)
    {
        var gained = trades.Sum(static trade => Math.Max(0, trade.NetPnlE6));
        var lost = trades.Sum(static trade => Math.Max(0, -trade.NetPnlE6));
        var ahead = trades.Sum(static trade => (double)trade.FavourableE9 * trade.Quantity);
        return new TradeStatistics
        {
            Key = key,
            Trades = trades.Count,
            Winners = trades.Count(static trade => trade.NetPnlE6 > 0),
            GrossPnlE6 = trades.Sum(static trade => trade.GrossPnlE6),
            FeesE6 = trades.Sum(static trade => trade.FeesE6),
            ProfitFactor = lost > 0 ? (double)gained / lost : null,
            MeanSeconds = trades.Average(static trade => trade.DurationNs / 1e9),
            CaptureRatio = ahead > 0 ? trades.Sum(PointsKept) / ahead : null,
        };
    }

    /// <summary>Statistics for each value of something, in the order of their keys.</summary>
    public static IReadOnlyList<TradeStatistics> By(
        IEnumerable<TradeSummary> trades, Func<TradeSummary, string> keyOf) =>
    [
        .. trades.GroupBy(keyOf, StringComparer.Ordinal)
            .OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(static group => Of(group.Key, [.. group])),
    ];

    private static double PointsKept(TradeSummary trade) =>
        (trade.Side == Side.Buy ? 1.0 : -1.0) * (trade.ExitPriceE9 - trade.EntryPriceE9) * trade.Quantity;
}
