using System.Security.Cryptography;
using System.Text;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>In which form a receiver is given alerts.</summary>
public enum WebhookForm
{
    /// <summary>An object with the notice and the alert.</summary>
    Plain,

    /// <summary>As Slack's incoming webhooks take it.</summary>
    Slack,
}

/// <summary>Somebody who is told of alerts.</summary>
/// <param name="Name">In logs and answers; the address may be a secret.</param>
/// <param name="Address">Where it is posted to.</param>
/// <param name="Form">How it is written.</param>
/// <param name="IsWanted">Which severities it is told of.</param>
public sealed record AlertReceiver(string Name, Uri Address, WebhookForm Form, Func<AlertSeverity, bool> IsWanted);

/// <summary>How a control plane tells what is wrong.</summary>
public sealed record AlertSettings
{
    /// <summary>The file that alerts are kept in; null: they are not kept. Default: null.</summary>
    public string? File { get; init; }

    /// <summary>Who is told. Default: nobody.</summary>
    public IReadOnlyList<AlertReceiver> Receivers { get; init; } = [];

    /// <summary>For how long a critical alert is not told again. Default: 5 minutes.</summary>
    public TimeSpan CriticalCooldown { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The same of all other alerts. Default: 15 minutes.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The first pause before a receiver is tried again. Default: 1 second.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest one. Default: 1 minute.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For how long an alert of a severity is not told again.</summary>
    public TimeSpan CooldownOf(AlertSeverity severity) =>
        severity == AlertSeverity.Critical ? CriticalCooldown : Cooldown;

    /// <summary>What a configuration says.</summary>
    /// <param name="options">Of the control plane.</param>
    /// <param name="keyFile">The alerts are kept beside it, unless a file is named.</param>
    /// <param name="aeronDirectory">Pipelines of several drivers have files of their own.</param>
    /// <param name="variables">The environment.</param>
    /// <exception cref="InvalidDataException">An address is not where it should be, or is none.</exception>
    public static AlertSettings Of(
        AlertOptions options, string keyFile, string aeronDirectory, Func<string, string?> variables)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new AlertSettings
        {
            File = options.File.Length > 0 ? Path.GetFullPath(options.File) : FileBeside(keyFile, aeronDirectory),
            Receivers =
            [
                .. Receiver("webhook", options.Webhook, WebhookForm.Plain, static _ => true, variables),
                .. Receiver(
                    "slack_critical", options.SlackCritical, WebhookForm.Slack,
                    static severity => severity == AlertSeverity.Critical, variables),
                .. Receiver(
                    "slack_standard", options.SlackStandard, WebhookForm.Slack,
                    static severity => severity != AlertSeverity.Critical, variables),
            ],
            CriticalCooldown = TimeSpan.FromSeconds(options.CriticalCooldownS),
            Cooldown = TimeSpan.FromSeconds(options.CooldownS),
            RetryMax = TimeSpan.FromSeconds(options.RetryMaxS),
        };
    }

    private static string FileBeside(string keyFile, string aeronDirectory)
    {
        const int shown = 8;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(aeronDirectory));
        return Path.Combine(
            Path.GetDirectoryName(keyFile)!, $"alerts-{Convert.ToHexStringLower(hash)[..shown]}.jsonl");
    }

    private static IEnumerable<AlertReceiver> Receiver(
        string name, SecretSource source, WebhookForm form, Func<AlertSeverity, bool> isWanted,
        Func<string, string?> variables)
    {
        var key = $"control.alerts.{name}";
        if (source.Read(key, variables) is not { } text)
            yield break;

        // The address is not shown: whoever has Slack's may post.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidDataException($"{key}: what is kept there is no address that begins with http or https");

        yield return new AlertReceiver(name, address, form, isWanted);
    }
}
