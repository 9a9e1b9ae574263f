using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Security;

namespace ExecutionPipeline.Control.Tests.Alerts;

/// <summary>A control plane before a pipeline, and a receiver that it tells what is wrong.</summary>
[NonParallelizable]
public sealed class AlertServerTests
{
    /// <summary>Of a machine that does not stand still; where it does, the wait is as long as that takes.</summary>
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(5);

    private const int StopsMost = 20;

    private RunningPipeline _running = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _running = await RunningPipeline.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
    }

    /// <summary>
    /// The receiver takes nothing, the control plane ends, and the next one tells what the first one could not.
    /// </summary>
    [Test, Order(1)]
    public async Task ShouldTellAfterARestartWhenNoReceiverHadTakenACriticalAlert()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 503;
        await using (var first = await StartControlAsync(receiver))
        {
            await _running.AwaitAsync(() => Task.FromResult(first.Alerts.IsTelling && first.Health.IsReady));
            await RunningPipeline.PostAsync(_running.As(Role.Trader), "/commands/kill", new { reason = 7 });
            await _running.AwaitAsync(() => Task.FromResult(IsKillActive(first)));
            await receiver.RefusedAsync();
            // A second control plane with the same file tells nobody.
            await using var other = await StartControlAsync(receiver);
            await _running.AwaitAsync(() => Task.FromResult(IsKillActive(other)));
            Assert.That(other.Alerts.IsTelling, Is.False);
        }

        await RunningPipeline.PostAsync(_running.As(Role.Risk), "/commands/resume", new { reason = 8 });
        receiver.Status = 200;
        await using var next = await StartControlAsync(receiver);

        var told = await receiver.TakenAsync("kill_switch_latched");
        Assert.That(told.GetProperty("state").GetString(), Is.EqualTo("firing"));
        var over = await receiver.TakenAsync("kill_switch_latched");
        Assert.That(over.GetProperty("state").GetString(), Is.EqualTo("resolved"));
        Assert.That(over.GetProperty("notice").GetInt64(), Is.GreaterThan(told.GetProperty("notice").GetInt64()));
        Assert.That(IsKillActive(next), Is.False);
    }

    [Test, Order(2)]
    public async Task ShouldListActiveAndResolvedAlertsWhenAsked()
    {
        await RunningPipeline.PostAsync(_running.As(Role.Trader), "/commands/kill", new { reason = 7 });
        var since = Stopwatch.StartNew();
        await _running.AwaitAsync(async () => (await AlertsAsync("?state=active&type=kill_switch_latched")).Length > 0);
        Assert.That(since.Elapsed, Is.LessThan(AllowedOn(_running.Server)));
        var health = await _running.Anybody.GetFromJsonAsync<JsonElement>("/health");
        Assert.That(health.GetProperty("alerts").GetRawText(), Does.Contain("kill_switch_latched"));

        await RunningPipeline.PostAsync(_running.As(Role.Risk), "/commands/resume", new { reason = 8 });
        await _running.AwaitAsync(
            async () => (await AlertsAsync("?state=resolved&severity=critical&type=kill_switch_latched")).Length > 0);

        using var bad = await _running.As(Role.Viewer).GetAsync("/alerts?severity=9");
        Assert.That(bad.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        var page = await _running.As(Role.Viewer).GetFromJsonAsync<JsonElement>("/alerts?limit=1");
        if (page.GetProperty("next").ValueKind != JsonValueKind.Null)
        {
            var next = await AlertsAsync($"?before={page.GetProperty("next")}");
            Assert.That(next[0].GetProperty("id").GetInt64(), Is.LessThan(page.GetProperty("next").GetInt64()));
        }
    }

    /// <summary>A folder that is not there yet, such as that of a disk that is mounted late.</summary>
    [Test, Order(2)]
    public async Task ShouldTellWhatTheFileHadWhenItCanBeOpenedLater()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var (folder, away) = (Path.Combine(_running.Folder, "late"), Path.Combine(_running.Folder, "away"));
        var told = new AlertNotice(5, DateTime.UnixEpoch, NoticeState.Firing, new Alert
        {
            Id = 4,
            Timestamp = DateTime.UnixEpoch,
            LastRaisedAt = DateTime.UnixEpoch,
            Type = "earlier",
            Severity = AlertSeverity.Critical,
            Subject = "",
            Message = "of an earlier life",
        });
        using (var file = AlertFile.TryOpen(Path.Combine(away, "alerts.jsonl"))!)
            file.Keep(new PendingNotice(told, ["webhook"]));
        File.WriteAllText(folder, "in the way");
        await using (var control = await StartControlAsync(receiver, Path.Combine(folder, "alerts.jsonl")))
        {
            await _running.AwaitAsync(() => Task.FromResult(control.Alerts.IsTelling && control.Health.IsReady));
            Assert.That(control.Alerts.FileProblem, Is.Not.Null);
            await RunningPipeline.PostAsync(_running.As(Role.Trader), "/commands/kill", new { reason = 7 });
            await receiver.TakenAsync("kill_switch_latched");

            // In one step: the control plane makes the folder as soon as nothing is in the way.
            var link = folder + "-link";
            Directory.CreateSymbolicLink(link, away);
            using (var move = Process.Start("mv", ["-fT", link, folder]))
                await move.WaitForExitAsync();

            var earlier = await receiver.TakenAsync("earlier");
            Assert.That(earlier.GetProperty("notice").GetInt64(), Is.EqualTo(5));
            await _running.AwaitAsync(() => Task.FromResult(control.Alerts.FileProblem is null));
            await RunningPipeline.PostAsync(_running.As(Role.Risk), "/commands/resume", new { reason = 8 });
            await receiver.TakenAsync("kill_switch_latched");
        }

        using var kept = AlertFile.TryOpen(Path.Combine(folder, "alerts.jsonl"))!;
        // The file's own one and the two that were told without it; the last ones may still be on their way.
        Assert.That(kept.Memory.Pending.Select(static one => one.Notice.Number), Has.None.LessThan(8));
        Assert.That(kept.Memory.LastNotice, Is.GreaterThan(7), "numbers go on behind those of the file");
    }

    [Test, Order(3)]
    public async Task ShouldBeToldWithinFiveSecondsWhenAPipelineDies()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var control = await StartControlAsync(receiver);
        await _running.AwaitAsync(() => Task.FromResult(control.Alerts.IsTelling && control.Health.IsReady));
        var since = Stopwatch.StartNew();
        _running.KillDaemon();

        await receiver.TakenAsync("pipeline_down");

        Assert.That(since.Elapsed, Is.LessThan(AllowedOn(control)));
    }

    private Task<ControlServer> StartControlAsync(
        WebhookReceiver receiver, string? file = null) => ControlServer.StartAsync(
        _running.Options with
        {
            Alerts = new AlertSettings
            {
                File = file ?? Path.Combine(_running.Folder, "alerts.jsonl"),
                Receivers = [new AlertReceiver("webhook", receiver.Address, WebhookForm.Plain, static _ => true)],
                RetryFirst = TimeSpan.FromMilliseconds(20),
                RetryMax = TimeSpan.FromMilliseconds(200),
            },
        },
        default);

    private static TimeSpan AllowedOn(ControlServer server) => SeenWithin
        + StopsMost * TimeSpan.FromMilliseconds((server.Hiccups.LastMinute?.Max ?? 0) / 1e6);

    private static bool IsKillActive(ControlServer server) =>
        server.Alerts.Active.Any(static alert => alert.Type == "kill_switch_latched");

    private async Task<JsonElement[]> AlertsAsync(string query)
    {
        var answer = await _running.As(Role.Viewer).GetFromJsonAsync<JsonElement>($"/alerts{query}");
        return [.. answer.GetProperty("items").EnumerateArray()];
    }
}
