using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Control.Tests.Alerts;

/// <summary>Who is told, as a configuration says.</summary>
public sealed class AlertSettingsTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["CRITICAL"] = "https://hooks.example/critical",
        ["STANDARD"] = "https://hooks.example/standard",
        ["NONSENSE"] = "hooks.example/secret",
    };

    [TestCase(AlertSeverity.Critical, "slack_critical")]
    [TestCase(AlertSeverity.High, "slack_standard")]
    [TestCase(AlertSeverity.Warning, "slack_standard")]
    public void ShouldTellSlackByTheSeverityWhenBothChannelsAreNamed(AlertSeverity severity, string expected)
    {
        var settings = Of(new AlertOptions
        {
            SlackCritical = new SecretSource { Environment = "CRITICAL" },
            SlackStandard = new SecretSource { Environment = "STANDARD" },
        });

        var told = settings.Receivers.Where(receiver => receiver.IsWanted(severity)).Select(static one => one.Name);

        Assert.That(told, Is.EqualTo(new[] { expected }));
        Assert.That(settings.Receivers.Select(static one => one.Form), Is.All.EqualTo(WebhookForm.Slack));
    }

    [Test]
    public void ShouldNotShowTheAddressWhenItIsNone() => Assert.That(
        () => Of(new AlertOptions { Webhook = new SecretSource { Environment = "NONSENSE" } }),
        Throws.TypeOf<InvalidDataException>().With.Message.Contains("control.alerts.webhook")
            .And.Message.Not.Contains("secret"));

    [Test]
    public void ShouldHaveAFileOfItsOwnWhenPipelinesHaveOtherDrivers()
    {
        var one = AlertSettings.Of(new AlertOptions(), "/keys/keys.json", "/dev/shm/a", static _ => null).File;
        var other = AlertSettings.Of(new AlertOptions(), "/keys/keys.json", "/dev/shm/b", static _ => null).File;

        Assert.That(Path.GetDirectoryName(one), Is.EqualTo("/keys"));
        Assert.That(one, Is.Not.EqualTo(other));
    }

    private static AlertSettings Of(AlertOptions options) =>
        AlertSettings.Of(options, "/keys/keys.json", "/dev/shm/a", Variables.GetValueOrDefault);
}
