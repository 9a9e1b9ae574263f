using System.Globalization;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>GET /alerts: what is wrong, and what was, newest first.</summary>
internal sealed class AlertApi(AlertWatch alerts)
{
    private const int MostItems = 1_000;
    private const int UsualItems = 100;
    private static readonly string[] States = ["active", "resolved", "all"];

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/alerts", Alerts)
        .RequireAuthorization(Access.Look)
        .WithSummary("Alerts by state (active, resolved, all), type and severity, newest first, in pages.");

    private IResult Alerts(HttpRequest request)
    {
        var (state, limit, before) = ("all", UsualItems, long.MaxValue);
        string? type = null;
        AlertSeverity? severity = null;
        foreach (var (name, value) in request.Query)
        {
            var text = value.ToString();
            switch (name)
            {
                case "state":
                    state = States.Contains(text) ? text : throw Bad(name, $"it must be {string.Join(", ", States)}");
                    break;
                case "type":
                    type = text;
                    break;
                case "severity":
                    severity = Enum.TryParse<AlertSeverity>(text, ignoreCase: true, out var one)
                        && Enum.IsDefined(one) && !char.IsAsciiDigit(text[0])
                            ? one
                            : throw Bad(name, "it must be warning, medium, high or critical");
                    break;
                case "limit":
                    limit = (int)Whole(name, text, MostItems);
                    break;
                case "before":
                    before = Whole(name, text, long.MaxValue);
                    break;
                default:
                    throw Bad(name, "there is no such filter");
            }
        }

        var active = alerts.Active;
        var found = (state switch
        {
            "active" => active,
            "resolved" => alerts.Resolved,
            _ => active.Concat(alerts.Resolved),
        }).Where(alert => alert.Id < before && (type is null || alert.Type == type)
            && (severity is null || alert.Severity == severity)).OrderByDescending(static alert => alert.Id).ToList();
        return Results.Json(
            new
            {
                ActiveCount = active.Count,
                Items = found.Take(limit).Select(AlertJson.Of),
                Next = found.Count > limit ? found[limit - 1].Id : (long?)null,
                Telling = alerts.IsTelling,
                alerts.FileProblem,
                Receivers = alerts.Receivers.Select(static one => new
                {
                    one.Name,
                    one.Problem,
                    one.Waiting,
                    one.Failures,
                }),
            },
            Json.Options);
    }

    private static BadFieldException Bad(string name, string reason) => new(name, reason);

    private static long Whole(string name, string text, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= most
            ? number
            : throw Bad(name, $"it must be a whole number from 1 to {most}");
}
