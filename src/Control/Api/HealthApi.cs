using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Api;

/// <summary>How well something is.</summary>
public enum HealthWord
{
    Healthy,
    Degraded,
    Critical,

    /// <summary>Nothing tells.</summary>
    Unknown,
}

/// <summary>A component and what is wrong with it.</summary>
public sealed record ComponentHealth(
    HealthWord Status, IReadOnlyList<string> Issues, IReadOnlyDictionary<string, double> Metrics);

/// <summary>
/// Live: this process answers. Ready: the ring of a pipeline moves, which a process that lives does not prove. The six
/// components are those of the requirements; what the pipeline does not publish is unknown, and the worst of the
/// others decides.
/// </summary>
public sealed class HealthApi
{
    private const double TargetP99Us = 1_000;
    private const double CriticalP99Us = 2_000;
    private const double RiskTargetUs = 200;
    private const double PlacementTargetUs = 500;
    private const double NanosPerMicro = 1e3;

    private readonly CounterWatch _counters;
    private readonly PipelineLink _link;

    /// <param name="counters">Tell latencies, limits and switch.</param>
    /// <param name="link">Tells whether the pipeline is reached.</param>
    public HealthApi(CounterWatch counters, PipelineLink link) => (_counters, _link) = (counters, link);

    /// <summary>Adds the routes; they are open to everybody, so that a probe needs no key.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health).AllowAnonymous().WithSummary("Live, ready, and six components.");
        routes.MapGet("/health/live", static () => Results.Json(new { Live = true }, Json.Options)).AllowAnonymous()
            .WithSummary("This process answers.");
        routes.MapGet("/health/ready", () => Results.Json(
            new { Ready = IsReady }, Json.Options,
            statusCode: IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable)).AllowAnonymous()
            .WithSummary("Events pass the ring.");
    }

    /// <summary>Whether a pipeline's ring moves and takes commands.</summary>
    public bool IsReady => _link.Problem is null && _counters.Last.IsRingAlive;

    /// <summary>The components by name.</summary>
    public IReadOnlyDictionary<string, ComponentHealth> Components()
    {
        var look = _counters.Last;
        var reading = look.IsFresh ? look.Reading : null;
        return new Dictionary<string, ComponentHealth>
        {
            ["latency"] = LatencyHealth(reading),
            ["quality"] = QualityHealth(reading),
            ["system"] = SystemHealth(look),
            ["models"] = Unknown("the pipeline does not publish how its models do"),
            ["risk"] = RiskHealth(reading),
            ["connectivity"] = ConnectivityHealth(reading),
        };
    }

    /// <summary>The worst of the components of which something is known.</summary>
    public static HealthWord Overall(IReadOnlyDictionary<string, ComponentHealth> components)
    {
        var known = components.Values.Select(static one => one.Status).Where(static one => one != HealthWord.Unknown);
        return known.DefaultIfEmpty(HealthWord.Unknown).Max();
    }

    private IResult Health()
    {
        var components = Components();
        return Results.Json(
            new
            {
                Live = true,
                Ready = IsReady,
                Overall = Overall(components),
                Components = components,
                LastCheck = MessageJson.TimeOf(_counters.Last.LookedAt),
                Problem = _link.Problem ?? _counters.Last.Problem,
            },
            Json.Options,
            statusCode: IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static ComponentHealth LatencyHealth(PipelineReading? now)
    {
        if (now is null)
            return Unknown("there are no fresh figures");

        var p99 = Us(LatencyPart.EndToEnd, LatencyRank.P99);
        var risk = Us(LatencyPart.Risk, LatencyRank.P99);
        var placement = Us(LatencyPart.Routing, LatencyRank.P90);
        var issues = new Issues();
        issues.AddIf(p99 > CriticalP99Us, HealthWord.Critical, $"execution p99 above {CriticalP99Us} us");
        issues.AddIf(p99 > TargetP99Us, HealthWord.Degraded, $"execution p99 above {TargetP99Us} us");
        issues.AddIf(risk > RiskTargetUs, HealthWord.Degraded, $"risk check p99 above {RiskTargetUs} us");
        issues.AddIf(placement > PlacementTargetUs, HealthWord.Degraded, $"order p90 above {PlacementTargetUs} us");
        return issues.With(
            ("execution_p99_us", p99), ("risk_check_p99_us", risk), ("order_placement_p90_us", placement));

        double Us(LatencyPart part, LatencyRank rank) => now.Latency(LatencyWindow.Minute, part, rank) / NanosPerMicro;
    }

    private static ComponentHealth QualityHealth(PipelineReading? now)
    {
        if (now is null)
            return Unknown("there are no fresh figures");

        var failure = (BreakerState)now[PipelineFigure.Breaker, (int)BreakerKind.ExecutionFailure];
        var issues = new Issues();
        issues.AddIf(failure != BreakerState.Closed, HealthWord.Degraded, "the breaker of failed orders is not closed");
        return issues.With(
            ("fills", now[PipelineFigure.Fills]), ("venue_rejects", now[PipelineFigure.VenueRejects]));
    }

    private static ComponentHealth SystemHealth(PipelineLook look)
    {
        var issues = new Issues();
        issues.AddIf(look.Reading is null, HealthWord.Critical, look.Problem ?? "there is no pipeline");
        issues.AddIf(look.Reading is not null && !look.IsFresh, HealthWord.Critical, "the figures are stale");
        issues.AddIf(look.IsFresh && !look.IsRingAlive, HealthWord.Critical, "the ring stands still");
        issues.AddIf(
            look.Reading?[PipelineFigure.Fault] > 0, HealthWord.Critical, "a fault has ended trading");
        return issues.With(
            ("events_per_second", look.EventsPerSecond), ("ring_depth", look.Reading?[PipelineFigure.RingDepth] ?? 0),
            ("figures_age_seconds", look.AgeSeconds ?? -1));
    }

    private static ComponentHealth RiskHealth(PipelineReading? now)
    {
        if (now is null)
            return Unknown("there are no fresh figures");

        var issues = new Issues();
        var cause = (KillCause)now[PipelineFigure.KillCause];
        issues.AddIf(
            now[PipelineFigure.Killed] != 0, HealthWord.Critical, $"the kill switch is latched: {Json.NameOf(cause)}");
        foreach (var gauge in Enum.GetValues<LimitGauge>())
        {
            issues.AddIf(
                StateApi.LimitOf(now, gauge).Status == RiskStatusWord.Critical, HealthWord.Degraded,
                $"all of the limit {Json.NameOf(gauge)} is used");
        }

        return issues.With(("refusals", StateApi.RefusalsOf(now).Values.Sum()));
    }

    private ComponentHealth ConnectivityHealth(PipelineReading? now)
    {
        var issues = new Issues();
        issues.AddIf(_link.Problem is not null, HealthWord.Critical, _link.Problem ?? "");
        var venue = (BreakerState)(now?[PipelineFigure.Breaker, (int)BreakerKind.VenueUnavailability] ?? 0);
        issues.AddIf(venue != BreakerState.Closed, HealthWord.Degraded, "the breaker of the venue is not closed");
        return issues.With(("outbound_dropped", now?[PipelineFigure.OutboundDropped] ?? 0));
    }

    private static ComponentHealth Unknown(string why) =>
        new(HealthWord.Unknown, [why], new Dictionary<string, double>());

    private sealed class Issues
    {
        private readonly List<string> _texts = [];
        private HealthWord _worst = HealthWord.Healthy;

        public void AddIf(bool isSo, HealthWord status, string text)
        {
            if (!isSo)
                return;

            _texts.Add(text);
            _worst = (HealthWord)Math.Max((int)_worst, (int)status);
        }

        public ComponentHealth With(params (string Name, double Value)[] metrics) =>
            new(_worst, _texts, metrics.ToDictionary(static one => one.Name, static one => one.Value));
    }
}
