using ExecutionPipeline.Pipeline.Ring;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>The state in which a replay has left the stages, line by line.</summary>
internal static class ReplayedState
{
    public static void Show(IAnsiConsole console, StageChain chain, IReadOnlyList<string> symbols)
    {
        var portfolio = chain.Context.Portfolio;
        Line(console, "equity", Money(portfolio.EquityE6));
        Line(console, "realised P&L", Money(portfolio.RealizedPnlE6));
        Line(console, "unrealised P&L", Money(portfolio.UnrealizedPnlE6));
        Line(console, "fees", Money(portfolio.FeesE6));
        Line(console, "open positions", $"{portfolio.OpenPositions}");
        for (var i = 0; i < symbols.Count; i++)
            Line(console, $"position in {symbols[i]}", FormattableString.Invariant($"{portfolio.Position(i):+0;-0;0}"));
        Line(console, "working orders", $"{chain.Routing.Orders.WorkingOrders}");
        Line(console, "orders sent", $"{chain.Routing.OrdersSent}");
        Line(console, "open trades", $"{chain.Routing.Trades.OpenTrades}");
        Line(console, "closed trades", $"{chain.Routing.Trades.ClosedTrades}");
        Line(console, "trades today", $"{chain.Risk.TradesToday}");
        Line(console, "kill switch", chain.Risk.IsKilled ? $"latched by {chain.Risk.KillCause}" : "not latched");
        Line(console, "regime", $"{chain.Risk.Regime}");
    }

    private static string Money(long valueE6) => FormattableString.Invariant($"{valueE6 / 1_000_000m:#,0.00}");

    private static void Line(IAnsiConsole console, string name, string value) =>
        console.WriteLine($"{name,-20} {value}");
}
