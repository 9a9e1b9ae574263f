using System.Globalization;
using ExecutionPipeline.Cli.Reports;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>The figures of a backtest for the terminal.</summary>
public static class BacktestReport
{
    /// <summary>Writes the account, the orders, the costs, and the hash that two runs are compared by.</summary>
    public static void Show(IAnsiConsole console, BacktestResult result)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(result);
        var figures = result.Figures;
        FigureTable.Write(console, "Backtest", ["", "figure"], RowsOf(figures));
        CostReport.Write(console, result.Costs);
        if (figures.OpenTrades > 0 || figures.OpenParentOrders > 0)
        {
            console.MarkupLineInterpolated(
                $"[yellow]{figures.OpenTrades} trades and {figures.OpenParentOrders} orders were open at the end.[/]");
        }

        if (figures.Refused > 0)
        {
            console.MarkupLineInterpolated(
                $"[yellow]{Count(figures.Refused)} inputs could not be admitted, such as prices off the tick.[/]");
        }

        console.WriteLine($"{Count(figures.OutboundBytes)} bytes out, SHA-256");
        console.WriteLine(figures.OutboundSha256);
    }

    private static IReadOnlyList<string[]> RowsOf(BacktestFigures figures) =>
    [
        ["market updates", Count(figures.MarketUpdates)],
        ["events", Count(figures.Events)],
        ["signals", Count(figures.Signals)],
        .. figures.Outcomes.Select(static outcome => (string[])
            [$"  {ReportNames.Words(outcome.Key)}", Count(outcome.Value)]),
        ["orders", Count(figures.ParentOrders)],
        ["child orders", Count(figures.ChildOrders)],
        ["exit orders", Count(figures.ExitOrders)],
        ["fills", Count(figures.Fills)],
        ["contracts ordered", Count(figures.Ordered)],
        ["  withdrawn", Count(figures.Withdrawn)],
        ["  filled", Count(figures.Executed)],
        ["  too dear", Count(figures.TooDear)],
        ["  expired", Count(figures.Expired)],
        ["  refused", Count(figures.RefusedContracts)],
        ["fill rate of those not withdrawn", figures.FillRate is { } rate ? Percent(rate) : "-"],
        ["trades", Count(figures.Trades)],
        ["profit before fees", Money(figures.GrossPnl)],
        ["fees", Money(figures.Fees)],
        ["profit after fees", Money(figures.NetPnl)],
        ["equity at the end", Money(figures.Equity)],
        ["deepest drawdown", Money(figures.MaxDrawdown)],
        ["  share of the peak", Percent(figures.MaxDrawdownShare)],
    ];

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Money(decimal value) => value.ToString("N2", CultureInfo.InvariantCulture);

    private static string Percent(double value) => value.ToString("0.000 %", CultureInfo.InvariantCulture);
}
