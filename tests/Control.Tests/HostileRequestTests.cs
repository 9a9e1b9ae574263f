using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ExecutionPipeline.Control.Security;

namespace ExecutionPipeline.Control.Tests;

/// <summary>Requests that are wrong in every way neither do anything nor bring anything down.</summary>
[NonParallelizable]
public sealed class HostileRequestTests
{
    private const int Requests = 3_000;

    private static readonly string[] Paths =
    [
        "/commands/kill", "/commands/close-all", "/commands/flatten", "/commands/nothing", "/parents/1/cancel",
        "/parents/-1/pause", "/orders/18446744073709551616/cancel", "/execute", "/session", "/%2e%2e/etc/passwd",
        "/orders?limit=-1", "/orders?before=x", "/trades?nothing=1", "/metrics?timeframe=9y", "/orders/%00",
        "/ws/events", "/commands/0", "/health/../state",
    ];

    private static readonly string[] Bodies =
    [
        "", "{", "[]", "null", "{}", "{\"reason\":-1}", "{\"reason\":1e400}", "{\"reason\":\"\\ud800\"}",
        "{\"\\udfff\":1}", "{\"reason\":{}}", "{\"reason\":1,\"reason\":\"x\"}", "{\"reason\":1,\"instrument\":0}",
        "{\"decision\":{\"action\":\"\\ud800\"},\"market_context\":{},\"metadata\":{}}", "{\"key\":\"\\udc00\"}",
        "{\"decision\":[],\"market_context\":1}", "{\"key\":1}", "\u0000", "{\"reason\":99999999999999999999}",
    ];

    [Test]
    public async Task ShouldDoNothingAndFailAtNothingWhenRequestsAreWrong()
    {
        await using var running = await RunningPipeline.StartAsync();
        var seed = TestSeed.Next();
        var random = new Random(seed);
        string[] bodies = [.. Bodies, new string('[', 5_000), $"{{\"reason\":\"{new string('9', 60_000)}\"}}"];
        for (var i = 0; i < Requests; i++)
        {
            var path = Paths[random.Next(Paths.Length)];
            using var request = new HttpRequestMessage(
                random.Next(4) == 0 ? HttpMethod.Get : HttpMethod.Post, path);
            var body = bodies[random.Next(bodies.Length)];
            if (request.Method == HttpMethod.Post)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            var client = random.Next(2) == 0 ? running.Anybody : running.As(Role.Administrator);
            if (random.Next(4) == 0)
                request.Headers.TryAddWithoutValidation("Cookie", $"xp_session={random.Next()}");

            using var response = await client.SendAsync(request);

            Assert.That(
                (int)response.StatusCode, Is.LessThan(500),
                $"seed {seed}: {request.Method} {path} {body[..Math.Min(80, body.Length)]}");
            if (response.StatusCode is HttpStatusCode.OK)
                Assert.That(request.Method, Is.EqualTo(HttpMethod.Get), $"seed {seed}: {path} {body}");
        }

        var actions = await running.As(Role.Viewer).GetFromJsonAsync<JsonElement>("/actions");
        Assert.That(
            actions.GetProperty("items").EnumerateArray()
                .Where(static one => one.GetProperty("type").GetString() == "COMMAND_RESULT"),
            Is.Empty, "no command reached the ring");
    }
}
