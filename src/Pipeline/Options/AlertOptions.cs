namespace ExecutionPipeline.Pipeline.Options;

/// <summary>How the control plane tells what is wrong.</summary>
public sealed record AlertOptions
{
    /// <summary>
    /// The file that alerts are written to before anybody is told of them; empty: one beside the file of keys, by the
    /// media driver's folder. Default empty.
    /// </summary>
    public string File { get; init; } = "";

    /// <summary>Where the address of a receiver of plain JSON is kept, which is given every alert.</summary>
    public SecretSource Webhook { get; init; } = new();

    /// <summary>Where the address of Slack's webhook for critical alerts is kept.</summary>
    public SecretSource SlackCritical { get; init; } = new();

    /// <summary>Where the address of Slack's webhook for all other alerts is kept.</summary>
    public SecretSource SlackStandard { get; init; } = new();

    /// <summary>
    /// For how long a critical alert that lasts, or comes again, is not told again, in seconds. Default 300.
    /// </summary>
    public int CriticalCooldownS { get; init; } = 300;

    /// <summary>The same of all other alerts. Default 900.</summary>
    public int CooldownS { get; init; } = 900;

    /// <summary>
    /// The longest pause before a receiver that did not take an alert is tried again, in seconds; pauses begin at one
    /// and double. Default 60.
    /// </summary>
    public int RetryMaxS { get; init; } = 60;

    /// <exception cref="ArgumentException">A value cannot be used.</exception>
    public void Validate()
    {
        Webhook.Validate("control.alerts.webhook");
        SlackCritical.Validate("control.alerts.slack_critical");
        SlackStandard.Validate("control.alerts.slack_standard");
    }
}
