using System.Globalization;
using System.Text.Json;
using ExecutionPipeline.Control.Link;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>
/// Tells one receiver, in order, what it has not taken yet. What it does not take is sent again after a pause that
/// doubles up to a bound, for as long as it takes: no alert is given up.
/// </summary>
public sealed class WebhookSender : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly AlertReceiver _receiver;
    private readonly AlertSettings _settings;
    private readonly Action<AlertNotice, string> _taken;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Queue<AlertNotice> _waiting = new();
    private readonly SemaphoreSlim _come = new(0);
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client = new(
        new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    { Timeout = AnswerTimeout };

    private readonly Task _sending;
    private volatile string? _problem;
    private int _tries;

    /// <param name="receiver">Who is told.</param>
    /// <param name="settings">Tell how long the pauses are.</param>
    /// <param name="taken">Is called when the receiver has taken a notice.</param>
    /// <param name="logger">Is told once when it begins not to be taken, and once when it is again.</param>
    public WebhookSender(
        AlertReceiver receiver, AlertSettings settings, Action<AlertNotice, string> taken, ILogger logger)
    {
        (_receiver, _settings, _taken, _logger) = (receiver, settings, taken, logger);
        _sending = Task.Run(SendAsync);
    }

    public AlertReceiver Receiver => _receiver;

    /// <summary>Why the receiver does not take anything; null: it does.</summary>
    public string? Problem => _problem;

    /// <summary>Notices that it has not taken yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Posts that were not taken, since the start.</summary>
    public int Failures => Volatile.Read(ref _tries);

    /// <summary>Tells it of a notice, behind those before.</summary>
    public void Send(AlertNotice notice)
    {
        lock (_gate)
            _waiting.Enqueue(notice);
        _come.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _client.Dispose();
        _end.Dispose();
        _come.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                await _come.WaitAsync(_end.Token).ConfigureAwait(false);
                AlertNotice next;
                lock (_gate)
                    next = _waiting.Peek();
                await SendUntilTakenAsync(next).ConfigureAwait(false);
                lock (_gate)
                    _waiting.Dequeue();
                _taken(next, _receiver.Name);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // What is left is in the file, and is sent after the next start.
        }
    }

    private async Task SendUntilTakenAsync(AlertNotice notice)
    {
        var pause = _settings.RetryFirst;
        while (await TryPostAsync(notice).ConfigureAwait(false) is { } problem)
        {
            Interlocked.Increment(ref _tries);
            if (_problem is null)
            {
                _logger.LogError(
                    "{Receiver} does not take alert {Notice}: {Problem}", _receiver.Name, notice.Number, problem);
            }

            _problem = problem;
            await Task.Delay(pause, _end.Token).ConfigureAwait(false);
            pause = pause * 2 < _settings.RetryMax ? pause * 2 : _settings.RetryMax;
        }

        if (_problem is not null)
            _logger.LogWarning("{Receiver} takes alerts again", _receiver.Name);
        _problem = null;
    }

    /// <summary>Returns why it was not taken; null: it was.</summary>
    private async Task<string?> TryPostAsync(AlertNotice notice)
    {
        using var content = new ByteArrayContent(WebhookBody.Of(_receiver.Form, notice));
        content.Headers.ContentType = new("application/json");
        try
        {
            using var response = await _client.PostAsync(_receiver.Address, content, _end.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"it answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException problem)
        {
            // Its message may name the address, which may be a secret.
            return $"it is not reached: {problem.HttpRequestError}";
        }
        catch (OperationCanceledException) when (!_end.IsCancellationRequested)
        {
            return $"it did not answer within {AnswerTimeout.TotalSeconds:0} s";
        }
    }
}

/// <summary>How a notice is written for a receiver.</summary>
public static class WebhookBody
{
    public static byte[] Of(WebhookForm form, AlertNotice notice) => JsonSerializer.SerializeToUtf8Bytes(
        form == WebhookForm.Slack ? Slack(notice) : Plain(notice), Json.Options);

    private static object Plain(AlertNotice notice) => new
    {
        Notice = notice.Number,
        notice.State,
        SentAt = MessageJson.TimeOf(notice.At),
        Alert = AlertJson.Of(notice.Alert),
    };

    private static object Slack(AlertNotice notice)
    {
        var alert = notice.Alert;
        var word = notice.State == NoticeState.Resolved ? "RESOLVED" : Json.NameOf(alert.Severity).ToUpperInvariant();
        var times = alert.Occurrences > 1 ? $" (it came {alert.Occurrences} times)" : "";
        return new
        {
            Text = Escape($"[{word}] {alert.Type}: {alert.Message}{times}"),
            Attachments = new[]
            {
                new
                {
                    Color = ColorOf(notice),
                    Fields = new[]
                    {
                        Field("Severity", Json.NameOf(alert.Severity)), Field("Component", alert.Component),
                        Field("Since", MessageJson.TimeOf(alert.Timestamp)),
                        Field("Until", alert.ResolvedAt is { } at ? MessageJson.TimeOf(at) : "now"),
                    },
                    Ts = new DateTimeOffset(notice.At).ToUnixTimeSeconds(),
                },
            },
        };
    }

    private static object Field(string title, string value) => new { Title = title, Value = value, Short = true };

    private static string ColorOf(AlertNotice notice) => notice.State == NoticeState.Resolved
        ? "good"
        : notice.Alert.Severity is AlertSeverity.Critical or AlertSeverity.High ? "danger" : "warning";

    // What Slack wants escaped, so that no message becomes a link or a mention.
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}

/// <summary>How an alert is answered and sent.</summary>
internal static class AlertJson
{
    public static object Of(Alert alert) => new
    {
        alert.Id,
        Timestamp = MessageJson.TimeOf(alert.Timestamp),
        alert.Type,
        alert.Severity,
        alert.Message,
        alert.Component,
        alert.Subject,
        State = alert.IsActive ? "active" : "resolved",
        ResolvedAt = alert.ResolvedAt is { } at ? MessageJson.TimeOf(at) : null,
        alert.Occurrences,
        LastRaisedAt = MessageJson.TimeOf(alert.LastRaisedAt),
    };
}
