using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>
/// Looks each second at what is wrong, keeps it, and tells receivers. Of several control planes that have the same file
/// one keeps and tells; another one takes that over when it ends.
/// </summary>
public sealed class AlertWatch : IAsyncDisposable
{
    private const int LinesMost = 20_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly AlertSettings _settings;
    private readonly HealthMonitor _health;
    private readonly AlertRules _rules;
    private readonly ILogger<AlertWatch> _logger;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, PendingNotice> _pending = [];
    private readonly Dictionary<AlertNotice, long> _moved = [];
    private readonly List<WebhookSender> _senders = [];
    private readonly Timer _timer;
    private AlertBook _book;
    private AlertFile? _file;
    private string? _fileProblem;
    private bool _mustRewrite;

    /// <param name="options">Tell file and receivers.</param>
    /// <param name="health">Is looked at first.</param>
    /// <param name="rules">Say what is wrong.</param>
    /// <param name="logger">Is told of each alert, and of what cannot be kept.</param>
    public AlertWatch(ControlOptions options, HealthMonitor health, AlertRules rules, ILogger<AlertWatch> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_settings, _health, _rules, _logger) = (options.Alerts, health, rules, logger);
        _book = NewBook();
        _timer = new Timer(_ => Look());
    }

    /// <summary>Whether this control plane keeps alerts and tells receivers; else another one does.</summary>
    public bool IsTelling { get; private set; }

    /// <summary>Why alerts cannot be kept; null: they are, or need not be.</summary>
    public string? FileProblem => _fileProblem;

    /// <summary>Those that are not over, the newest first.</summary>
    public IReadOnlyList<Alert> Active
    {
        get
        {
            lock (_gate)
                return _book.Active;
        }
    }

    /// <summary>Those that are over, the newest first.</summary>
    public IReadOnlyList<Alert> Resolved
    {
        get
        {
            lock (_gate)
                return _book.Resolved;
        }
    }

    /// <summary>Who is told: name, why it takes nothing, what waits for it, and posts that failed.</summary>
    public IReadOnlyList<(string Name, string? Problem, int Waiting, int Failures)> Receivers
    {
        get
        {
            lock (_gate)
                return [.. _senders.Select(static one => (one.Receiver.Name, one.Problem, one.Waiting, one.Failures))];
        }
    }

    /// <summary>Begins to look.</summary>
    public void Start() => _timer.Change(TimeSpan.Zero, Interval);

    /// <summary>Looks now.</summary>
    public void Look()
    {
        // A look that takes longer than the interval is not overtaken by the next one.
        if (!_gate.TryEnter())
            return;

        try
        {
            if (!IsTelling)
                TakeOver();
            else if (_file is null && _settings.File is { } path && TryOpen(path) && _file is not null)
                Join(_file.Memory);
            _health.Look(_book.Active.Count);
            _book.Take(NanoClock.UtcNow, _rules.Find(NanoClock.UtcNow), NanoClock.WallAhead);
            if (_file is not null && (_mustRewrite || _file.Lines > LinesMost))
                Guard(Rewrite);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        foreach (var sender in _senders)
            await sender.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void TakeOver()
    {
        if (_settings.File is { } path && !TryOpen(path))
            return;

        IsTelling = true;
        _book = NewBook();
        var memory = _file?.Memory ?? new AlertMemory();
        _book.Restore(memory);
        foreach (var receiver in _settings.Receivers)
            _senders.Add(new WebhookSender(receiver, _settings, OnTaken, _logger));
        foreach (var one in memory.Pending)
        {
            _pending[one.Notice.Number] = one;
            Send(one);
        }
    }

    /// <summary>Returns false where another control plane has the file: that one tells.</summary>
    private bool TryOpen(string path)
    {
        try
        {
            _file = AlertFile.TryOpen(path);
            if (_file is not null)
                TellOf(_file);
            return _file is not null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // What cannot be kept is told all the same.
            NoteProblem(problem);
            return true;
        }
    }

    private void TellOf(AlertFile file)
    {
        var bad = file.Memory.BadLines;
        if (bad.Count > 0)
            _logger.LogWarning(
                "{File}: line {Line} and {More} more cannot be read; the file is kept as {File}.damaged",
                _settings.File, bad[0], bad.Count - 1, _settings.File);
        _mustRewrite = file.Problem is not null;
        if (file.Problem is { } problem)
            NoteProblem(problem);
        else
            _fileProblem = null;
    }

    /// <summary>
    /// Takes in the file that could not be opened before. What has been told meanwhile gets numbers behind those of the
    /// file; receivers may have it under the old ones.
    /// </summary>
    private void Join(AlertMemory earlier)
    {
        var own = Memory();
        _pending.Clear();
        foreach (var one in earlier.Pending)
            _pending[one.Notice.Number] = one;
        foreach (var one in own.Pending)
        {
            var number = one.Notice.Number + earlier.LastNotice;
            _moved[one.Notice] = number;
            var notice = one.Notice with { Number = number, Alert = Behind(one.Notice.Alert) };
            _pending[number] = one with { Notice = notice };
        }

        _book = NewBook();
        _book.Restore(new AlertMemory
        {
            Alerts = [.. earlier.Alerts, .. own.Alerts.Select(Behind)],
            LastId = earlier.LastId + own.LastId,
            LastNotice = earlier.LastNotice + own.LastNotice,
        });
        _mustRewrite = true;
        foreach (var one in earlier.Pending)
            Send(one);

        Alert Behind(Alert alert) => alert with { Id = alert.Id + earlier.LastId };
    }

    private void Rewrite()
    {
        _file!.Rewrite(Memory());
        _mustRewrite = false;
    }

    private AlertBook NewBook() => new(_settings, KeepAlert, Tell);

    private void KeepAlert(Alert alert) => Guard(() => _file?.Keep(alert));

    private void Tell(AlertNotice notice)
    {
        var alert = notice.Alert;
        if (!IsTelling)
            return;

        _logger.LogWarning(
            "alert {State}: {Severity} {Type} {Subject}: {Message}", Json.NameOf(notice.State),
            Json.NameOf(alert.Severity), alert.Type, alert.Subject, alert.Message);
        var one = new PendingNotice(
            notice,
            [
                .. _settings.Receivers.Where(receiver => receiver.IsWanted(alert.Severity))
                    .Select(static receiver => receiver.Name),
            ]);
        // On the disk first: a receiver that is told of it after a crash is told twice rather than never.
        Guard(() => _file?.Keep(one));
        if (one.Receivers.Count > 0)
            _pending[notice.Number] = one;
        Send(one);
    }

    private void Send(PendingNotice one)
    {
        foreach (var sender in _senders.Where(sender => one.Receivers.Contains(sender.Receiver.Name)))
            sender.Send(one.Notice);
    }

    private void OnTaken(AlertNotice notice, string receiver)
    {
        lock (_gate)
        {
            var number = _moved.GetValueOrDefault(notice, notice.Number);
            Guard(() => _file?.KeepTaken(number, receiver));
            if (!_pending.TryGetValue(number, out var one))
                return;

            _pending[number] = one with { Receivers = [.. one.Receivers.Where(name => name != receiver)] };
            if (_pending[number].Receivers.Count > 0)
                return;

            _pending.Remove(number);
            _moved.Remove(notice);
        }
    }

    private AlertMemory Memory() => new()
    {
        Alerts = [.. _book.Active.Concat(_book.Resolved).OrderBy(static alert => alert.Id)],
        Pending = [.. _pending.Values],
        LastId = _book.LastId,
        LastNotice = _book.LastNotice,
    };

    private void Guard(Action write)
    {
        try
        {
            write();
            if (_file is not null)
                _fileProblem = null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            NoteProblem(problem);
        }
    }

    private void NoteProblem(Exception problem)
    {
        if (_fileProblem != problem.Message)
            _logger.LogError("alerts cannot be kept: {Problem}", problem.Message);
        _fileProblem = problem.Message;
    }
}
