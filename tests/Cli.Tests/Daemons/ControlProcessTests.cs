using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ExecutionPipeline.Cli.Tests.Demo;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Cli.Tests.Daemons;

/// <summary>The control plane beside real processes: a demo that shows its dashboard, and models by the API.</summary>
[Parallelizable]
public sealed class ControlProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private string _folder = "";

    private string Driver => Path.Combine(_folder, "driver");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-control-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task ShouldShowItsDashboardWhileTheDemoRuns()
    {
        var port = FreePort();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var demo = XpProcess.Start(
            "demo", "--seconds", "600", "--rate", "500", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--quiet", "--inference", "rules", "--serve", "--port", $"{port}", "--aeron-dir", Driver);

        await AwaitAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, demo);
        Assert.That(await client.GetStringAsync("/"), Does.Contain("Execution Pipeline"));
        demo.Interrupt();

        Assert.That(demo.End(), Is.EqualTo(130), demo.Error);
        Assert.That(
            demo.Output.Split('\n'),
            Has.Some.Match($"^dashboard: http://127.0.0.1:{port}/ with the key xp_[0-9a-f]+$"));
        Assert.That(() => client.GetAsync("/"), Throws.InstanceOf<HttpRequestException>(), "it has ended, too");
    }

    [Test]
    public async Task ShouldExchangeModelsWhenTheApiIsAskedTo()
    {
        var store = new ModelStore(Path.Combine(_folder, "store"));
        var version = store.Add(RepositoryFiles.PathOf("models-onnx"), "t");
        store.MakeCurrent(version);
        var (keyFile, port) = (Path.Combine(_folder, "keys.json"), FreePort());
        var keys = ApiKeys.Open(keyFile, out _);
        using var up = XpProcess.Start(
            "up", "--engine", "--rate", "200", "--models", store.Location, "--aeron-dir", Driver, "--keys", keyFile,
            "--port", $"{port}", "--metrics-port", "0", "--set", "ring.wait=block",
            // A busy machine takes longer over a command.
            "--set", "control.answer_timeout_ms=60000");
        using var risk = ClientOf(port, keys.Add("risk", Role.Risk));
        using var viewer = ClientOf(port, keys.Add("viewer", Role.Viewer));
        await AwaitAsync(async () => (await risk.GetAsync("/health/ready")).IsSuccessStatusCode, up);

        var listed = await viewer.GetFromJsonAsync<JsonElement>("/models");
        Assert.That(listed.GetProperty("items")[0].GetProperty("version").GetString(), Is.EqualTo($"{version}"));
        Assert.That(listed.GetProperty("items")[0].GetProperty("role").GetString(), Is.EqualTo("current"));
        var (unknown, problem) = await PostAsync(risk, "/models/0123456789/validate", new { });
        Assert.That(unknown, Is.EqualTo(HttpStatusCode.BadRequest), $"{problem}");
        Assert.That(problem.GetProperty("field").GetString(), Is.EqualTo("version"));
        var (forbidden, _) = await PostAsync(viewer, $"/models/{version}/deploy", new { reason = 1 });
        Assert.That(forbidden, Is.EqualTo(HttpStatusCode.Forbidden));
        var (valid, measured) = await PostAsync(risk, "/models/current/validate", new { });
        Assert.That(valid, Is.EqualTo(HttpStatusCode.OK), $"{measured}");
        Assert.That(measured.GetProperty("figures").GetProperty("checks").GetArrayLength(), Is.GreaterThan(3));
        var (promoted, refusal) = await PostAsync(risk, "/models/promote", new { reason = 1 });
        Assert.That(promoted, Is.EqualTo(HttpStatusCode.UnprocessableEntity), $"there is no canary: {refusal}");

        // A machine that is busy may be too slow for the check of latency: then nothing is sent, and it says so.
        var (status, canary) = await PostAsync(
            risk, $"/models/{version}/canary", new { reason = 1, share_bps = 10_000 });
        if (!measured.GetProperty("is_passed").GetBoolean() && status == HttpStatusCode.UnprocessableEntity)
            Assert.Ignore($"this machine is too slow for a model's check: {canary}");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{canary}");
        Assert.That(canary.GetProperty("done").GetBoolean(), Is.True);
        await AwaitAsync(
            async () => (await viewer.GetStringAsync("/models")).Contains("\"canary\":true", StringComparison.Ordinal),
            up);
        await AwaitAsync(
            async () => await CanaryAsync() is { } one && one.GetProperty("decisions").GetInt64() > 0, up);
        var running = await CanaryAsync();
        Assert.That(running!.Value.GetProperty("version").GetString(), Is.EqualTo($"{version}"));
        Assert.That(running.Value.GetProperty("state").GetString(), Is.EqualTo("running"));
        Assert.That(running.Value.GetProperty("disagreement_rate").GetDouble(), Is.Zero, "they are the same models");
        await MustDoAsync("/models/promote");
        await AwaitAsync(
            async () => (await CanaryAsync())!.Value.GetProperty("state").GetString() == "promoted", up);
        await MustDoAsync($"/models/{version}/deploy");
        var (none, rollback) = await PostAsync(risk, "/models/rollback", new { reason = 1 });
        Assert.That(none, Is.EqualTo(HttpStatusCode.UnprocessableEntity), $"no others decided before: {rollback}");
        up.InterruptGroup(times: 1);
        Assert.That(up.End(), Is.Zero, up.Error);

        async Task<JsonElement?> CanaryAsync() =>
            (await viewer.GetFromJsonAsync<JsonElement>("/models")).GetProperty("canary") is
            { ValueKind: JsonValueKind.Object } canary ? canary : null;

        async Task MustDoAsync(string path)
        {
            var (code, answer) = await PostAsync(risk, path, new { reason = 1 });
            if (code == HttpStatusCode.UnprocessableEntity && answer.TryGetProperty("is_passed", out _))
                Assert.Ignore($"this machine is too slow for a model's check: {answer}");
            Assert.That(code, Is.EqualTo(HttpStatusCode.OK), $"{path}: {answer}");
            Assert.That(answer.GetProperty("done").GetBoolean(), Is.True, $"{path}: {answer}");
        }
    }

    private static HttpClient ClientOf(int port, string key)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(
        HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(path, body);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static async Task AwaitAsync(Func<Task<bool>> condition, XpProcess process)
    {
        var until = DateTime.UtcNow + Timeout;
        while (true)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            Assert.That(process.HasEnded, Is.False, "the program has ended");
            Assert.That(DateTime.UtcNow, Is.LessThan(until), "it did not come about in time");
            await Task.Yield();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
