using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Daemon;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Options;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Tests;

/// <summary>A daemon as a process of its own, and a control plane on free ports that looks at it.</summary>
internal sealed class RunningPipeline : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private const string Configuration = """
        {
          "account": { "starting_cash": 250000000 },
          "limits": {
            "max_position": 200, "max_notional": 100000000, "max_daily_var": 2500000, "max_weekly_var": 7500000,
            "max_position_share": 0.25, "max_sector_share": 0.25, "max_order_size": 5, "max_order_value": 2000000,
            "max_signal_age_ms": 60000, "max_market_age_ms": 60000
          },
          "execution": {
            "replace": { "TWAP_5MIN": "IMMEDIATE", "VWAP_AGGRESSIVE": "IMMEDIATE", "ICEBERG": "IMMEDIATE" }
          },
          "ring": { "topology": "inline", "wait": "block", "processors": [] },
          "instruments": [ { "id": 1, "symbol": "ES", "tick_size": 0.25, "multiplier": 50 } ]
        }
        """;

    private readonly Process _daemon;
    private readonly Dictionary<Role, HttpClient> _clients = [];
    private readonly HttpClient _anybody;
    private readonly SocketsHttpHandler _handler = new() { UseCookies = false };

    private RunningPipeline(string folder, Process daemon, ControlServer server)
    {
        (Folder, _daemon, Server) = (folder, daemon, server);
        _anybody = new HttpClient(_handler) { BaseAddress = server.Address };
    }

    public string Folder { get; }

    public ControlServer Server { get; }

    /// <summary>Without any key.</summary>
    public HttpClient Anybody => _anybody;

    /// <summary>Keys by role.</summary>
    public Dictionary<Role, string> Keys { get; } = [];

    public string Driver => Path.Combine(Folder, "driver");

    /// <param name="hasJournal">Whether the daemon writes one.</param>
    /// <param name="change">What is different of the control plane's options.</param>
    public static async Task<RunningPipeline> StartAsync(
        Func<ControlOptions, ControlOptions>? change = null, bool hasJournal = false)
    {
        var folder = Directory.CreateTempSubdirectory("xp-control-").FullName;
        var file = Path.Combine(folder, "xp.json");
        await File.WriteAllTextAsync(file, Configuration);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        string[] arguments =
            [typeof(DaemonRunner).Assembly.Location, "--config", file, "--aeron-dir", Path.Combine(folder, "driver")];
        foreach (var argument in hasJournal ? [.. arguments, "--journal", Path.Combine(folder, "journal")] : arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Supervision.Variable] = "1";
        var daemon = Process.Start(start)!;
        _ = daemon.StandardOutput.ReadToEndAsync();
        var options = OptionsIn(folder);
        options = change?.Invoke(options) ?? options;
        var keys = ApiKeys.Open(options.KeyFile, out var administrator);
        var made = Enum.GetValues<Role>().ToDictionary(
            static role => role,
            role => role == Role.Administrator ? administrator! : keys.Add($"{role}", role));
        var running = new RunningPipeline(folder, daemon, await ControlServer.StartAsync(options, default));
        foreach (var (role, key) in made)
            running.Keys[role] = key;
        await running.AwaitAsync(async () => (await running.Anybody.GetAsync("/health/ready")).IsSuccessStatusCode);
        return running;
    }

    /// <summary>
    /// Posts a body to a control plane that has just been started beside the other and has heard of nothing.
    /// </summary>
    public async Task<JsonElement> PostToAnotherAsync(Role role, string path, object body, int times = 1)
    {
        await using var other = await ControlServer.StartAsync(OptionsIn(Folder), default);
        using var client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = other.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Keys[role]);
        await AwaitAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode);
        for (var i = 1; i < times; i++)
            await PostAsync(client, path, body);
        return (await PostAsync(client, path, body)).Json;
    }

    /// <summary>Results of queries among the messages that are kept.</summary>
    public int QueriesHeard
    {
        get
        {
            var events = Server.Services.GetRequiredService<PipelineRecords>().Events;
            var message = new byte[Schema.MaxEncodedLength];
            var found = 0;
            for (var sequence = events.First; sequence <= events.Last; sequence++)
            {
                if (events.Read(sequence, message, out var length) == EventLookup.Found
                    && CommandResultDecoder.TryWrap(message.AsSpan(0, length), out var result)
                    && result.Kind == CommandKind.Query)
                    found++;
            }

            return found;
        }
    }

    /// <summary>How a control plane before this pipeline is started.</summary>
    public ControlOptions Options => OptionsIn(Folder);

    /// <summary>The daemon stands still, and its driver with it.</summary>
    public void StopDaemon() => Signal("STOP");

    /// <summary>It goes on.</summary>
    public void GoOnWithDaemon() => Signal("CONT");

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_daemon.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends the daemon as a crash does.</summary>
    public void KillDaemon()
    {
        _daemon.Kill();
        _daemon.WaitForExit();
    }

    private static ControlOptions OptionsIn(string folder) => new()
    {
        AeronDirectory = Path.Combine(folder, "driver"),
        KeyFile = Path.Combine(folder, "keys.json"),
        Port = 0,
        MetricsPort = 0,
        // The shortest terms that there are, so that a test comes to the end of one.
        Streams = new StreamOptions { InputChannel = "aeron:ipc?term-length=64k" },
        KeptEvents = 4_096,
        // Who waits for something asks again and again.
        RequestsPerSecond = 0,
    };

    /// <summary>A client with the key of somebody of a role.</summary>
    public HttpClient As(Role role)
    {
        if (_clients.TryGetValue(role, out var client))
            return client;

        client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = Server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Keys[role]);
        return _clients[role] = client;
    }

    /// <summary>Posts a body. Returns status and JSON.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(
        HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(path, body);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Waits until something is so.</summary>
    public async Task AwaitAsync(Func<Task<bool>> condition)
    {
        var until = DateTime.UtcNow + Timeout;
        while (!await condition())
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(until), "it did not come about in time");
            Assert.That(_daemon.HasExited, Is.False, "the daemon has ended");
            await Task.Yield();
        }
    }

    /// <summary>Gives the pipeline a market to trade in.</summary>
    public void SendMarket(long bidE9)
    {
        using var aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(Driver));
        using var market = aeron.AddExclusivePublication("aeron:ipc", 1002);
        var bytes = new byte[MarketUpdateEncoder.EncodedLength];
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        _ = new MarketUpdateEncoder(bytes)
        {
            InstrumentId = 1,
            Aggressor = Side.None,
            BidPriceE9 = bidE9,
            AskPriceE9 = bidE9 + 250_000_000,
            BidQuantity = 500,
            AskQuantity = 500,
            TradePriceE9 = WireNull.Int64,
            ExchangeTimeNs = now,
            SendTimeNs = now,
        };
        var buffer = new UnsafeBuffer(bytes);
        Assert.That(SpinWait.SpinUntil(() => market.Offer(buffer, 0, bytes.Length) > 0, Timeout), Is.True, "no market");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        foreach (var client in _clients.Values)
            client.Dispose();
        _anybody.Dispose();
        if (!_daemon.HasExited)
            _daemon.StandardInput.Close();
        if (!_daemon.WaitForExit(Timeout))
            _daemon.Kill();
        _daemon.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
