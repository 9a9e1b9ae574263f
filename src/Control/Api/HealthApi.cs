using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Api;

/// <summary>
/// Live: this process answers. Ready: the ring of a pipeline moves, which a process that lives does not prove. The six
/// components are those of the requirements, looked at each second.
/// </summary>
internal sealed class HealthApi(HealthMonitor health, AlertWatch alerts, CounterWatch counters, PipelineLink link)
{
    /// <summary>Adds the routes; those of probes are open to everybody, so that a probe needs no key.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health).AllowAnonymous().WithSummary("Live, ready, and six components.");
        routes.MapGet("/health/live", static () => Results.Json(new { Live = true }, Json.Options)).AllowAnonymous()
            .WithSummary("This process answers.");
        routes.MapGet("/health/ready", () => Results.Json(
            new { Ready = IsReady }, Json.Options,
            statusCode: IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable)).AllowAnonymous()
            .WithSummary("Events pass the ring.");
        routes.MapGet("/health/history", History).RequireAuthorization(Access.Look)
            .WithSummary("The last 1,000 looks, one a second, newest first.");
    }

    /// <summary>Whether a pipeline's ring moves and takes commands.</summary>
    public bool IsReady => link.Problem is null && counters.Last.IsRingAlive;

    private IResult Health()
    {
        var look = health.Assess();
        return Results.Json(
            new
            {
                Live = true,
                Ready = IsReady,
                look.Overall,
                look.Components,
                LastCheck = MessageJson.TimeOf(look.At),
                Alerts = alerts.Active.Select(AlertJson.Of),
                HealthCheckDurationUs = look.DurationUs,
                Problem = link.Problem ?? counters.Last.Problem,
            },
            Json.Options,
            statusCode: IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private IResult History() => Results.Json(
        new
        {
            Items = health.History.Select(static one => new
            {
                Timestamp = MessageJson.TimeOf(one.Look.At),
                OverallStatus = one.Look.Overall,
                ComponentCount = one.Look.Components.Count,
                AlertCount = one.Alerts,
            }),
        },
        Json.Options);
}
