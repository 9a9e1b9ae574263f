using System.Globalization;
using System.Text;
using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Pipeline.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ExecutionPipeline.Control.Prometheus;

/// <summary>
/// The metrics as Prometheus reads them. Latencies are those that the pipeline itself has counted since its start, so
/// they do not depend on when this control plane began.
/// </summary>
public sealed class PrometheusText(
    CounterWatch counters, HealthMonitor health, ExecutionCounts executions, AgentDesk agents,
    ProcessMetrics processes)
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    private const double NanosPerSecond = 1e9;

    private static readonly double[] Bounds = [.. LatencyTotals.BoundsNs.Select(static ns => ns / NanosPerSecond)];

    /// <summary>The stages by the names of the requirements; the other parts have their own.</summary>
    private static readonly (LatencyPart Part, string Component)[] Components =
    [
        (LatencyPart.Sender, "sender"), (LatencyPart.Transport, "transport"), (LatencyPart.Ring, "ring"),
        (LatencyPart.Context, "context_building"), (LatencyPart.Inference, "agent_inference"),
        (LatencyPart.Risk, "order_validation"), (LatencyPart.Routing, "order_execution"),
    ];

    private static readonly (PipelineFigure Figure, string Name, string Help)[] Flows =
    [
        (PipelineFigure.EventsThrough, "events", "Events that have passed the last stage."),
        (PipelineFigure.OrdersSent, "orders_sent", "Orders that left for the venue."),
        (PipelineFigure.CancelsSent, "cancels_sent", "Cancels that left for the venue."),
        (PipelineFigure.Fills, "fills", "Executions."),
        (PipelineFigure.ContractsFilled, "contracts_filled", "Contracts executed."),
        (PipelineFigure.VenueRejects, "venue_rejects", "Orders that the venue refused."),
        (PipelineFigure.EdgeRejects, "edge_rejects", "Messages that the edge refused."),
        (PipelineFigure.OutboundDropped, "outbound_dropped", "Outbound messages that no reader took."),
    ];

    private static readonly (PipelineFigure Figure, string Name, string Help, double Unit)[] Gauges =
    [
        (PipelineFigure.RingDepth, "ring_depth", "Events on the ring that have not passed every stage.", 1),
        (PipelineFigure.RingSize, "ring_size", "Slots of the ring.", 1),
        (PipelineFigure.ReportsWaiting, "reports_waiting", "Reports that wait for ingress.", 1),
        (PipelineFigure.WorkingOrders, "working_orders", "Orders at the venue.", 1),
        (PipelineFigure.WorkingParents, "working_parents", "Parent orders that work.", 1),
        (PipelineFigure.Killed, "killed", "1 while no order leaves that adds risk.", 1),
        (PipelineFigure.Fault, "fault", "1 when a fault has ended trading.", 1),
        (PipelineFigure.Equity, "equity", "Equity in the account's currency.", 1e6),
        (PipelineFigure.RealizedPnl, "realized_pnl", "Realised profit before fees in the account's currency.", 1e6),
        (PipelineFigure.UnrealizedPnl, "unrealized_pnl", "Unrealised profit in the account's currency.", 1e6),
    ];

    /// <summary>Answers a scrape.</summary>
    public Task ServeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Request.Path != "/metrics" || !HttpMethods.IsGet(context.Request.Method))
            return Problem.Of(StatusCodes.Status404NotFound, "path", "only GET /metrics is here").ExecuteAsync(context);

        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync(Write());
    }

    /// <summary>The metrics as they stand.</summary>
    public string Write()
    {
        var text = new StringBuilder(16 * 1024);
        var look = counters.Last;
        MetricLines.One(text, "execution_up", "1 while a pipeline's ring moves.", look.IsRingAlive ? 1 : 0);
        WriteHealth(text);
        executions.Write(text);
        agents.Write(text);
        if (look.Reading is { } now)
            WritePipeline(text, now);
        processes.WriteDriver(text);
        processes.WriteOwn(text);
        return text.ToString();
    }

    private static void WritePipeline(StringBuilder text, PipelineReading now)
    {
        MetricLines.Head(
            text, "execution_pipeline_latency_seconds", "histogram",
            "From the intended send time of a signal to its order leaving for the venue.");
        WriteLatency(text, "execution_pipeline_latency_seconds", "", now, LatencyPart.EndToEnd);
        MetricLines.Head(
            text, "execution_component_latency_seconds", "histogram", "Parts of a signal's way; they add up to it.");
        foreach (var (part, component) in Components)
            WriteLatency(text, "execution_component_latency_seconds", $"component=\"{component}\"", now, part);

        foreach (var (figure, name, help) in Flows)
            MetricLines.Counter(text, $"execution_{name}_total", help, now[figure]);

        foreach (var (figure, name, help, unit) in Gauges)
            MetricLines.One(text, $"execution_{name}", help, now[figure] / unit);
        WriteRisk(text, now);
        WriteStops(text, now);
        WriteJournal(text, now);
        ProcessMetrics.WritePipeline(text, now);
    }

    private static void WriteStops(StringBuilder text, PipelineReading now)
    {
        MetricLines.Head(text, "execution_breaker_state", "gauge", "0 closed, 1 open, 2 half open.");
        foreach (var breaker in Enum.GetValues<BreakerKind>())
        {
            MetricLines.Line(
                text, "execution_breaker_state", $"breaker=\"{Json.NameOf(breaker)}\"",
                now[PipelineFigure.Breaker, (int)breaker]);
        }

        MetricLines.Head(text, "execution_entries_stopped", "gauge", "1 while an instrument takes no added risk.");
        foreach (var id in now.Instruments)
        {
            MetricLines.Line(
                text, "execution_entries_stopped", string.Create(CultureInfo.InvariantCulture, $"instrument=\"{id}\""),
                StateApi.AreEntriesStopped(now, id) ? 1 : 0);
        }
    }

    private static void WriteJournal(StringBuilder text, PipelineReading now)
    {
        MetricLines.One(
            text, "execution_journal_trouble", "0 none, 1 no room, 2 the disk failed, 3 the disk is slow.",
            now[PipelineFigure.JournalTrouble]);
        if (now.Has(PipelineFigure.JournalEvents))
        {
            MetricLines.Counter(
                text, "execution_journal_events_total", "Events in the journal.", now[PipelineFigure.JournalEvents]);
        }

        if (now.Has(PipelineFigure.JournalLag))
        {
            MetricLines.One(
                text, "execution_journal_lag_events", "Events in the journal that are not known to be on the disk.",
                now[PipelineFigure.JournalLag]);
        }
    }

    private static void WriteRisk(StringBuilder text, PipelineReading now)
    {
        MetricLines.One(text, "execution_active_positions", "Instruments with an open position.",
            now[PipelineFigure.LimitUsed, (int)LimitGauge.OpenPositions]);
        MetricLines.Head(text, "execution_position_contracts", "gauge", "Signed contracts.");
        foreach (var id in now.Instruments)
        {
            MetricLines.Line(
                text, "execution_position_contracts",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"instrument=\"{id}\",symbol=\"{MetricLines.Escape(now.SymbolOf(id))}\""),
                now[PipelineFigure.Position, id]);
        }

        MetricLines.Head(text, "execution_risk_limit_utilization", "gauge", "Share of a limit that is used.");
        foreach (var gauge in Enum.GetValues<LimitGauge>())
        {
            MetricLines.Line(
                text, "execution_risk_limit_utilization", $"limit_type=\"{Json.NameOf(gauge)}\"",
                StateApi.LimitOf(now, gauge).UtilizationPct / 100);
        }

        // A refusal is a violation that did not happen; what did happen latches the kill switch.
        MetricLines.Head(
            text, "execution_risk_violations_total", "counter", "Limits that orders would have broken, by limit.");
        foreach (var (limit, count) in StateApi.RefusalsOf(now))
        {
            MetricLines.Line(
                text, "execution_risk_violations_total", $"violation_type=\"{limit}\",severity=\"prevented\"", count);
        }
    }

    private static void WriteLatency(
        StringBuilder text, string name, string labels, PipelineReading now, LatencyPart part)
    {
        long[] atMost = [.. Enumerable.Range(0, Bounds.Length + 1).Select(bound => now.LatencyAtMost(part, bound))];
        // The counters were read while they were written: no bound may hold fewer than the one before it.
        for (var i = 1; i < atMost.Length; i++)
            atMost[i] = Math.Max(atMost[i], atMost[i - 1]);
        MetricLines.WriteHistogram(
            text, name, labels, Bounds, atMost, now[PipelineFigure.LatencySumNs, (int)part] / NanosPerSecond);
    }

    private void WriteHealth(StringBuilder text)
    {
        MetricLines.Head(
            text, "execution_health_status", "gauge", "1 healthy, 0.5 degraded, 0 critical or unknown.");
        foreach (var (component, state) in health.Last.Components)
        {
            MetricLines.Line(text, "execution_health_status", $"component=\"{component}\"", state.Status switch
            {
                HealthWord.Healthy => 1,
                HealthWord.Degraded => 0.5,
                _ => 0,
            });
        }
    }
}
