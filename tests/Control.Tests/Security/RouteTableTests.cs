using System.Net;
using ExecutionPipeline.Control.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>
/// Who may do what, route by route. A route that is added needs a line here, or the test fails; it compares with what a
/// running control plane has and does, not with what the routes say of themselves.
/// </summary>
public sealed class RouteTableTests
{
    private static readonly Role[] Everybody = [Role.Viewer, Role.Trader, Role.Risk, Role.Administrator];
    private static readonly Role[] Traders = [Role.Trader, Role.Administrator];
    private static readonly Role[] Stoppers = [Role.Trader, Role.Risk, Role.Administrator];
    private static readonly Role[] Releasers = [Role.Risk, Role.Administrator];

    /// <summary>Open to everybody, without any key.</summary>
    private static readonly string[] Open =
    [
        "GET /", "GET /app.js", "GET /chart.js", "GET /story.js", "GET /uPlot.iife.min.js", "GET /uPlot.min.css",
        "GET /app.css", "POST /session", "GET /health", "GET /health/live",
        "GET /health/ready", "GET /openapi/{documentName}.json", "GET /scalar/{documentName?}", "GET /scalar/scalar.js",
        "GET /scalar/scalar.aspnetcore.js", "GET /scalar/favicon.svg",
    ];

    private static readonly (Role[] Roles, string[] Routes)[] Table =
    [
        (Everybody,
        [
            "GET /state", "GET /risk/status", "GET /risk/states", "GET /connections", "GET /metrics", "GET /positions",
            "GET /orders", "GET /orders/{id}", "GET /executions", "GET /trades", "GET /decisions", "GET /errors",
            "GET /actions", "GET /parents", "GET /parents/ended", "GET /commands/{id}", "GET /session",
            "DELETE /session", "GET /ws/events", "GET /ws/executions", "GET /ws/performance", "GET /alerts",
            "GET /agents", "GET /health/history", "GET /models",
        ]),
        (Traders, ["POST /execute", "POST /parents/{id}/resume"]),
        (Stoppers,
        [
            "POST /commands/kill", "POST /commands/cancel-all", "POST /commands/close-all", "POST /commands/flatten",
            "POST /commands/stop-entries", "POST /parents/{id}/pause", "POST /parents/{id}/cancel",
            "POST /orders/{id}/cancel", "POST /models/rollback",
        ]),
        (Releasers,
        [
            "POST /commands/resume", "POST /commands/resume-entries", "POST /models/{id}/validate",
            "POST /models/{id}/deploy", "POST /models/{id}/canary", "POST /models/promote",
        ]),
    ];

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-routes-").FullName;

    [Test]
    public async Task ShouldLetInWhomTheTableNamesAndNobodyElseWhenARouteIsAskedFor()
    {
        var options = LoneServer.OptionsIn(_folder) with { RequestsPerSecond = 0 };
        await using var lone = await LoneServer.StartAsync(
            _folder, options, [.. Everybody[..3].Select(static role => (Name: Json.NameOf(role), Role: role))]);
        var table = Table.SelectMany(static row => row.Routes.Select(route => (route, row.Roles)))
            .ToDictionary(static one => one.route, static one => one.Roles);
        var routes = lone.Server.Services.GetServices<EndpointDataSource>().SelectMany(static one => one.Endpoints)
            .OfType<RouteEndpoint>().ToList();
        var closed = routes.Where(static one => one.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(closed.Select(NameOf), Is.EquivalentTo(table.Keys), "give a new route a line in the table");
            Assert.That(routes.Except(closed).Select(NameOf), Is.EquivalentTo(Open), "is it meant to be open?");
        }

        var clients = Everybody.ToDictionary(static role => role, role => lone.Client(lone.Keys[Json.NameOf(role)]));
        using var nobody = lone.Client();
        using var wrong = lone.Client("xp_wrong");
        foreach (var (route, roles) in table)
        {
            Assert.That(await StatusAsync(nobody, route), Is.EqualTo(HttpStatusCode.Unauthorized), route);
            Assert.That(await StatusAsync(wrong, route), Is.EqualTo(HttpStatusCode.Unauthorized), route);
            foreach (var (role, client) in clients)
            {
                // An empty body is refused before anything is done.
                var isForbidden = await StatusAsync(client, route) == HttpStatusCode.Forbidden;
                Assert.That(isForbidden, Is.Not.EqualTo(roles.Contains(role)), $"{role}: {route}");
            }
        }

        foreach (var route in Open)
            Assert.That((int)await StatusAsync(nobody, route), Is.Not.EqualTo(401).And.Not.EqualTo(403), route);
        foreach (var client in clients.Values)
            client.Dispose();
    }

    private static string NameOf(RouteEndpoint route)
    {
        var method = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [{ } first, ..] ? first : "GET";
        return $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}";
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string route)
    {
        var parts = route.Split(' ');
        var path = parts[1].Replace("{id}", "nothing", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{documentName?}", "v1", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(parts[0]), path);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }
}
