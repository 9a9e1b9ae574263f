using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Tests.Security;

/// <summary>Clients of a WebSocket that do not read, or read too slowly.</summary>
public sealed class SlowClientTests
{
    private const int KeptEvents = 4_096;
    private const int Batch = 500;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-slow-").FullName;

    [Test]
    public async Task ShouldDropWhoNeverReadsWithAReasonAndGoOnForTheOthersWhenMessagesCome()
    {
        var options = LoneServer.OptionsIn(_folder) with
        {
            KeptEvents = KeptEvents,
            SlowClientTimeout = TimeSpan.FromMilliseconds(200),
        };
        await using var lone = await LoneServer.StartAsync(_folder, options);
        var events = lone.Server.Services.GetRequiredService<PipelineRecords>().Events;
        using var reader = await ConnectAsync(lone);
        using var silent = await OpenWithoutReadingAsync(lone);

        var (sent, until) = (0L, DateTime.UtcNow + Timeout);
        while (!(await File.ReadAllTextAsync(options.AuditFile)).Contains("dropped: it did not read"))
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(until), "who never reads is not dropped");
            for (var i = 0; i < Batch; i++)
                events.Append(Message());
            for (var i = 0; i < Batch; i++)
            {
                var read = await ReadAsync(reader);
                Assert.That(read.GetProperty("sequence").GetInt64(), Is.EqualTo(++sent), "the other misses nothing");
            }
        }

        Assert.That(reader.State, Is.EqualTo(WebSocketState.Open));
    }

    [Test]
    public async Task ShouldHangUpOnWhoComesBeyondTheMostConnectionsAndServeAgainWhenOneEnds()
    {
        const int most = 3;
        var options = LoneServer.OptionsIn(_folder) with { MaxConnections = most };
        await using var lone = await LoneServer.StartAsync(_folder, options);
        var idle = new List<TcpClient>();
        for (var i = 0; i < most; i++)
        {
            idle.Add(new TcpClient());
            await idle[i].ConnectAsync(lone.Server.Address.Host, lone.Server.Address.Port);
        }

        using var client = new HttpClient { BaseAddress = lone.Server.Address };
        Assert.That(() => client.GetAsync("/health/live"), Throws.InstanceOf<HttpRequestException>());
        idle.ForEach(static one => one.Dispose());

        // The server hears of the ends a moment later.
        var until = DateTime.UtcNow + Timeout;
        while (!await IsServedAsync(client))
            Assert.That(DateTime.UtcNow, Is.LessThan(until), "who comes later is not served");
    }

    private static async Task<bool> IsServedAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health/live");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [Test]
    public async Task ShouldTellWhoReadsTooLateThatMessagesAreGoneWhenTheyWereWrittenOver()
    {
        const int many = 60_000;
        var options = LoneServer.OptionsIn(_folder) with { KeptEvents = KeptEvents, SlowClientTimeout = Timeout };
        await using var lone = await LoneServer.StartAsync(_folder, options);
        var events = lone.Server.Services.GetRequiredService<PipelineRecords>().Events;
        using var late = await ConnectAsync(lone);
        for (var i = 0; i < many; i++)
            events.Append(Message());

        var (last, read) = (0L, await ReadAsync(late));
        while (read.TryGetProperty("sequence", out var sequence))
        {
            Assert.That(sequence.GetInt64(), Is.EqualTo(++last), "none is left out in silence");
            read = await ReadAsync(late);
        }

        Assert.That(read.GetProperty("type").GetString(), Is.EqualTo("dropped"));
        Assert.That(read.GetProperty("after").GetInt64(), Is.EqualTo(last));
        Assert.That(read.GetProperty("reason").GetString(), Does.StartWith("too slow"));
        await late.ReceiveAsync(new byte[256], default);
        Assert.That(late.CloseStatus, Is.EqualTo(WebSocketCloseStatus.PolicyViolation));
        Assert.That(late.CloseStatusDescription, Does.StartWith("too slow"));
    }

    private static byte[] Message()
    {
        var bytes = new byte[TradeClosedEncoder.EncodedLength];
        _ = new TradeClosedEncoder(bytes) { TradeId = 1, EntryPriceE9 = 1_000_000_000, NetPnlE6 = 1 };
        return bytes;
    }

    private static async Task<ClientWebSocket> ConnectAsync(LoneServer lone)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(KeyAuthentication.Header, lone.Keys["administrator"]);
        await socket.ConnectAsync(
            new UriBuilder(new Uri(lone.Server.Address, "/ws/events")) { Scheme = "ws" }.Uri, default);
        Assert.That((await ReadAsync(socket)).GetProperty("type").GetString(), Is.EqualTo("hello"));
        return socket;
    }

    private static async Task<Socket> OpenWithoutReadingAsync(LoneServer lone)
    {
        var address = lone.Server.Address;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /ws/events HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
            + $"{KeyAuthentication.Header}: {lone.Keys["administrator"]}\r\n\r\n"));
        return socket;
    }

    private static async Task<JsonElement> ReadAsync(ClientWebSocket socket)
    {
        var bytes = new byte[16 * 1_024];
        var length = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(bytes.AsMemory(length), default);
            length += received.Count;
        }
        while (!received.EndOfMessage);
        return JsonDocument.Parse(bytes.AsMemory(0, length)).RootElement;
    }
}
