using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>How many requests somebody may send.</summary>
public sealed class RateLimitTests
{
    private const int MostRequests = 2_000;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-rates-").FullName;

    [Test]
    public async Task ShouldRefuseWhoAsksTooOftenAndNeverWhatReducesRisk()
    {
        var options = LoneServer.OptionsIn(_folder) with { RequestsPerSecond = 1, RequestBurst = 5 };
        await using var lone = await LoneServer.StartAsync(
            _folder, options, ("desk", Role.Trader), ("risk", Role.Risk), ("viewer", Role.Viewer));
        using var desk = lone.Client(lone.Keys["desk"]);
        using var refused = await AskUntilRefusedAsync(desk, "/session");
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, Is.GreaterThanOrEqualTo(1));
            Assert.That(problem.GetProperty("field").GetString(), Is.EqualTo("requests"));
        }

        string[] reducing =
        [
            "/commands/kill", "/commands/stop-entries", "/commands/flatten", "/commands/cancel-all",
            "/commands/close-all", "/parents/1/cancel", "/parents/1/pause", "/orders/1/cancel",
        ];
        foreach (var path in Enumerable.Repeat(reducing, 5).SelectMany(static paths => paths))
        {
            // Without a reason: refused for that, and not for how often.
            using var response = await desk.PostAsJsonAsync(path, new { });
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), path);
        }

        using var risk = lone.Client(lone.Keys["risk"]);
        Assert.That(await LoneServer.WhoAsync(risk), Is.EqualTo("risk: risk"), "another's requests count apart");

        using var viewer = lone.Client(lone.Keys["viewer"]);
        (await AskUntilRefusedAsync(viewer, "/commands/kill", HttpMethod.Post)).Dispose();
        using var nobody = lone.Client("xp_wrong");
        (await AskUntilRefusedAsync(nobody, "/commands/kill", HttpMethod.Post)).Dispose();
    }

    private static async Task<HttpResponseMessage> AskUntilRefusedAsync(
        HttpClient client, string path, HttpMethod? method = null)
    {
        for (var i = 0; i < MostRequests; i++)
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
            var response = await client.SendAsync(request);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return response;

            response.Dispose();
        }

        throw new AssertionException($"{MostRequests} requests were let through");
    }
}
