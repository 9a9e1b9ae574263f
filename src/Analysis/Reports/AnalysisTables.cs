using System.Globalization;
using ExecutionPipeline.Analysis.Costs;

namespace ExecutionPipeline.Analysis.Reports;

/// <summary>A table for a console: the first cell of a row is its name, the others are figures.</summary>
public sealed record AnalysisTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows);

/// <summary>An analysis as tables of at most 80 columns. Positive costs are costs, in basis points (bp).</summary>
public static class AnalysisTables
{
    private const string Unknown = "-";

    /// <summary>The tables that have anything to say.</summary>
    public static IEnumerable<AnalysisTable> Of(AnalysisFigures analysis)
    {
        if (analysis.All is { } all)
        {
            IReadOnlyList<SummaryFigures> strategies = [.. analysis.ByStrategy, all];
            yield return Costs("Shortfall by strategy, bp of the decision's value", "strategy", strategies);
            yield return Orders("Orders by strategy", "strategy", strategies);
            yield return Contracts("What became of the contracts (rate: filled of those not withdrawn)", strategies);
            yield return Benchmarks("Against benchmarks, bp (positive: worse)", "strategy", strategies);
            yield return MarkOuts("After the fills, bp (positive: the market went our way)", "strategy", strategies);
            yield return Costs("By venue, what was executed there, bp", "venue", analysis.ByVenue);
            yield return Costs("By hour of the decision, bp", "hour", analysis.ByHour);
            if (analysis.ByInstrument.Count > 1)
                yield return Costs("By instrument, bp", "instrument", analysis.ByInstrument);
            yield return Agents(analysis);
        }

        if (analysis.Trades is { } trades)
            yield return Trades([.. analysis.TradesByReason, trades]);
    }

    private static AnalysisTable Costs(string title, string name, IReadOnlyList<SummaryFigures> summaries) => new(
        title,
        [name, "delay", "spread", "impact", "timing", "missed", "fees", "total"],
        [.. summaries.Select(static summary => (string[])
        [
            summary.Key,
            .. CostBreakdown.Names.Select(name => Bps(summary.PartsBps[name])),
            Bps(summary.TotalBps),
        ])]);

    private static AnalysisTable Orders(string title, string name, IReadOnlyList<SummaryFigures> summaries) => new(
        title,
        [name, "orders", "mean bp", "± 95 %", "quality"],
        [.. summaries.Select(static summary => (string[])
        [
            summary.Key,
            Count(summary.Orders),
            Bps(summary.MeanBps),
            Bps(summary.Interval95Bps),
            Share(summary.QualityScore),
        ])]);

    private static AnalysisTable Contracts(string title, IReadOnlyList<SummaryFigures> summaries) => new(
        title,
        ["strategy", "ordered", "withdrawn", "filled", "dear", "expired", "refused", "rate"],
        [.. summaries.Select(static summary => (string[])
        [
            summary.Key,
            Count(summary.Ordered),
            Count(summary.Withdrawn),
            Count(summary.Executed),
            Count(summary.TooDear),
            Count(summary.Expired),
            Count(summary.Refused),
            Percent(summary.FillRate),
        ])]);

    private static AnalysisTable Benchmarks(string title, string name, IReadOnlyList<SummaryFigures> summaries) => new(
        title,
        [name, "arrival", "estimate", "VWAP", "TWAP", "close"],
        [.. summaries.Select(static summary => (string[])
        [
            summary.Key,
            Bps(summary.ArrivalBps),
            Bps(summary.EstimateBps),
            Bps(summary.VwapBps),
            Bps(summary.TwapBps),
            Bps(summary.CloseBps),
        ])]);

    private static AnalysisTable MarkOuts(string title, string name, IReadOnlyList<SummaryFigures> summaries) => new(
        title,
        [name, .. CostAnalyzer.MarkOutSeconds.Select(static seconds => $"{seconds} s"), "adverse"],
        [.. summaries.Select(static summary => (string[])
        [
            summary.Key,
            Bps(summary.MarkOut1SBps),
            Bps(summary.MarkOut5SBps),
            Bps(summary.MarkOut30SBps),
            Bps(summary.AdverseSelectionBps),
        ])]);

    private static AnalysisTable Agents(AnalysisFigures analysis) => new(
        "Agents",
        ["agent", "decisions", "accuracy", "mean score"],
        [.. analysis.Agents.Select(static agent => (string[])
            [agent.Agent, Count(agent.Decisions), Percent(agent.Accuracy), Share(agent.Reward)])]);

    private static AnalysisTable Trades(IReadOnlyList<TradeFigures> trades) => new(
        "Trades by what ended them",
        ["exit", "trades", "won", "gross", "fees", "net", "factor"],
        [.. trades.Select(static group => (string[])
        [
            group.Key,
            Count(group.Trades),
            Percent(group.WinRate),
            Amount(group.GrossPnl),
            Amount(group.Fees),
            Amount(group.NetPnl),
            Share(group.ProfitFactor),
        ])]);

    private static string Bps(double? value) => Share(value);

    /// <summary>What rounds to nothing has no sign.</summary>
    private static string Share(double? value) =>
        value?.ToString("0.00;-0.00;0.00", CultureInfo.InvariantCulture) ?? Unknown;

    private static string Percent(double value) => value.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Amount(decimal amount) => amount.ToString("N2", CultureInfo.InvariantCulture);
}
