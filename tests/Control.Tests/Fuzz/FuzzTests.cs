using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace ExecutionPipeline.Control.Tests.Fuzz;

/// <summary>
/// Malformed and unauthorised requests over real connections. XP_TEST_FUZZ says how many; XP_TEST_SEED repeats a run.
/// </summary>
[NonParallelizable]
public sealed class FuzzTests
{
    private const int Workers = 4;
    private const int UsualRequests = 4_000;
    private const long MostGrowthBytes = 16 << 20;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(120);

    [Test]
    public async Task ShouldNeitherFailNorChangeAnythingNorGrowWhenRequestsAreMalformed()
    {
        await using var running = await RunningPipeline.StartAsync(static options => options with
        {
            RequestsPerSecond = 0,
            AuditBytes = 1 << 20,
            AuditFiles = 2,
        });
        var seed = TestSeed.Next();
        var count = int.TryParse(
            Environment.GetEnvironmentVariable("XP_TEST_FUZZ"), CultureInfo.InvariantCulture, out var given)
            ? given
            : UsualRequests;
        var statuses = new ConcurrentDictionary<int, int>();
        var before = await StateAsync(running);

        // What is made once, for whoever asks first, is there before the memory is looked at.
        await RunAsync(running, seed, count / 4, statuses);
        var first = GC.GetTotalMemory(forceFullCollection: true);
        await RunAsync(running, seed + Workers, count - (count / 4), statuses);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - first;

        var told = string.Join(
            ", ", statuses.OrderBy(static one => one.Key).Select(static one => $"{one.Key}: {one.Value}"));
        TestContext.Out.WriteLine(
            $"seed {seed}, {count} requests, statuses {told}; memory grew by {growth} bytes to {first + growth}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await StateAsync(running), Is.EqualTo(before), $"seed {seed}");
            Assert.That(growth, Is.LessThan(MostGrowthBytes), $"seed {seed}");
            Assert.That(
                statuses.Keys, Is.SupersetOf(new[] { 400, 401, 403, 404 }), "the requests reach what they aim at");
        }
    }

    private static Task RunAsync(
        RunningPipeline running, int seed, int count, ConcurrentDictionary<int, int> statuses) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var address = running.Server.Address;
            var fuzzer = new RequestFuzzer(
                new Random(seed + worker), address.Authority, running.Keys[Role.Viewer],
                running.Keys[Role.Administrator]);
            using var http = new RawHttp(address);
            for (var i = 0; i < count / Workers; i++)
            {
                var request = fuzzer.Next();
                using var timeout = new CancellationTokenSource(AnswerTimeout);
                var status = await http.AskAsync(request, timeout.Token);
                statuses.AddOrUpdate(status, 1, static (_, known) => known + 1);
                if (status is >= 500 and not 501 and not 505)
                    Assert.Fail($"seed {seed}, worker {worker}, request {i}: {status} to {request}");
            }
        })));

    /// <summary>Whatever a request could have changed: switch, positions, orders, signals, commands, keys.</summary>
    private static async Task<string> StateAsync(RunningPipeline running)
    {
        var viewer = running.As(Role.Viewer);
        var state = await viewer.GetFromJsonAsync<JsonElement>("/state");
        var totals = state.GetProperty("totals");
        var actions = await viewer.GetFromJsonAsync<JsonElement>("/actions?limit=1000");
        var keys = SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(running.Folder, "keys.json")));
        return $"{state.GetProperty("killed")} {state.GetProperty("kill_cause")} {state.GetProperty("positions")} "
            + $"{totals} {actions} {Convert.ToHexString(keys)}";
    }
}
