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

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly byte[] _message = new byte[EventLog.SlotBytes];
    private PipelineNumber _known;

    /// <summary>Every message of the types that the request names, or of all.</summary>
    /// <exception cref="BadFieldException">A query parameter is none that there is.</exception>
    public static EventStream OfAll(EventLog log, HttpRequest request, TimeSpan sendTimeout)
    {
        var types = request.Query["types"].ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var templates = MessageTemplates.Of(types);
        return new EventStream(log, (writer, message, length) =>
            (templates.Count == 0 || templates.Contains(MessageTemplates.Of(message)))
            && MessageJson.TryWriteFields(writer, message.AsSpan(0, length)))
        {
            SendTimeout = sendTimeout,
        };
    }

    /// <summary>How long a client may not read at all. Default: 10 seconds.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Sends until the client goes, or is too slow, or the control plane ends. Returns which of them it was.
    /// </summary>
    public async Task<string> SendAsync(WebSocket socket, ResumePoint from, CancellationToken cancel)
    {
        var end = "closed";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var gone = WatchAsync(socket, ending);
        try
        {
            var next = await GreetAsync(socket, from, ending.Token).ConfigureAwait(false);
            if (await SendFromAsync(socket, next, ending.Token).ConfigureAwait(false) is { } dropped)
            {
                end = dropped;
                // What is still on its way to the client, the reason last, would be lost if this side ended first.
                await Task.WhenAny(gone, Task.Delay(SendTimeout, ending.Token)).ConfigureAwait(false);
            }
        }
        catch (TimeoutException)
        {
            // No reason reaches who does not read.
            end = $"dropped: it did not read for {SendTimeout.TotalSeconds} s";
            socket.Abort();
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException)
        {
            // The client has gone, or the control plane ends.
            socket.Abort();
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await gone.ConfigureAwait(false);
        return end;
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
            WriteNumber(writer, log.LastNumber);
        }, cancel).ConfigureAwait(false);
        if (from.Known is { } known)
        {
            _known = known;
            if (log.FindAfter(known) is { } next)
                return next;

            await TellGapAsync(socket, first, "what comes next is not kept here", writer =>
                WriteNumber(writer, known), cancel).ConfigureAwait(false);
            return first;
        }

        if (after is null)
            return last + 1;
        if (!isOther && after + 1 >= first && after <= last)
            return after.Value + 1;

        var reason = isOther ? "the control plane was started anew: its numbers begin again"
            : after > last ? "that number has not come yet"
            : "what came before is no longer kept";
        await TellGapAsync(socket, first, reason, writer => writer.WriteNumber("after", after.Value), cancel)
            .ConfigureAwait(false);
        return first;
    }

    private Task TellGapAsync(
        WebSocket socket, long first, string reason, Action<Utf8JsonWriter> known, CancellationToken cancel) =>
        WriteAsync(socket, "gap", writer =>
        {
            known(writer);
            writer.WriteNumber("first", first);
            writer.WriteString("reason", reason);
        }, cancel);

    private static void WriteNumber(Utf8JsonWriter writer, PipelineNumber number)
    {
        if (number.Number == 0)
            return;

        writer.WriteNumber("number", number.Number);
        writer.WriteString("run", number.RunText);
    }

    private async Task<string?> SendFromAsync(WebSocket socket, long next, CancellationToken cancel)
    {
        while (socket.State == WebSocketState.Open)
        {
            switch (log.Read(next, _message, out var length, out var number))
            {
                case EventLookup.Found:
                    if (TryFormat(next, length, number))
                        await SendTextAsync(socket, cancel).ConfigureAwait(false);
                    next++;
                    break;
                case EventLookup.NotYet:
                    await Task.Delay(IdleTime, cancel).ConfigureAwait(false);
                    break;
                default:
                    return await DropAsync(socket, next, cancel).ConfigureAwait(false);
            }
        }

        return null;
    }

    private bool TryFormat(long sequence, int length, PipelineNumber number)
    {
        // A control plane that is a little behind the one before hears of messages that the client has.
        if (number.Number > 0 && number.Run == _known.Run && number.Number <= _known.Number)
            return false;

        _text.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_text);
        writer.WriteStartObject();
        writer.WriteNumber("sequence", sequence);
        WriteNumber(writer, number);
        if (!write(writer, _message, length))
            return false;

        writer.WriteEndObject();
        return true;
    }

    private async Task<string> DropAsync(WebSocket socket, long next, CancellationToken cancel)
    {
        var reason = $"too slow: message {next} is no longer kept";
        await WriteAsync(socket, "dropped", writer =>
        {
            writer.WriteNumber("after", next - 1);
            writer.WriteString("reason", reason);
        }, cancel).ConfigureAwait(false);
        await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, reason, cancel).ConfigureAwait(false);
        return "dropped: " + reason;
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

        await sending.AsTask().WaitAsync(SendTimeout, cancel).ConfigureAwait(false);
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
    /// <summary>The pipeline's number of the last message that it has; null: it does not go by that.</summary>
    public PipelineNumber? Known { get; private init; }

    /// <exception cref="BadFieldException">"after", "number" or "run" is none.</exception>
    public static ResumePoint Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Query["number"].ToString() is { Length: > 0 } known)
        {
            return new ResumePoint(null, null)
            {
                Known = new PipelineNumber(RunOf(request.Query["run"].ToString()), NumberOf("number", known)),
            };
        }

        var (after, log) = (request.Query["after"].ToString(), request.Query["log"].ToString());
        if (after.Length == 0)
            return new ResumePoint(null, null);

        return new ResumePoint(NumberOf("after", after), log.Length > 0 ? log : null);
    }

    private static long NumberOf(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadFieldException(name, "it must be the number of a message");

    private static int RunOf(string text) =>
        int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var run)
            ? run
            : throw new BadFieldException("run", "it must be given with number, as a message has it");
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
