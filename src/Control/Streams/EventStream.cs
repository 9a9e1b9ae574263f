using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using ExecutionPipeline.Control.Api;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Messages.Wire;
using Microsoft.AspNetCore.Http;

namespace ExecutionPipeline.Control.Streams;

/// <summary>
/// Sends what comes into the event log to one client, each message as a text. The client reads at its own pace: what
/// it has not fetched before it is written over cannot be sent any more, and it is dropped with the reason.
/// </summary>
/// <param name="log">What is sent.</param>
/// <param name="write">Writes a message's members. Returns whether the client wants it.</param>
public sealed class EventStream(EventLog log, Func<Utf8JsonWriter, byte[], int, bool> write)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a client may not read at all.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly byte[] _message = new byte[EventLog.SlotBytes];

    /// <summary>Every message of the types that the request names, or of all.</summary>
    /// <exception cref="BadFieldException">A query parameter is none that there is.</exception>
    public static EventStream OfAll(EventLog log, HttpRequest request)
    {
        var types = request.Query["types"].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var templates = MessageTemplates.Of(types);
        return new EventStream(log, (writer, message, length) =>
            (templates.Count == 0 || templates.Contains(MessageTemplates.Of(message)))
            && MessageJson.TryWriteFields(writer, message.AsSpan(0, length)));
    }

    /// <summary>Sends until the client goes, or is too slow, or the control plane ends.</summary>
    public async Task SendAsync(WebSocket socket, ResumePoint from, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var gone = WatchAsync(socket, ending);
        try
        {
            var next = await GreetAsync(socket, from, ending.Token).ConfigureAwait(false);
            await SendFromAsync(socket, next, ending.Token).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException)
        {
            // The client has gone, or did not read for too long.
            socket.Abort();
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await gone.ConfigureAwait(false);
    }

    private async Task<long> GreetAsync(WebSocket socket, ResumePoint from, CancellationToken cancel)
    {
        var (first, last) = (log.First, log.Last);
        var after = from.After;
        var isOther = from.Log is not null && from.Log != log.Id;
        await WriteAsync(socket, "hello", writer =>
        {
            writer.WriteString("log", log.Id);
            writer.WriteNumber("first", first);
            writer.WriteNumber("last", last);
        }, cancel).ConfigureAwait(false);
        if (after is null)
            return last + 1;
        if (!isOther && after + 1 >= first && after <= last)
            return after.Value + 1;

        var reason = isOther ? "the control plane was started anew: its numbers begin again"
            : after > last ? "that number has not come yet"
            : "what came before is no longer kept";
        await WriteAsync(socket, "gap", writer =>
        {
            writer.WriteNumber("after", after.Value);
            writer.WriteNumber("first", first);
            writer.WriteString("reason", reason);
        }, cancel).ConfigureAwait(false);
        return first;
    }

    private async Task SendFromAsync(WebSocket socket, long next, CancellationToken cancel)
    {
        while (socket.State == WebSocketState.Open)
        {
            switch (log.Read(next, _message, out var length))
            {
                case EventLookup.Found:
                    if (TryFormat(next, length))
                        await SendTextAsync(socket, cancel).ConfigureAwait(false);
                    next++;
                    break;
                case EventLookup.NotYet:
                    await Task.Delay(IdleTime, cancel).ConfigureAwait(false);
                    break;
                default:
                    await DropAsync(socket, next, cancel).ConfigureAwait(false);
                    return;
            }
        }
    }

    private bool TryFormat(long sequence, int length)
    {
        _text.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_text);
        writer.WriteStartObject();
        writer.WriteNumber("sequence", sequence);
        if (!write(writer, _message, length))
            return false;

        writer.WriteEndObject();
        return true;
    }

    private async Task DropAsync(WebSocket socket, long next, CancellationToken cancel)
    {
        var reason = $"too slow: message {next} is no longer kept";
        await WriteAsync(socket, "dropped", writer =>
        {
            writer.WriteNumber("after", next - 1);
            writer.WriteString("reason", reason);
        }, cancel).ConfigureAwait(false);
        await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, reason, cancel).ConfigureAwait(false);
    }

    private async Task WriteAsync(
        WebSocket socket, string type, Action<Utf8JsonWriter> members, CancellationToken cancel)
    {
        _text.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_text))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            members(writer);
            writer.WriteEndObject();
        }

        await SendTextAsync(socket, cancel).ConfigureAwait(false);
    }

    private async Task SendTextAsync(WebSocket socket, CancellationToken cancel)
    {
        var sending = socket.SendAsync(_text.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancel);
        if (sending.IsCompletedSuccessfully)
            return;

        using var timeout = new CancellationTokenSource(SendTimeout);
        await sending.AsTask().WaitAsync(timeout.Token).ConfigureAwait(false);
    }

    /// <summary>Reads what the client sends, which has no meaning, to learn when it goes.</summary>
    internal static async Task WatchAsync(WebSocket socket, CancellationTokenSource ending)
    {
        var bytes = new byte[256];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(bytes.AsMemory(), ending.Token).ConfigureAwait(false);
                if (received.MessageType != WebSocketMessageType.Close)
                    continue;

                if (socket.State == WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ending.Token)
                        .ConfigureAwait(false);
                break;
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException)
        {
            // It has gone without a word.
        }

        await ending.CancelAsync().ConfigureAwait(false);
    }
}

/// <summary>Where a client wants to go on.</summary>
/// <param name="After">The number of the last message that it has; null: it wants what comes from now on.</param>
/// <param name="Log">The log that the number is of; null: this one.</param>
public sealed record ResumePoint(long? After, string? Log)
{
    /// <exception cref="BadFieldException">"after" is no number.</exception>
    public static ResumePoint Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (after, log) = (request.Query["after"].ToString(), request.Query["log"].ToString());
        if (after.Length == 0)
            return new ResumePoint(null, null);

        return long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ResumePoint(number, log.Length > 0 ? log : null)
            : throw new BadFieldException("after", "it must be a sequence number");
    }
}

/// <summary>Numbers of message types.</summary>
internal static class MessageTemplates
{
    /// <summary>Of a message with a whole header.</summary>
    public static int Of(ReadOnlySpan<byte> message) =>
        MessageHeader.TryRead(message, out var header) ? header.TemplateId : 0;

    /// <exception cref="BadFieldException">There is no such type.</exception>
    public static HashSet<int> Of(IEnumerable<string> names) => [.. names.Select(static name =>
        MessageSchema.Own.Find(name)?.Template ?? throw new BadFieldException("types", $"there is no message {name}"))];
}
