using System.Net.WebSockets;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Control.Tests.Security;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ExecutionPipeline.Control.Tests;

/// <summary>Executions whose own report was lost: a later one tells of them.</summary>
public sealed class InferredExecutionTests
{
    [Test]
    public void ShouldListAnExecutionWhenOnlyAStatusTellsOfIt()
    {
        var records = new PipelineRecords(new ControlOptions { AeronDirectory = "", KeyFile = "" });

        records.Take(Change(1, OrderStatus.PendingNew));
        records.Take(Change(1, OrderStatus.Filled, inferred: 5));
        records.Take(Change(1, OrderStatus.Filled));

        Assert.That(records.Executions.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task ShouldTellThatAnOrderWasExecutedWhenOnlyAStatusTellsOfIt()
    {
        var told = await ToldAsync(
            Change(1, OrderStatus.PendingNew),
            Change(1, OrderStatus.Filled, inferred: 5),
            Change(2, OrderStatus.PendingNew),
            Change(2, OrderStatus.PendingCancel, last: 2, leaves: 3),
            Change(2, OrderStatus.PendingCancel, leaves: 3),
            Change(2, OrderStatus.PendingReplace, inferred: 1, leaves: 2),
            Change(2, OrderStatus.Suspended, last: 1, leaves: 1),
            Change(2, OrderStatus.Cancelled, last: 1));

        Assert.That(told.Select(static one => one.Status), Is.EqualTo(
            (string[])["started", "filled", "started", "partial", "partial", "partial", "cancelled"]));
        Assert.That(told.Select(static one => one.ElapsedMs), Has.All.EqualTo(0), "each order was seen to begin");
    }

    /// <summary>The order is replaced by one of no more contracts than were executed meanwhile.</summary>
    [Test]
    public async Task ShouldTellThatAnOrderIsFilledWhenAReplacementEndsIt()
    {
        var told = await ToldAsync(
            Change(1, OrderStatus.PendingNew),
            Change(1, OrderStatus.PendingReplace, last: 4, leaves: 1),
            Change(1, OrderStatus.Filled, previous: OrderStatus.PendingReplace));

        Assert.That(
            told, Is.EqualTo(((string, double?)[])[("started", 0), ("partial", 0), ("filled", 0)]));
    }

    /// <summary>What nobody is told of is over all the same: nothing is remembered of it.</summary>
    [Test]
    public async Task ShouldForgetWhenAnOrderBeganWhereItHasEnded()
    {
        var told = await ToldAsync(
            Change(1, OrderStatus.PendingNew),
            Change(1, OrderStatus.Filled, previous: OrderStatus.Filled),
            Change(1, OrderStatus.Filled, last: 1));

        Assert.That(told, Is.EqualTo(((string, double?)[])[("started", 0), ("filled", null)]));
    }

    /// <summary>A pipeline that begins with nothing gives the ids of before again.</summary>
    [Test]
    public async Task ShouldTellTheTimeSinceTheLastStartWhenAnIdIsGivenAgain()
    {
        const long ms = 1_000_000;
        var told = await ToldAsync(
            Change(1, OrderStatus.PendingNew),
            Change(1, OrderStatus.PendingNew, timeNs: 60_000 * ms),
            Change(1, OrderStatus.Filled, last: 5, timeNs: 60_003 * ms));

        Assert.That(told, Is.EqualTo(((string, double?)[])[("started", 0), ("started", 0), ("filled", 3)]));
    }

    private static byte[] Change(
        ulong order,
        OrderStatus status,
        int last = 0,
        int inferred = 0,
        int leaves = 0,
        OrderStatus previous = OrderStatus.New,
        long timeNs = 0)
    {
        var bytes = new byte[OrderStatusChangeEncoder.EncodedLength];
        var isNew = status == OrderStatus.PendingNew;
        _ = new OrderStatusChangeEncoder(bytes)
        {
            TimeNs = timeNs,
            OrderId = order,
            Status = status,
            PreviousStatus = isNew ? OrderStatus.None : previous,
            Side = Side.Buy,
            Quantity = 5,
            LeavesQuantity = isNew ? 5 : leaves,
            CumulativeQuantity = isNew ? 0 : 5 - leaves,
            LastQuantity = last,
            InferredQuantity = inferred,
        };
        return bytes;
    }

    /// <summary>What a client of /ws/executions is told of messages.</summary>
    private static async Task<List<(string Status, double? ElapsedMs)>> ToldAsync(params byte[][] messages)
    {
        const ulong last = 99;
        var folder = Directory.CreateTempSubdirectory("xp-executions-").FullName;
        await using var lone = await LoneServer.StartAsync(folder, LoneServer.OptionsIn(folder));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(KeyAuthentication.Header, lone.Keys["administrator"]);
        await socket.ConnectAsync(
            new UriBuilder(new Uri(lone.Server.Address, "/ws/executions?after=0")) { Scheme = "ws" }.Uri, default);
        var records = lone.Server.Services.GetRequiredService<PipelineRecords>();
        foreach (var message in messages.Append(Change(last, OrderStatus.Rejected)))
            records.Take(message);

        List<(string, double?)> told = [];
        while (true)
        {
            var text = await ReadAsync(socket);
            if (text.GetProperty("type").GetString() != "execution_update")
                continue;
            if (text.GetProperty("execution_id").GetString() == $"{last}")
                return told;

            var elapsed = text.GetProperty("data").GetProperty("elapsed_time_ms");
            told.Add((
                text.GetProperty("status").GetString()!,
                elapsed.ValueKind == JsonValueKind.Null ? null : elapsed.GetDouble()));
        }
    }

    private static async Task<JsonElement> ReadAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var bytes = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(bytes, patience.Token);
        return JsonDocument.Parse(bytes.AsMemory(0, received.Count)).RootElement.Clone();
    }
}
