using ExecutionPipeline.Analysis.Agents;
using ExecutionPipeline.Analysis.Costs;
using ExecutionPipeline.Analysis.Trades;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Analysis.Reports;

/// <summary>
/// An analysis for machines. Money is an exact decimal number in the account's currency, prices are in points, times in
/// nanoseconds since the Unix epoch, UTC; null: not known.
/// </summary>
public sealed record AnalysisFigures(
    int Version,
    string TimeZone,
    SummaryFigures? All,
    IReadOnlyList<SummaryFigures> ByStrategy,
    IReadOnlyList<SummaryFigures> ByVenue,
    IReadOnlyList<SummaryFigures> ByHour,
    IReadOnlyList<SummaryFigures> ByInstrument,
    IReadOnlyList<AgentPerformance> Agents,
    IReadOnlyList<AgentRecommendation> Recommendations,
    TradeFigures? Trades,
    IReadOnlyList<TradeFigures> TradesByReason,
    IReadOnlyList<OrderCostFigures> Orders)
{
    /// <summary>What <see cref="Version"/> is.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The account over time; empty: it was not followed.</summary>
    public IReadOnlyList<EquityPoint> Equity { get; init; } = [];

    /// <summary>What was traded, over the price; null: it was not followed.</summary>
    public TradingChart? Chart { get; init; }

    public static AnalysisFigures Of(ExecutionAnalysis analysis) => new(
        CurrentVersion,
        analysis.Zone.Id,
        analysis.All is null ? null : SummaryFigures.Of(analysis.All),
        [.. analysis.ByStrategy.Select(SummaryFigures.Of)],
        [.. analysis.ByVenue.Select(SummaryFigures.Of)],
        [.. analysis.ByHour.Select(SummaryFigures.Of)],
        [.. analysis.ByInstrument.Select(SummaryFigures.Of)],
        analysis.Agents,
        analysis.Recommendations,
        analysis.AllTrades is null ? null : TradeFigures.Of(analysis.AllTrades),
        [.. analysis.TradesByReason.Select(TradeFigures.Of)],
        [.. analysis.Orders.Select(OrderCostFigures.Of)]);
}

/// <summary>The parts of the shortfall; they add up to the total.</summary>
public sealed record BreakdownFigures(
    decimal Delay, decimal Spread, decimal Impact, decimal Timing, decimal Opportunity, decimal Fees, decimal Total)
{
    public static BreakdownFigures Of(in CostBreakdown cost) => new(
        Money.Of(cost.DelayE6),
        Money.Of(cost.SpreadE6),
        Money.Of(cost.ImpactE6),
        Money.Of(cost.TimingE6),
        Money.Of(cost.OpportunityE6),
        Money.Of(cost.FeesE6),
        Money.Of(cost.TotalE6));
}

/// <summary>The costs of several orders.</summary>
public sealed record SummaryFigures(
    string Key,
    int Orders,
    int Fills,
    long Ordered,
    long Executed,
    long Withdrawn,
    long TooDear,
    long Expired,
    long Refused,
    double FillRate,
    decimal DecisionValue,
    BreakdownFigures Cost,
    IReadOnlyDictionary<string, double> PartsBps,
    double TotalBps,
    double MeanBps,
    double? Interval95Bps,
    double? ArrivalBps,
    double? VwapBps,
    double? TwapBps,
    double? CloseBps,
    double? MarkOut1SBps,
    double? MarkOut5SBps,
    double? MarkOut30SBps,
    double? AdverseSelectionBps,
    double EstimateBps,
    double QualityScore)
{
    public static SummaryFigures Of(CostSummary summary) => new(
        summary.Key,
        summary.Orders,
        summary.Fills,
        summary.Ordered,
        summary.Executed,
        summary.Withdrawn,
        summary.TooDear,
        summary.Expired,
        summary.Refused,
        summary.FillRate,
        Money.Of(summary.DecisionValueE6),
        BreakdownFigures.Of(summary.Cost),
        PartsOf(summary),
        summary.TotalBps,
        summary.MeanBps,
        summary.Interval95Bps,
        summary.ArrivalBps,
        summary.VwapBps,
        summary.TwapBps,
        summary.CloseBps,
        summary.MarkOutsBps[0],
        summary.MarkOutsBps[1],
        summary.MarkOutsBps[2],
        summary.AdverseSelectionBps,
        summary.EstimateBps,
        summary.QualityScore);

    private static Dictionary<string, double> PartsOf(CostSummary summary) => CostBreakdown.Names
        .Zip(summary.Cost.PartsE6, (name, costE6) => (name, summary.BpsOf(costE6)))
        .ToDictionary(static part => part.name, static part => part.Item2);
}

/// <summary>The cost of one order.</summary>
public sealed record OrderCostFigures(
    ulong OrderId,
    ulong SignalId,
    string Instrument,
    string Side,
    string Strategy,
    long DecisionTimeNs,
    long DurationNs,
    int Quantity,
    int Executed,
    string EndReason,
    decimal DecisionPrice,
    double AveragePrice,
    BreakdownFigures Cost,
    double TotalBps,
    double SlippageBps,
    double? ArrivalBps,
    double? VwapBps,
    double? TwapBps,
    double? CloseBps,
    double? MarkOut1SBps,
    double? MarkOut5SBps,
    double? MarkOut30SBps,
    double EstimateBps,
    double QualityScore,
    int FillsWithoutQuote)
{
    public static OrderCostFigures Of(OrderCost cost) => new(
        cost.Order.OrderId,
        cost.Order.SignalId,
        cost.Order.Instrument.Symbol,
        cost.Order.Side.ToString(),
        StrategyNames.NameOf(cost.Order.Strategy),
        cost.Order.DecisionTimeNs,
        cost.DurationNs,
        cost.Order.Quantity,
        cost.Executed,
        (cost.Executed == cost.Order.Quantity ? ParentEndReason.Executed : cost.Order.EndReason).ToString(),
        cost.Order.DecisionPriceE9 / 1e9m,
        cost.AveragePriceE9 / 1e9,
        BreakdownFigures.Of(cost.Cost),
        cost.TotalBps,
        cost.SlippageBps,
        cost.ArrivalBps,
        cost.VwapBps,
        cost.TwapBps,
        cost.CloseBps,
        cost.MarkOutsBps[0],
        cost.MarkOutsBps[1],
        cost.MarkOutsBps[2],
        cost.EstimateBps,
        cost.QualityScore,
        cost.FillsWithoutQuote);
}

/// <summary>What several trades came to.</summary>
public sealed record TradeFigures(
    string Key,
    int Trades,
    int Winners,
    double WinRate,
    decimal GrossPnl,
    decimal Fees,
    decimal NetPnl,
    double? ProfitFactor,
    double MeanSeconds,
    double? CaptureRatio)
{
    public static TradeFigures Of(TradeStatistics trades) => new(
        trades.Key,
        trades.Trades,
        trades.Winners,
        trades.WinRate,
        Money.Of(trades.GrossPnlE6),
        Money.Of(trades.FeesE6),
        Money.Of(trades.NetPnlE6),
        trades.ProfitFactor,
        trades.MeanSeconds,
        trades.CaptureRatio);
}

internal static class Money
{
    public static decimal Of(long amountE6) => amountE6 / 1_000_000m;
}
