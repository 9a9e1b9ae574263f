using System.Globalization;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Telemetry;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Daemons;

/// <summary>What `xp top` shows of two looks at a pipeline, as tables or as JSON.</summary>
/// <param name="before">The look before.</param>
/// <param name="now">This look.</param>
public sealed class TopPage(PipelineReading before, PipelineReading now)
{
    private const double E6 = 1e6;
    private const double E9 = 1e9;
    private const double StaleSeconds = 2;

    private static readonly (PipelineFigure Figure, string Name)[] Flows =
    [
        (PipelineFigure.EventsThrough, "events"), (PipelineFigure.OrdersSent, "orders sent"),
        (PipelineFigure.CancelsSent, "cancels sent"), (PipelineFigure.ReplacesSent, "replaces sent"),
        (PipelineFigure.Fills, "fills"), (PipelineFigure.VenueRejects, "venue rejects"),
        (PipelineFigure.EdgeRejects, "edge rejects"), (PipelineFigure.OutboundDropped, "outbound dropped"),
    ];

    private double AgeSeconds => (DateTime.UtcNow - now.WrittenAt).TotalSeconds;

    private double ElapsedSeconds => Math.Max(1e-9, (now.WrittenAt - before.WrittenAt).TotalSeconds);

    private long Signals => now[PipelineFigure.Events, (int)EventKind.TradeQualified];

    /// <summary>Writes the tables.</summary>
    public void Show(IAnsiConsole console)
    {
        ShowState(console);
        console.Write(FlowTable());
        console.Write(LatencyTable());
        console.Write(LimitTable());
        console.Write(PositionTable());
    }

    /// <summary>The same figures for a program; money in the account's currency, times in nanoseconds.</summary>
    public object ToJson() => new
    {
        WrittenAt = now.WrittenAt,
        LastEventAt = now.LastEventAt,
        Killed = now[PipelineFigure.Killed] != 0,
        KillCause = (KillCause)now[PipelineFigure.KillCause],
        Fault = now[PipelineFigure.Fault] != 0,
        Breakers = Enum.GetValues<BreakerKind>().ToDictionary(
            ReportNames.KeyOf, kind => ReportNames.KeyOf(StateOf(kind))),
        Ring = new { Size = now[PipelineFigure.RingSize], Depth = now[PipelineFigure.RingDepth] },
        ReportsWaiting = now[PipelineFigure.ReportsWaiting],
        Events = EventKinds.OfRing.ToDictionary(
            ReportNames.KeyOf, kind => now[PipelineFigure.Events, (int)kind]),
        Signals = Enum.GetValues<RoutingOutcome>().ToDictionary(
            ReportNames.KeyOf, outcome => now[PipelineFigure.Signals, (int)outcome]),
        Refusals = Refusals().ToDictionary(static one => ReportNames.KeyOf(one.Limit), static one => one.Count),
        Totals = Flows.ToDictionary(static flow => flow.Name.Replace(' ', '_'), flow => now[flow.Figure]),
        RatesPerSecond = Flows.ToDictionary(static flow => flow.Name.Replace(' ', '_'), flow => Rate(flow.Figure)),
        WorkingOrders = now[PipelineFigure.WorkingOrders],
        WorkingParents = now[PipelineFigure.WorkingParents],
        OpenTrades = now[PipelineFigure.OpenTrades],
        ClosedTrades = now[PipelineFigure.ClosedTrades],
        Equity = now[PipelineFigure.Equity] / E6,
        RealizedPnl = now[PipelineFigure.RealizedPnl] / E6,
        UnrealizedPnl = now[PipelineFigure.UnrealizedPnl] / E6,
        Positions = now.Instruments.Select(id => new
        {
            Instrument = id,
            Symbol = now.SymbolOf(id),
            Position = now[PipelineFigure.Position, id],
            MarkPrice = now[PipelineFigure.MarkPrice, id] / E9,
            OpenPnl = now[PipelineFigure.OpenPnl, id] / E6,
        }),
        Limits = Enum.GetValues<LimitGauge>().ToDictionary(ReportNames.KeyOf, gauge => new
        {
            Limit = now[PipelineFigure.Limit, (int)gauge] / UnitOf(gauge),
            Used = now[PipelineFigure.LimitUsed, (int)gauge] / UnitOf(gauge),
        }),
        LatencyNsSecond = Latencies(LatencyWindow.Second),
        LatencyNsMinute = Latencies(LatencyWindow.Minute),
    };

    private void ShowState(IAnsiConsole console)
    {
        var cause = (KillCause)now[PipelineFigure.KillCause];
        var isKilled = now[PipelineFigure.Killed] != 0;
        var state = now[PipelineFigure.Fault] != 0 ? "[red]a fault has ended trading[/]"
            : isKilled ? $"[red]kill switch latched: {ReportNames.KeyOf(cause)}[/]"
            : "kill switch released";
        console.MarkupLine(state);
        if (AgeSeconds > StaleSeconds)
            console.MarkupLineInterpolated($"[red]stale: written {AgeSeconds:0} s ago[/]");
        if (now.Pipelines > 1)
            console.MarkupLineInterpolated($"[yellow]{now.Pipelines} pipelines publish here: this is the last[/]");
        foreach (var kind in Enum.GetValues<BreakerKind>().Where(kind => StateOf(kind) != BreakerState.Closed))
            console.MarkupLineInterpolated($"[yellow]breaker {Words(kind)}: {Words(StateOf(kind))}[/]");
        Line(console, "ring", $"{Count(PipelineFigure.RingDepth)} of {Count(PipelineFigure.RingSize)} slots, "
            + $"{Count(PipelineFigure.ReportsWaiting)} reports wait");
        Line(console, "last event", now.LastEventAt.ToString("HH:mm:ss.ffffff 'UTC'", CultureInfo.InvariantCulture));
        Line(console, "working", $"{Count(PipelineFigure.WorkingOrders)} orders, "
            + $"{Count(PipelineFigure.WorkingParents)} parents, {Count(PipelineFigure.OpenTrades)} open trades");
        Line(console, "equity", $"{Money(PipelineFigure.Equity)}, realised {Money(PipelineFigure.RealizedPnl)}, "
            + $"unrealised {Money(PipelineFigure.UnrealizedPnl)}");
    }

    private Table FlowTable()
    {
        var table = TableOf("flow", "a second", "since the start");
        Row(table, "signals", Text((Signals - before[PipelineFigure.Events, (int)EventKind.TradeQualified])
            / ElapsedSeconds), ReportNames.Count(Signals));
        foreach (var (figure, name) in Flows)
            Row(table, name, Text(Rate(figure)), Count(figure));
        foreach (var (limit, count) in Refusals())
            Row(table, $"refused: {Words(limit)}", "", ReportNames.Count(count));
        return table;
    }

    private Table LatencyTable()
    {
        var table = TableOf("latency us", "p50", "p90", "p99", "p99.9", "max", "p99 minute", "max minute");
        foreach (var part in Enum.GetValues<LatencyPart>())
        {
            string[] cells =
            [
                Words(part),
                .. Enum.GetValues<LatencyRank>().Select(rank => Us(LatencyWindow.Second, part, rank)),
                Us(LatencyWindow.Minute, part, LatencyRank.P99),
                Us(LatencyWindow.Minute, part, LatencyRank.Max),
            ];
            Row(table, cells);
        }

        return table;
    }

    private Table LimitTable()
    {
        var table = TableOf("limit", "is", "used", "left");
        foreach (var gauge in Enum.GetValues<LimitGauge>())
        {
            var (limit, used) = (now[PipelineFigure.Limit, (int)gauge], now[PipelineFigure.LimitUsed, (int)gauge]);
            Row(table, Words(gauge), Text(limit / UnitOf(gauge), gauge), Text(used / UnitOf(gauge), gauge),
                limit == 0 ? "" : (1 - (double)used / limit).ToString("0 %", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private Table PositionTable()
    {
        var table = TableOf("instrument", "position", "mark", "open P&L");
        foreach (var id in now.Instruments)
        {
            Row(table, now.SymbolOf(id), now[PipelineFigure.Position, id].ToString("+0;-0;0"),
                Text(now[PipelineFigure.MarkPrice, id] / E9, null), Text(now[PipelineFigure.OpenPnl, id] / E6, null));
        }

        return table;
    }

    private Dictionary<string, Dictionary<string, long>> Latencies(LatencyWindow window) =>
        Enum.GetValues<LatencyPart>().ToDictionary(
            ReportNames.KeyOf,
            part => Enum.GetValues<LatencyRank>().ToDictionary(
                ReportNames.KeyOf, rank => now.Latency(window, part, rank)));

    private IEnumerable<(RiskViolations Limit, long Count)> Refusals() => Enum.GetValues<RiskViolations>()
        .Where(static limit => limit != RiskViolations.None)
        .Select(limit => (limit, now[
            PipelineFigure.Refusals, System.Numerics.BitOperations.TrailingZeroCount((uint)limit)]))
        .Where(static one => one.Item2 > 0);

    private BreakerState StateOf(BreakerKind kind) => (BreakerState)now[PipelineFigure.Breaker, (int)kind];

    private double Rate(PipelineFigure figure) => (now[figure] - before[figure]) / ElapsedSeconds;

    private string Us(LatencyWindow window, LatencyPart part, LatencyRank rank) =>
        ReportNames.Microseconds(now.Latency(window, part, rank));

    private string Count(PipelineFigure figure) => ReportNames.Count(now[figure]);

    private string Money(PipelineFigure figure) => Text(now[figure] / E6, null);

    private static double UnitOf(LimitGauge gauge) => gauge switch
    {
        LimitGauge.Notional or LimitGauge.DailyVar => E6,
        LimitGauge.DailyDrawdown or LimitGauge.WeeklyDrawdown => E9,
        _ => 1,
    };

    private static string Text(double value, LimitGauge? gauge) => value.ToString(
        gauge switch
        {
            LimitGauge.DailyDrawdown or LimitGauge.WeeklyDrawdown => "0.00 %",
            null or LimitGauge.Notional or LimitGauge.DailyVar => "#,0.00",
            _ => "#,0",
        },
        CultureInfo.InvariantCulture);

    private static string Text(double rate) => rate.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Words<T>(T value)
        where T : struct, Enum =>
        ReportNames.Words(ReportNames.KeyOf(value));

    private static void Line(IAnsiConsole console, string name, string text) =>
        console.WriteLine($"{name,-12} {text}");

    private static Table TableOf(string first, params ReadOnlySpan<string> others)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(Markup.Escape(first));
        foreach (var other in others)
            table.AddColumn(new TableColumn(Markup.Escape(other)).RightAligned());
        return table;
    }

    private static void Row(Table table, params string[] cells) =>
        table.AddRow([.. cells.Select(static cell => new Text(cell))]);
}
