using System.Text.Json.Serialization;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>How bad what an alert tells is; the worst is last.</summary>
public enum AlertSeverity
{
    Warning,
    Medium,
    High,

    /// <summary>Somebody is to be woken.</summary>
    Critical,
}

/// <summary>What tells one alert from another: there is at most one of each that is active.</summary>
/// <param name="Type">For instance kill_switch_latched.</param>
/// <param name="Severity">Of this alert: a worse one is another alert.</param>
/// <param name="Subject">Which stage, limit or breaker it is about; empty: there is only one.</param>
public sealed record AlertKey(string Type, AlertSeverity Severity, string Subject);

/// <summary>Something that was wrong, and may be still.</summary>
public sealed record Alert
{
    /// <summary>Of this control plane's alerts, from 1 on.</summary>
    public required long Id { get; init; }

    /// <summary>When it was raised, UTC.</summary>
    public required DateTime Timestamp { get; init; }

    public required string Type { get; init; }

    public required AlertSeverity Severity { get; init; }

    /// <summary>Which stage, limit or breaker it is about; empty: there is only one.</summary>
    public required string Subject { get; init; }

    public required string Message { get; init; }

    public string Component { get; init; } = "execution_engine";

    /// <summary>When it was over, UTC; null: it is active.</summary>
    public DateTime? ResolvedAt { get; init; }

    /// <summary>How often it came: what comes again within its cool-down is the same alert.</summary>
    public int Occurrences { get; init; } = 1;

    /// <summary>When it came last, UTC.</summary>
    public required DateTime LastRaisedAt { get; init; }

    /// <summary>When receivers were told last that it is so, UTC; null: never.</summary>
    public DateTime? ToldAt { get; init; }

    /// <summary>Whether it came again and nobody has been told of that yet, since its cool-down is not over.</summary>
    public bool IsUntold { get; init; }

    [JsonIgnore]
    public bool IsActive => ResolvedAt is null;

    [JsonIgnore]
    public AlertKey Key => new(Type, Severity, Subject);
}

/// <summary>What receivers are told of an alert.</summary>
public enum NoticeState
{
    /// <summary>It was raised, or it came again.</summary>
    Firing,

    /// <summary>It lasts beyond its cool-down.</summary>
    Reminder,

    /// <summary>It is over.</summary>
    Resolved,
}

/// <summary>A message to receivers.</summary>
/// <param name="Number">From 1 on; the same when it is sent again, so that a receiver knows it.</param>
/// <param name="At">When it was written.</param>
/// <param name="State">What it tells.</param>
/// <param name="Alert">As it was then.</param>
public sealed record AlertNotice(long Number, DateTime At, NoticeState State, Alert Alert);
