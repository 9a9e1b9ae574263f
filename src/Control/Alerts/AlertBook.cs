namespace ExecutionPipeline.Control.Alerts;

/// <summary>How a rule finds things at a look.</summary>
/// <param name="Key">Of the alert that it raises.</param>
/// <param name="IsSo">Whether it is wrong; null: nothing tells, and an alert stays as it is.</param>
/// <param name="Message">What is wrong, as a sentence.</param>
/// <param name="For">For how long it must be so before anybody is told.</param>
public sealed record Finding(AlertKey Key, bool? IsSo, string Message, TimeSpan For = default);

/// <summary>
/// The alerts that are active and the last ones that are over. What comes again within its cool-down is the same alert
/// and is told when that is over, whether it lasts or not: nothing critical passes untold. One thread at a time.
/// </summary>
/// <param name="settings">Tell the cool-downs.</param>
/// <param name="keep">Is given each alert that has changed and is not told of.</param>
/// <param name="tell">Is given what receivers are to be told, with the alert as it has become.</param>
public sealed class AlertBook(AlertSettings settings, Action<Alert> keep, Action<AlertNotice> tell)
{
    /// <summary>Alerts that are over and still shown.</summary>
    public const int MostResolved = 1_000;

    private readonly Dictionary<AlertKey, Alert> _latest = [];
    private readonly Dictionary<AlertKey, DateTime> _wrongSince = [];
    private readonly Dictionary<AlertKey, DateTime> _toldAt = [];
    private readonly LinkedList<Alert> _resolved = [];
    private long _lastId;
    private long _lastNotice;
    private TimeSpan _wallAhead;

    /// <summary>Those that are not over, the newest first.</summary>
    public IReadOnlyList<Alert> Active =>
        [.. _latest.Values.Where(static alert => alert.IsActive).OrderByDescending(static alert => alert.Id)];

    /// <summary>Those that are over, the newest first.</summary>
    public IReadOnlyList<Alert> Resolved => [.. _resolved];

    /// <summary>The last alert's number.</summary>
    public long LastId => _lastId;

    /// <summary>The last notice's number.</summary>
    public long LastNotice => _lastNotice;

    /// <summary>Takes in what was kept of an earlier life.</summary>
    public void Restore(AlertMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        foreach (var alert in memory.Alerts.OrderBy(static alert => alert.Id))
        {
            _latest[alert.Key] = alert;
            if (alert.ToldAt is { } told)
                _toldAt[alert.Key] = told;
            if (!alert.IsActive)
                Shelve(alert);
        }

        _lastId = memory.LastId;
        _lastNotice = memory.LastNotice;
    }

    /// <summary>Takes in how things are now.</summary>
    /// <param name="now">On a clock that nobody steps: how long something lasts goes by that.</param>
    /// <param name="findings">Of every rule.</param>
    /// <param name="wallAhead">What makes it the system's time, which alerts are stamped with.</param>
    public void Take(DateTime now, IReadOnlyList<Finding> findings, TimeSpan wallAhead = default)
    {
        ArgumentNullException.ThrowIfNull(findings);
        _wallAhead = wallAhead;
        foreach (var finding in findings)
        {
            if (finding.IsSo == true)
                Raise(now, finding);
            else if (finding.IsSo == false)
                Clear(now, finding.Key);
        }

        // A rule that is no more cannot say that it is over.
        var known = findings.Select(static finding => finding.Key).ToHashSet();
        foreach (var alert in Active.Where(alert => !known.Contains(alert.Key)))
            Clear(now, alert.Key);
        TellWhatIsDue(now);
    }

    private void Raise(DateTime now, Finding finding)
    {
        var key = finding.Key;
        var before = _latest.GetValueOrDefault(key);
        if (before is { IsActive: true })
        {
            _latest[key] = before with { Message = finding.Message };
            return;
        }

        _wrongSince.TryAdd(key, now);
        if (now - _wrongSince[key] < finding.For)
            return;

        if (before is not null && IsCoolingDown(now, before))
        {
            _resolved.Remove(before);
            Set(before with
            {
                Message = finding.Message,
                ResolvedAt = null,
                Occurrences = before.Occurrences + 1,
                LastRaisedAt = now + _wallAhead,
                IsUntold = true,
            });
            return;
        }

        var alert = new Alert
        {
            Id = ++_lastId,
            Timestamp = now + _wallAhead,
            LastRaisedAt = now + _wallAhead,
            Type = key.Type,
            Severity = key.Severity,
            Subject = key.Subject,
            Message = finding.Message,
        };
        Tell(now, NoticeState.Firing, alert);
    }

    private void Clear(DateTime now, AlertKey key)
    {
        _wrongSince.Remove(key);
        if (_latest.GetValueOrDefault(key) is not { IsActive: true } alert)
            return;

        alert = alert with { ResolvedAt = now + _wallAhead };
        Shelve(alert);
        if (alert.IsUntold)
            Set(alert);
        else
            Tell(now, NoticeState.Resolved, alert);
    }

    /// <summary>Reminders of what lasts, and what came again while it was not to be told.</summary>
    private void TellWhatIsDue(DateTime now)
    {
        foreach (var alert in _latest.Values.Where(alert =>
            (alert.IsActive || alert.IsUntold) && !IsCoolingDown(now, alert)).ToList())
        {
            _resolved.Remove(alert);
            var told = Tell(
                now, alert.IsUntold ? NoticeState.Firing : NoticeState.Reminder, alert with { IsUntold = false });
            if (!told.IsActive)
                Shelve(told);
        }
    }

    // What an earlier life told may seem to be to come: the system's time has been put back since.
    private bool IsCoolingDown(DateTime now, Alert alert) =>
        _toldAt.TryGetValue(alert.Key, out var told)
        && (now - told).Duration() < settings.CooldownOf(alert.Severity);

    private void Set(Alert alert)
    {
        _latest[alert.Key] = alert;
        keep(alert);
    }

    private void Shelve(Alert alert)
    {
        _resolved.AddFirst(alert);
        if (_resolved.Count > MostResolved)
            _resolved.RemoveLast();
    }

    private Alert Tell(DateTime now, NoticeState state, Alert alert)
    {
        var stamp = now + _wallAhead;
        if (state != NoticeState.Resolved)
        {
            _toldAt[alert.Key] = now;
            alert = alert with { ToldAt = stamp };
        }

        _latest[alert.Key] = alert;
        tell(new AlertNotice(++_lastNotice, stamp, state, alert));
        return alert;
    }
}
