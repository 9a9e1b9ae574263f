using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExecutionPipeline.Cli.Tests.Demo;

namespace ExecutionPipeline.Cli.Tests.Daemons;

/// <summary>
/// Two control planes before one pipeline under load; one of them is killed and started again, then the other, and so
/// on. XP_TEST_ROUNDS says how often.
/// </summary>
[Parallelizable]
public sealed partial class ControlRestartTests
{
    private const int UsualRounds = 1;
    private const int MessagesBetween = 200;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly Control?[] _controls = new Control?[2];
    private string _folder = "";
    private string _key = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-restarts-").FullName;

    [TearDown]
    public void RemoveFolder()
    {
        foreach (var control in _controls)
            control?.Process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task ShouldMissNoMessageWhenAClientResumesAtTheOtherOfTwoControlPlanesThatAreKilled()
    {
        var rounds = int.TryParse(
            Environment.GetEnvironmentVariable("XP_TEST_ROUNDS"), CultureInfo.InvariantCulture, out var given)
            ? given
            : UsualRounds;
        using var up = XpProcess.Start(
            "up", "--engine", "--rate", "200", "--no-control", "--inference", "rules", "--aeron-dir", Driver,
            // A machine that is busy with other tests gives a killed reader up later.
            "--set", "ring.wait=block",
            "streams.outbound_channel=aeron:ipc?term-length=16m|untethered-window-limit-timeout=500ms");
        _key = AddKey();
        await StartAsync(0);
        await StartAsync(1);
        var client = new Client(_key);
        await client.ConnectAsync(_controls[0]!.Address);
        for (var round = 0; round < rounds; round++)
        {
            var (dying, other) = (_controls[round % 2]!, _controls[(round + 1) % 2]!);
            await client.ReadAsync(MessagesBetween);
            dying.Process.Kill();
            dying.Process.Dispose();
            _controls[round % 2] = null;
            await client.ReadUntilGoneAsync();

            await client.ConnectAsync(other.Address);
            await client.ReadAsync(MessagesBetween);
            await StartAsync(round % 2);
            // Whoever has what the new one has heard of can go on there.
            await client.ReadToAsync(await Client.LastNumberAsync(_key, _controls[round % 2]!.Address));
        }

        await client.ReadAsync(MessagesBetween);
        using var http = new HttpClient { BaseAddress = _controls[0]!.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", _key);
        var state = await http.GetFromJsonAsync<JsonElement>("/state");
        up.InterruptGroup(times: 1);
        Assert.That(up.End(), Is.Zero, up.Output + up.Error);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(state.GetProperty("fault").GetBoolean(), Is.False);
            Assert.That(state.GetProperty("totals").GetProperty("outbound_dropped").GetInt64(), Is.Zero);
            Assert.That(state.GetProperty("totals").GetProperty("orders_sent").GetInt64(), Is.Positive);
        }

        TestContext.Out.WriteLine($"{rounds} kills, {client.Count} messages, none missing");
    }

    private string Driver => Path.Combine(_folder, "driver");

    private string Keys => Path.Combine(_folder, "keys.json");

    private string AddKey()
    {
        using var add = XpProcess.Start("control", "--keys", Keys, "--add-key", "client", "--role", "viewer");
        Assert.That(add.End(), Is.Zero, add.Error);
        return ClientKey().Match(add.Output).Groups[1].Value;
    }

    /// <summary>
    /// Starts one, and waits until it is ready and a message has come, so that whoever comes can resume.
    /// </summary>
    private async Task StartAsync(int index)
    {
        var port = FreePort();
        var control = new Control(
            XpProcess.Start(
                "control", "--keys", Keys, "--port", $"{port}", "--metrics-port", "0", "--aeron-dir", Driver),
            new Uri($"http://127.0.0.1:{port}"));
        _controls[index] = control;
        using var http = new HttpClient { BaseAddress = control.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", _key);
        var until = DateTime.UtcNow + Timeout;
        while (!await HasMessagesAsync(http))
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(until), "the control plane hears of nothing");
            Assert.That(control.Process.HasEnded, Is.False, () => control.Process.Error);
            await Task.Yield();
        }
    }

    private static async Task<bool> HasMessagesAsync(HttpClient http)
    {
        try
        {
            var connections = await http.GetFromJsonAsync<JsonElement>("/connections");
            return connections.GetProperty("last_sequence").GetInt64() > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"key of client, shown this once: (\S+)")]
    private static partial Regex ClientKey();

    private sealed record Control(XpProcess Process, Uri Address);

    /// <summary>A client that resumes by the pipeline's numbers, and holds that none is missing.</summary>
    private sealed class Client(string key)
    {
        private const int MostReconnects = 5;

        private readonly byte[] _bytes = new byte[16 * 1_024];
        private ClientWebSocket _socket = new();
        private Uri? _address;
        private string _run = "";
        private long _number;

        public long Count { get; private set; }

        public async Task<JsonElement> ConnectAsync(Uri address)
        {
            _socket.Dispose();
            (_socket, _address) = (new ClientWebSocket(), address);
            _socket.Options.SetRequestHeader("X-Api-Key", key);
            var query = _run.Length > 0 ? $"?number={_number}&run={_run}" : "";
            await _socket.ConnectAsync(
                new Uri(new UriBuilder(address) { Scheme = "ws", Path = "/ws/events" }.Uri, query), default);
            var hello = (await NextAsync())!.Value;
            Assert.That(hello.GetProperty("type").GetString(), Is.EqualTo("hello"));
            return hello;
        }

        /// <summary>
        /// On a busy machine the client may be so late that the control plane gives it up: then it resumes.
        /// </summary>
        public async Task ReadAsync(int count)
        {
            var reconnects = 0;
            for (var i = 0; i < count;)
            {
                if (await NextAsync() is { } message)
                {
                    Take(message);
                    i++;
                    continue;
                }

                Assert.That(++reconnects, Is.LessThanOrEqualTo(MostReconnects), "the control plane has ended");
                await ConnectAsync(_address!);
            }
        }

        /// <summary>The number of the last message that a control plane has.</summary>
        public static async Task<long> LastNumberAsync(string key, Uri address)
        {
            var client = new Client(key);
            var hello = await client.ConnectAsync(address);
            client._socket.Dispose();
            return hello.GetProperty("number").GetInt64();
        }

        public async Task ReadToAsync(long number)
        {
            while (_number < number)
                await ReadAsync(1);
        }

        public async Task ReadUntilGoneAsync()
        {
            while (await NextAsync() is { } message)
                Take(message);
        }

        private void Take(JsonElement message)
        {
            Assert.That(message.TryGetProperty("number", out var told), Is.True, $"{message}");
            var number = told.GetInt64();
            if (_run.Length > 0)
                Assert.That(number, Is.EqualTo(_number + 1), "a message is missing, or came twice");
            (_number, _run) = (number, message.GetProperty("run").GetString()!);
            Count++;
        }

        private async Task<JsonElement?> NextAsync()
        {
            using var timeout = new CancellationTokenSource(Timeout);
            try
            {
                var length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await _socket.ReceiveAsync(_bytes.AsMemory(length), timeout.Token);
                    length += received.Count;
                }
                while (!received.EndOfMessage);
                if (received.MessageType == WebSocketMessageType.Close)
                    return null;

                return JsonDocument.Parse(_bytes.AsMemory(0, length)).RootElement.Clone();
            }
            catch (WebSocketException)
            {
                return null;
            }
        }
    }
}
