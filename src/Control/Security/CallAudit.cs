using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using ExecutionPipeline.Control.Link;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Security;

/// <summary>A request and what became of it.</summary>
internal sealed record AuditedCall
{
    public required DateTime At { get; init; }

    /// <summary>Who asked; empty: nobody who is known.</summary>
    public string Who { get; init; } = "";

    public string Role { get; init; } = "";

    public uint OperatorId { get; init; }

    /// <summary>Address and port.</summary>
    public string From { get; init; } = "";

    public string Method { get; init; } = "";

    /// <summary>Without its query, which may hold anything.</summary>
    public string Path { get; init; } = "";

    /// <summary>Of HTTP; 101: a WebSocket, which is told of as it opens and as it ends.</summary>
    public int Status { get; init; }

    /// <summary>What was done, or why it was refused.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The id that the ring knows the command by; null: none was sent.</summary>
    public ulong? CommandId { get; init; }

    public double DurationUs { get; init; }
}

/// <summary>
/// Every call and every refusal, a line of JSON each, in a file that only its owner reads and that is only added to.
/// No request waits for the disk, least of all a kill: what cannot be written is counted, told in the log, and noted in
/// the file when it can be written again. No key or token is written, wherever in a request it stood.
/// </summary>
internal sealed partial class CallAudit : IDisposable
{
    private const int MostWaiting = 65_536;
    private const int MostTextLength = 300;
    private const int LinesPerWrite = 1_024;

    private readonly AuditFile _file;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ArrayBufferWriter<byte> _lines = new();

    private readonly Channel<AuditedCall> _waiting = Channel.CreateBounded<AuditedCall>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private long _lost;
    private bool _isFailing;

    /// <exception cref="IOException">The file cannot be used.</exception>
    public CallAudit(ControlOptions options, ILogger<CallAudit> logger)
    {
        _logger = logger;
        _file = new AuditFile(options.AuditFile, options.AuditBytes, options.AuditFiles);
        _thread = new Thread(Run) { IsBackground = true, Name = "call audit" };
        _thread.Start();
    }

    /// <summary>The file that is written.</summary>
    public string Path => _file.Path;

    /// <summary>Calls that could not be written, and that the file does not tell of yet.</summary>
    // Partner of the Interlocked operations on it.
    internal long Lost => Interlocked.Read(ref _lost);

    /// <summary>Notes a call. Never waits.</summary>
    public void Add(AuditedCall call)
    {
        if (!_waiting.Writer.TryWrite(call))
            Interlocked.Increment(ref _lost);
    }

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _thread.Join();
        _file.Dispose();
    }

    /// <summary>A text without what looks like a key or a token, and not longer than it need be.</summary>
    internal static string Clean(string text)
    {
        var cleaned = Secrets().Replace(text, "(secret)");
        return cleaned.Length <= MostTextLength ? cleaned : cleaned[..MostTextLength] + "...";
    }

    private void Run()
    {
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            _lines.ResetWrittenCount();
            var count = 0;
            while (count < LinesPerWrite && _waiting.Reader.TryRead(out var call))
            {
                Format(call);
                count++;
            }

            Write(count);
        }
    }

    private void Write(int count)
    {
        try
        {
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
            {
                count += (int)Math.Min(lost, int.MaxValue - count);
                FormatLost(lost);
            }

            _file.Append(_lines.WrittenSpan);
            _isFailing = false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _lost, count);
            if (!_isFailing)
                _logger.LogError("calls are not audited: {Problem}", problem.Message);
            _isFailing = true;
        }
    }

    private void Format(AuditedCall call)
    {
        using (var writer = new Utf8JsonWriter(_lines))
        {
            writer.WriteStartObject();
            writer.WriteString("at", MessageJson.TimeOf(call.At));
            writer.WriteString("who", Clean(call.Who));
            writer.WriteString("role", call.Role);
            writer.WriteNumber("operator_id", call.OperatorId);
            writer.WriteString("from", call.From);
            writer.WriteString("method", Clean(call.Method));
            writer.WriteString("path", Clean(call.Path));
            writer.WriteNumber("status", call.Status);
            writer.WriteString("outcome", Clean(call.Outcome));
            if (call.CommandId is { } id)
                writer.WriteString("command_id", $"{id}");
            writer.WriteNumber("duration_us", Math.Round(call.DurationUs, 1));
            writer.WriteEndObject();
        }

        _lines.Write("\n"u8);
    }

    private void FormatLost(long lost)
    {
        using (var writer = new Utf8JsonWriter(_lines))
        {
            writer.WriteStartObject();
            writer.WriteString("at", MessageJson.TimeOf(DateTime.UtcNow));
            writer.WriteNumber("lost", lost);
            writer.WriteEndObject();
        }

        _lines.Write("\n"u8);
    }

    // A key of this control plane, a token, or a long run of hexadecimal digits.
    [GeneratedRegex(@"xp_\w{8,}|eyJ[\w.-]{8,}|[0-9A-Fa-f]{32,}", RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
