using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Analysis.Reports;

/// <summary>The middle of the quotes within a part of the time, in points.</summary>
/// <param name="TimeNs">Of the last of them.</param>
public sealed record PricePoint(long TimeNs, decimal Low, decimal High, decimal Last);

/// <summary>An execution of any order, exits included.</summary>
public sealed record FillPoint(long TimeNs, decimal Price, int Quantity, string Side, bool IsEntry);

/// <summary>A trade with its bracket; null: it had no such level.</summary>
public sealed record TradeLine(
    long EntryTimeNs,
    decimal EntryPrice,
    long ExitTimeNs,
    decimal ExitPrice,
    decimal? Stop,
    decimal? Target,
    string Side,
    int Quantity,
    string ExitReason,
    decimal NetPnl)
{
    /// <param name="trade">That has closed.</param>
    /// <param name="stopE9">Its stop-loss level; 0: none.</param>
    /// <param name="targetE9">Its take-profit level; 0: none.</param>
    public static TradeLine Of(in TradeSummary trade, long stopE9, long targetE9) =>
        new(
            trade.EntryTimeNs,
            Points(trade.EntryPriceE9),
            trade.ExitTimeNs,
            Points(trade.ExitPriceE9),
            stopE9 == 0 ? null : Points(stopE9),
            targetE9 == 0 ? null : Points(targetE9),
            trade.Side.ToString(),
            trade.Quantity,
            trade.ExitReason.ToString(),
            Money.Of(trade.NetPnlE6));

    internal static decimal Points(long priceE9) => priceE9 / 1e9m;
}

/// <summary>What a chart of an instrument's trading shows: its price, the executions and the trades.</summary>
public sealed record TradingChart(
    string Instrument,
    IReadOnlyList<PricePoint> Prices,
    IReadOnlyList<FillPoint> Fills,
    IReadOnlyList<TradeLine> Trades)
{
    /// <summary>An execution of a side.</summary>
    public static FillPoint Fill(long timeNs, long priceE9, int quantity, Side side, bool isEntry) =>
        new(timeNs, TradeLine.Points(priceE9), quantity, side.ToString(), isEntry);

    /// <summary>The course of a market in at most so many points of equal time; times without a quote have none.
    /// </summary>
    public static IReadOnlyList<PricePoint> PricesOf(MarketSeries market, int most)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        if (market.Quotes.Count == 0)
            return [];

        var firstNs = market.Quotes[0].TimeNs;
        var partNs = Math.Max(1, (market.Quotes[^1].TimeNs - firstNs) / most + 1);
        return
        [
            .. market.Quotes.GroupBy(quote => (quote.TimeNs - firstNs) / partNs).Select(static part => new PricePoint(
                part.Last().TimeNs,
                TradeLine.Points(part.Min(static quote => quote.MidE9)),
                TradeLine.Points(part.Max(static quote => quote.MidE9)),
                TradeLine.Points(part.Last().MidE9))),
        ];
    }
}
