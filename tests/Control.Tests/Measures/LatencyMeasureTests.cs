using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace ExecutionPipeline.Control.Tests.Measures;

/// <summary>
/// How fast the control plane answers. XP_TEST_MEASURE says for how many seconds, and holds the figures against the
/// targets; without it little is asked for, and only that it is answered is checked.
/// </summary>
[NonParallelizable]
public sealed class LatencyMeasureTests
{
    private const int RequestsPerSecond = 500;
    private const double MostReadP99Ms = 20;
    private const double MostKillP99Ms = 5;
    private const int UsualKills = 20;

    private static readonly int? Seconds = int.TryParse(
        Environment.GetEnvironmentVariable("XP_TEST_MEASURE"), CultureInfo.InvariantCulture, out var given)
        ? given
        : null;

    private static readonly string[] Paths =
        ["/state", "/positions", "/orders?limit=100", "/risk/status", "/metrics", "/health", "/decisions?limit=100"];

    private RunningPipeline _running = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _running = await RunningPipeline.StartAsync(
        static options => options with { RequestsPerSecond = 0 });

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
    }

    /// <summary>The requests come on time whatever the answers do; each counts from when it was to be sent.</summary>
    [Test]
    public async Task ShouldAnswerEveryReadWhenFiveHundredComeInASecond()
    {
        var client = _running.As(Role.Viewer);
        foreach (var path in Paths)
            Assert.That((await client.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        var answers = new Task<double>[(Seconds ?? 1) * RequestsPerSecond];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var (started, sent) = (Stopwatch.GetTimestamp(), 0);
        while (sent < answers.Length && await timer.WaitForNextTickAsync())
        {
            var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * RequestsPerSecond);
            for (; sent < Math.Min(due, answers.Length); sent++)
            {
                var intended = started + (Stopwatch.Frequency * sent / RequestsPerSecond);
                answers[sent] = AskAsync(client, Paths[sent % Paths.Length], intended);
            }
        }

        var times = await Task.WhenAll(answers);

        Tell($"{times.Length} reads at {RequestsPerSecond} a second", times, MostReadP99Ms);
    }

    [Test]
    public async Task ShouldLatchTheSwitchAtOnceWhenItIsKilledAgainAndAgain()
    {
        var (trader, risk) = (_running.As(Role.Trader), _running.As(Role.Risk));
        List<double> answered = [];
        List<double> latched = [];
        var started = Stopwatch.GetTimestamp();
        for (var i = -UsualKills; IsToGoOn(started, i); i++)
        {
            var (sentAt, sent) = (DateTime.UtcNow, Stopwatch.GetTimestamp());
            var (status, kill) = await RunningPipeline.PostAsync(trader, "/commands/kill", new { reason = 7 });
            var took = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{kill}");
            var result = kill.GetProperty("results")[0];
            Assert.That(result.GetProperty("kill_switch_latched").GetBoolean(), Is.True);
            if (i >= 0)
            {
                answered.Add(took);
                latched.Add((result.GetProperty("time").GetDateTime().ToUniversalTime() - sentAt).TotalMilliseconds);
            }

            await RunningPipeline.PostAsync(risk, "/commands/resume", new { reason = 8 });
        }

        Tell($"{answered.Count} kills, until answered", [.. answered], double.MaxValue);
        Tell($"{latched.Count} kills, until in the ring", [.. latched], MostKillP99Ms);
    }

    private static bool IsToGoOn(long started, int round) => Seconds is { } seconds
        ? Stopwatch.GetElapsedTime(started).TotalSeconds < seconds
        : round < UsualKills;

    private static async Task<double> AskAsync(HttpClient client, string path, long intended)
    {
        using var response = await client.GetAsync(path);
        await response.Content.ReadAsByteArrayAsync();
        var took = Stopwatch.GetElapsedTime(intended).TotalMilliseconds;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        return took;
    }

    private static void Tell(string what, double[] timesMs, double mostP99Ms)
    {
        Array.Sort(timesMs);
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: p50 {Rank(50):F2} ms, p90 {Rank(90):F2} ms, p99 {Rank(99):F2} ms, max {timesMs[^1]:F2} ms"));
        if (Seconds is not null)
            Assert.That(Rank(99), Is.LessThan(mostP99Ms), what);

        double Rank(int percentile) => timesMs[(int)Math.Ceiling(percentile / 100.0 * timesMs.Length) - 1];
    }
}
