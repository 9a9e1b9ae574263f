using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Runtime.Versioning;
using System.Text.Json;
using ExecutionPipeline.Control.Security;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>Keys that come and go while the control plane runs.</summary>
public sealed class KeyFileTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-keys-").FullName;

    [Test]
    public async Task ShouldTakeNewKeysAndLetInNobodyWhoseKeyIsGoneWhenTheFileChanges()
    {
        var options = LoneServer.OptionsIn(_folder) with { RequestsPerSecond = 0 };
        await using var lone = await LoneServer.StartAsync(_folder, options, ("desk", Role.Trader));
        using var desk = lone.Client(lone.Keys["desk"]);
        using var login = await desk.PostAsJsonAsync("/session", new { key = lone.Keys["desk"] });
        using var browser = lone.Client();
        browser.DefaultRequestHeaders.Add("Cookie", login.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        Assert.That(await LoneServer.WhoAsync(desk), Is.EqualTo("desk: trader"));
        Assert.That(await LoneServer.WhoAsync(browser), Is.EqualTo("desk: trader"));

        using var added = lone.Client(ApiKeys.Open(options.KeyFile, out _).Add("risk", Role.Risk));
        await AwaitAsync(added, "risk: risk");

        var kept = JsonSerializer.Deserialize<List<JsonElement>>(await File.ReadAllTextAsync(options.KeyFile))!
            .Where(static one => one.GetProperty("name").GetString() != "desk");
        await File.WriteAllTextAsync(options.KeyFile, JsonSerializer.Serialize(kept));
        await AwaitAsync(desk, "401: nobody has this key");
        Assert.That(await LoneServer.WhoAsync(browser), Is.EqualTo("401: the session is over"));
        Assert.That(await LoneServer.WhoAsync(added), Is.EqualTo("risk: risk"));
    }

    /// <summary>Who left without being let in any more must not go on hearing of orders and positions.</summary>
    [TestCase("/ws/events", false)]
    [TestCase("/ws/executions", true)]
    [TestCase("/ws/performance", true)]
    public async Task ShouldCloseAWebSocketWhenItsKeyIsGoneOrItsSessionHasEnded(string path, bool isOfSession)
    {
        var options = LoneServer.OptionsIn(_folder) with { RequestsPerSecond = 0 };
        await using var lone = await LoneServer.StartAsync(_folder, options, ("desk", Role.Trader));
        using var desk = lone.Client(lone.Keys["desk"]);
        using var login = await desk.PostAsJsonAsync("/session", new { key = lone.Keys["desk"] });
        var cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var leaver = await ConnectAsync(lone, path, isOfSession, cookie, lone.Keys["desk"]);
        using var stayer = await ConnectAsync(lone, path, isOfSession: false, cookie, lone.Keys["administrator"]);

        if (isOfSession)
        {
            using var browser = lone.Client();
            browser.DefaultRequestHeaders.Add("Cookie", cookie);
            using var left = await browser.DeleteAsync("/session");
            left.EnsureSuccessStatusCode();
        }
        else
        {
            var kept = JsonSerializer.Deserialize<List<JsonElement>>(await File.ReadAllTextAsync(options.KeyFile))!
                .Where(static one => one.GetProperty("name").GetString() != "desk");
            await File.WriteAllTextAsync(options.KeyFile, JsonSerializer.Serialize(kept));
        }

        using var timeout = new CancellationTokenSource(Timeout);
        Assert.That(
            async () =>
            {
                while (true)
                    await leaver.ReceiveAsync(new byte[16 * 1_024], timeout.Token);
            },
            Throws.InstanceOf<WebSocketException>(), "it is still open");
        Assert.That(stayer.State, Is.EqualTo(WebSocketState.Open));
        await lone.Server.DisposeAsync();
        Assert.That(await File.ReadAllTextAsync(options.AuditFile), Does.Contain("dropped: it is let in no longer"));
    }

    private static async Task<ClientWebSocket> ConnectAsync(
        LoneServer lone, string path, bool isOfSession, string cookie, string key)
    {
        var socket = new ClientWebSocket();
        if (isOfSession)
            socket.Options.SetRequestHeader("Cookie", cookie);
        else
            socket.Options.SetRequestHeader(KeyAuthentication.Header, key);
        await socket.ConnectAsync(new UriBuilder(new Uri(lone.Server.Address, path)) { Scheme = "ws" }.Uri, default);
        return socket;
    }

    /// <summary>What the log says is to be mended may be no part of what the file holds.</summary>
    [Test]
    [UnsupportedOSPlatform("windows")]
    public void ShouldLetInNobodyWhoseKeyIsGoneWhenTheModeOfTheNewFileIsMended()
    {
        var (file, next) = (Path.Combine(_folder, "keys.json"), Path.Combine(_folder, "next.json"));
        using var keys = ApiKeys.Open(file, out _);
        keys.Add("desk", Role.Trader);
        var log = new ToldOnce();
        keys.Follow(log);
        ApiKeys.Open(next, out _).Dispose();
        File.SetUnixFileMode(next, File.GetUnixFileMode(next) | UnixFileMode.OtherRead);

        File.Move(next, file, overwrite: true);
        Assert.That(SpinWait.SpinUntil(() => log.Errors.Count > 0, Timeout), Is.True);
        Assert.That(log.Errors.Single(), Does.Contain("set its mode to 600"));
        Assert.That(keys.All, Has.Count.EqualTo(2));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.That(SpinWait.SpinUntil(() => keys.All.Count == 1, Timeout), Is.True, "the new file is taken");
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task AwaitAsync(HttpClient client, string who)
    {
        var until = DateTime.UtcNow + Timeout;
        while (await LoneServer.WhoAsync(client) is { } told && told != who)
            Assert.That(DateTime.UtcNow, Is.LessThan(until), told);
    }

    private sealed class ToldOnce : ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
                Errors.Enqueue(formatter(state, exception));
        }
    }
}
