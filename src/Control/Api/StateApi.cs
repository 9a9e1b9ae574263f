using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Api;

/// <summary>How the pipeline stands, from its counters: the whole state, its limits, its connection.</summary>
internal sealed class StateApi(
    CounterWatch counters, PipelineLink link, PipelineRecords records, AlertWatch alerts,
    HiccupWatch hiccups)
{
    private const double E6 = 1e6;
    private const double E9 = 1e9;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/state", () => Results.Json(State(), Json.Options)).RequireAuthorization(Access.Look)
            .WithSummary("How the pipeline stands, as its counters say; figures are written ten times a second.");
        routes.MapGet("/risk/status", RiskStatus).RequireAuthorization(Access.Look)
            .WithSummary("Limits and what is used of them.");
        routes.MapGet("/connections", () => Results.Json(Connections(), Json.Options)).RequireAuthorization(Access.Look)
            .WithSummary("How this control plane reaches the pipeline, and how the venue's breakers stand.");
    }

    /// <summary>Everything that the page shows of the counters.</summary>
    public object State()
    {
        var look = counters.Last;
        if (look.Reading is not { } now)
        {
            return new
            {
                Fresh = false,
                look.Problem,
                LookedAt = MessageJson.TimeOf(look.LookedAt + NanoClock.WallAhead),
            };
        }

        return new
        {
            Fresh = look.IsFresh,
            look.AgeSeconds,
            WrittenAt = MessageJson.TimeOf(now.WrittenAt),
            LastEventAt = MessageJson.TimeOf(now.LastEventAt),
            Killed = now[PipelineFigure.Killed] != 0,
            KillCause = (KillCause)now[PipelineFigure.KillCause],
            Fault = now[PipelineFigure.Fault] != 0,
            Ring = new
            {
                Alive = look.IsRingAlive,
                Size = now[PipelineFigure.RingSize],
                Depth = now[PipelineFigure.RingDepth],
                Through = now[PipelineFigure.EventsThrough],
                look.EventsPerSecond,
            },
            Breakers = Enum.GetValues<BreakerKind>().ToDictionary(
                Json.NameOf, kind => Json.NameOf((BreakerState)now[PipelineFigure.Breaker, (int)kind])),
            Account = new
            {
                Equity = now[PipelineFigure.Equity] / E6,
                RealizedPnl = now[PipelineFigure.RealizedPnl] / E6,
                UnrealizedPnl = now[PipelineFigure.UnrealizedPnl] / E6,
                GrossNotional = now[PipelineFigure.GrossNotional] / E6,
            },
            Totals = Totals(now),
            Positions = now.Instruments.Select(id => new
            {
                Instrument = id,
                Symbol = now.SymbolOf(id),
                Position = now[PipelineFigure.Position, id],
                MarkPrice = now[PipelineFigure.MarkPrice, id] / E9,
                OpenPnl = now[PipelineFigure.OpenPnl, id] / E6,
                EntriesStopped = AreEntriesStopped(now, id),
            }),
            Limits = Enum.GetValues<LimitGauge>().ToDictionary(Json.NameOf, gauge => LimitOf(now, gauge)),
            LatencyNsSecond = Latencies(now, LatencyWindow.Second),
            LatencyNsMinute = Latencies(now, LatencyWindow.Minute),
            HiccupNsSecond = hiccups.LastSecond,
            HiccupNsMinute = hiccups.LastMinute,
            LastSequence = records.Events.Last,
            HeardAll = records.IsWhole,
        };
    }

    private static Dictionary<string, long> Totals(PipelineReading now)
    {
        PipelineFigure[] figures =
        [
            PipelineFigure.OrdersSent, PipelineFigure.CancelsSent, PipelineFigure.ReplacesSent, PipelineFigure.Fills,
            PipelineFigure.ContractsFilled, PipelineFigure.VenueRejects, PipelineFigure.EdgeRejects,
            PipelineFigure.OutboundDropped, PipelineFigure.ReportsWaiting, PipelineFigure.WorkingOrders,
            PipelineFigure.WorkingParents, PipelineFigure.OpenTrades, PipelineFigure.ClosedTrades,
        ];
        var totals = figures.ToDictionary(Json.NameOf, figure => now[figure]);
        totals["signals"] = now[PipelineFigure.Events, (int)EventKind.TradeQualified];
        return totals;
    }

    private static Dictionary<string, Dictionary<string, long>> Latencies(PipelineReading now, LatencyWindow window) =>
        Enum.GetValues<LatencyPart>().ToDictionary(
            Json.NameOf,
            part => Enum.GetValues<LatencyRank>().ToDictionary(Json.NameOf, rank => now.Latency(window, part, rank)));

    /// <summary>Whether an instrument takes no added risk.</summary>
    public static bool AreEntriesStopped(PipelineReading now, int instrument)
    {
        ArgumentNullException.ThrowIfNull(now);
        return now[PipelineFigure.EntriesStopped, instrument] != 0;
    }

    private IResult RiskStatus()
    {
        if (counters.Last.Reading is not { } now)
            return Problem.Unreachable(counters.Last.Problem);

        var position = LimitOf(now, LimitGauge.Position);
        var var = LimitOf(now, LimitGauge.DailyVar);
        var notional = LimitOf(now, LimitGauge.Notional);
        var drawdown = LimitOf(now, LimitGauge.DailyDrawdown);
        LimitUse[] all = [.. Enum.GetValues<LimitGauge>().Select(gauge => LimitOf(now, gauge))];
        var isKilled = now[PipelineFigure.Killed] != 0 || now[PipelineFigure.Fault] != 0;
        return Results.Json(
            new
            {
                OverallStatus = isKilled ? RiskStatusWord.Critical : all.Max(static use => use.Status),
                KillSwitchLatched = isKilled,
                PositionLimits = new
                {
                    CurrentPosition = position.Used,
                    MaxPosition = position.Limit,
                    position.UtilizationPct,
                    position.Status,
                },
                VarLimits = new
                {
                    CurrentVarUsd = var.Used,
                    DailyLimitUsd = var.Limit,
                    var.UtilizationPct,
                    var.Status,
                },
                NotionalLimits = new
                {
                    CurrentNotionalUsd = notional.Used,
                    MaxNotionalUsd = notional.Limit,
                    notional.UtilizationPct,
                    notional.Status,
                },
                DrawdownStatus = new
                {
                    CurrentDrawdownPct = drawdown.Used,
                    MaxDrawdownPct = drawdown.Limit,
                    drawdown.UtilizationPct,
                    drawdown.Status,
                },
                Limits = Enum.GetValues<LimitGauge>().ToDictionary(Json.NameOf, gauge => LimitOf(now, gauge)),
                RefusalsSinceStart = RefusalsOf(now),
                Violations_24h = new
                {
                    PositionViolations = BreachesOf(LimitGauge.Position),
                    VarViolations = BreachesOf(LimitGauge.DailyVar),
                    DrawdownViolations = BreachesOf(LimitGauge.DailyDrawdown) + BreachesOf(LimitGauge.WeeklyDrawdown),
                },
            },
            Json.Options);
    }

    /// <summary>How often a limit was broken within a day, as the alerts tell; what was refused broke none.</summary>
    private int BreachesOf(LimitGauge gauge)
    {
        var since = DateTime.UtcNow - TimeSpan.FromHours(24);
        return alerts.Active.Concat(alerts.Resolved)
            .Where(alert => alert.Type == "risk_violation" && alert.Subject == Json.NameOf(gauge)
                && alert.LastRaisedAt >= since)
            .Sum(static alert => alert.Occurrences);
    }

    /// <summary>Refused signals by limit, without those that refused none.</summary>
    public static Dictionary<string, long> RefusalsOf(PipelineReading now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return Enum.GetValues<RiskViolations>().Where(static one => one != RiskViolations.None)
            .Select(one => (Name: Json.NameOf(one),
                Count: now[PipelineFigure.Refusals, System.Numerics.BitOperations.TrailingZeroCount((uint)one)]))
            .Where(static one => one.Count > 0)
            .ToDictionary(static one => one.Name, static one => one.Count);
    }

    /// <summary>A limit and what is used of it, in its own unit.</summary>
    public static LimitUse LimitOf(PipelineReading now, LimitGauge gauge)
    {
        ArgumentNullException.ThrowIfNull(now);
        var unit = gauge switch
        {
            LimitGauge.Notional or LimitGauge.DailyVar => E6,
            LimitGauge.DailyDrawdown or LimitGauge.WeeklyDrawdown => E9,
            _ => 1,
        };
        return new LimitUse(
            now[PipelineFigure.Limit, (int)gauge] / unit, now[PipelineFigure.LimitUsed, (int)gauge] / unit);
    }

    private object Connections() => new
    {
        Connected = link.Problem is null,
        link.Problem,
        link.Connections,
        LastSequence = records.Events.Last,
        Venue = counters.Last.Reading is { } now
            ? Json.NameOf((BreakerState)now[PipelineFigure.Breaker, (int)BreakerKind.VenueUnavailability])
            : null,
    };
}

/// <summary>How near to a limit something is.</summary>
public enum RiskStatusWord
{
    Healthy,

    /// <summary>Four fifths of the limit are used.</summary>
    Warning,

    /// <summary>All of it is used, or trading has been stopped.</summary>
    Critical,
}

/// <summary>A limit and what is used of it, in its own unit; drawdowns are fractions.</summary>
/// <param name="Limit">0 where nothing is allowed.</param>
/// <param name="Used">Since the last event.</param>
public sealed record LimitUse(double Limit, double Used)
{
    private const double WarningPct = 80;
    private const double WholePct = 100;

    /// <summary>From 0 to 100 and above; 0 where there is no limit.</summary>
    public double UtilizationPct => Limit > 0 ? Used / Limit * WholePct : 0;

    public RiskStatusWord Status => UtilizationPct switch
    {
        >= WholePct => RiskStatusWord.Critical,
        >= WarningPct => RiskStatusWord.Warning,
        _ => RiskStatusWord.Healthy,
    };
}
