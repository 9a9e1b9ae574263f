using System.Text.Json;
using System.Text.RegularExpressions;
using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Control.Tests.Deploy;

/// <summary>Prometheus' and Alertmanager's files, and the dashboard, as their own programs see them.</summary>
public sealed partial class MonitoringFilesTests
{
    private const string Prometheus = "prometheus";
    private const string Alertmanager = "prometheus-alertmanager";
    private static readonly string[] Parts = ["Symptom", "Look", "Act", "Verify"];

    private static string Rules => DeployedFiles.PathOf("prometheus", "execution-alerts.yml");

    private static string Routes => DeployedFiles.PathOf("alertmanager", "alertmanager.yml");

    [Test]
    public void ShouldBeTakenByPrometheusWhenChecked()
    {
        Tool.MustPass(
            Prometheus, "promtool", "check", "config", DeployedFiles.PathOf("prometheus", "prometheus.yml"));
        Tool.MustPass(Prometheus, "promtool", "check", "rules", Rules);
    }

    [Test]
    public void ShouldFireWhenTheyShouldAndNotOtherwise()
    {
        Tool.MustPass(
            Prometheus, "promtool", "test", "rules", DeployedFiles.PathOf("prometheus", "execution-alerts.test.yml"));
    }

    [Test]
    public void ShouldHaveATestWhenThereIsAnAlert()
    {
        var test = File.ReadAllText(DeployedFiles.PathOf("prometheus", "execution-alerts.test.yml"));
        foreach (var alert in DeployedFiles.Alerts())
        {
            Assert.That(test, Does.Contain($"alertname: {alert}, exp_alerts: []"), "it is quiet while all is well");
            Assert.That(test, Does.Match($@"alertname: {alert}\n +exp_alerts:\n +- exp_labels"), "it fires");
        }
    }

    [Test]
    public void ShouldHaveARunbookWhenThereIsAnAlert()
    {
        var sections = RunbookSections();
        var alerts = DeployedFiles.Alerts();
        Assert.That(
            sections.Keys, Is.EquivalentTo(alerts.Union(AlertRules.Types)),
            "a runbook for each alert, of Prometheus or of the control plane, and an alert for each runbook");
        foreach (var (alert, text) in sections)
        {
            foreach (var part in Parts)
                Assert.That(text, Does.Contain($"**{part}.**"), alert);
        }

        var rules = File.ReadAllText(Rules);
        foreach (var alert in alerts)
            Assert.That(rules, Does.Contain($"runbook: docs/RUNBOOKS.md#{alert}\n"), "the alert names its runbook");
    }

    [Test]
    public void ShouldBeTakenByAlertmanagerWhenChecked()
    {
        Tool.MustPass(Alertmanager, "amtool", "check-config", Routes);
    }

    [TestCase("critical", "critical", "repeat_interval: 5m")]
    [TestCase("warning", "standard", "repeat_interval: 15m")]
    public void ShouldGoToItsReceiverWithItsCoolDownWhenItFires(string severity, string receiver, string coolDown)
    {
        var said = Tool.MustPass(
            Alertmanager, "amtool", "config", "routes", "test", "--config.file", Routes, "alertname=any",
            $"severity={severity}");

        Assert.That(said.Split('\n'), Does.Contain(receiver));
        Assert.That(File.ReadAllText(Routes), Does.Contain(coolDown));
    }

    [Test]
    public void ShouldNameNoSecretWhenTheyAreShipped()
    {
        Assert.That(
            File.ReadAllText(Routes), Does.Not.Contain("hooks.slack.com").And.Not.Match("(api_url|routing_key): "));
    }

    [Test]
    public void ShouldHaveQueriesThatPrometheusTakesWhenTheDashboardIsOpened()
    {
        var queries = DeployedFiles.DashboardQueries();
        Assert.That(queries, Has.Count.GreaterThan(30));
        var file = Path.GetTempFileName();
        try
        {
            // A query that a recording rule may have is one that Prometheus takes.
            File.WriteAllText(
                file,
                "groups:\n  - name: dashboard\n    rules:\n" + string.Concat(queries.Select(static (query, i) =>
                    $"      - {{ record: 'q:{i}', expr: {JsonSerializer.Serialize(query)} }}\n")));
            Tool.MustPass(Prometheus, "promtool", "check", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task ShouldNameOnlyMetricsThatAreExportedWhenAPipelineRuns()
    {
        await using var running = await RunningPipeline.StartAsync();
        using var client = new HttpClient();
        var text = await client.GetStringAsync(running.Server.MetricsAddress);
        var exported = TypeLines().Matches(text)
            .SelectMany(match => SeriesOf(match.Groups[1].Value, match.Groups[2].Value, text)).ToHashSet();
        var rules = File.ReadAllText(Rules);
        exported.UnionWith(DeployedFiles.RecordedNames());

        var named = MetricNames().Matches(rules).Concat(DeployedFiles.DashboardQueries()
            .SelectMany(static query => MetricNames().Matches(query))).Select(static match => match.Value).ToHashSet();
        named.ExceptWith(DeployedFiles.Alerts());
        // What a group of rules is called.
        named.RemoveWhere(static name => name is "execution");

        Assert.That(named, Has.Count.GreaterThan(30));
        Assert.That(named.Except(exported), Is.Empty, "rules or dashboard name what nothing exports");
    }

    [Test]
    public async Task ShouldBeAnsweredWhenARunbookNamesARequest()
    {
        await using var running = await RunningPipeline.StartAsync();
        var requests = Requests().Matches(Runbooks).Select(static match => match.Groups[1].Value).ToHashSet();
        Assert.That(requests, Has.Count.GreaterThan(8));
        foreach (var request in requests)
        {
            using var response = await running.As(Role.Viewer).GetAsync(request.Replace("=ID", "=1"));
            Assert.That(response.IsSuccessStatusCode, Is.True, $"{request}: {response.StatusCode}");
        }
    }

    /// <summary>An order that is being changed works, too, and there may be more than a usual page has.</summary>
    [Test]
    public void ShouldNameEveryStateOfAWorkingOrderWhenARunbookAsksForThem()
    {
        var page = File.ReadAllText(RepositoryFiles.PathOf("src", "Control", "Page", "app.js"));
        var working = WorkingOrders().Match(page);
        Assert.That(working.Success, Is.True);
        var states = working.Groups[1].Value.Split(',');
        var named = Requests().Matches(Runbooks).Select(static match => match.Groups[1].Value)
            .Where(request => request.StartsWith("/orders?", StringComparison.Ordinal)
                && states.Any(state => Regex.IsMatch(request, $"[=,]{state}\\b")))
            .ToList();

        Assert.That(named, Is.Not.Empty);
        Assert.That(named, Has.All.Contains(working.Value));
    }

    /// <summary>The control plane counts what a runbook looks at under the names that it gives.</summary>
    [Test]
    public void ShouldNameALimitWhenARunbookNamesARefusal()
    {
        var named = Refusals().Matches(Runbooks).Select(static match => match.Groups[1].Value).ToHashSet();

        Assert.That(named, Does.Contain("stale_signal"));
        Assert.That(named, Is.SubsetOf(Enum.GetValues<RiskViolations>().Select(static one => Json.NameOf(one))));
    }

    /// <summary>A histogram of values that may be below 0 has no sum.</summary>
    private static IEnumerable<string> SeriesOf(string name, string type, string text) =>
        type != "histogram" ? [name]
        : text.Contains($"\n{name}_sum", StringComparison.Ordinal)
            ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"]
            : [$"{name}_bucket", $"{name}_count"];

    private static string Runbooks => File.ReadAllText(RepositoryFiles.PathOf("docs", "RUNBOOKS.md"));

    private static Dictionary<string, string> RunbookSections() =>
        Runbooks.Split("\n### ").Skip(1)
            .ToDictionary(static text => text[..text.IndexOf('\n')].Trim(), static text => text);

    [GeneratedRegex("`GET (/[^`]+)`")]
    private static partial Regex Requests();

    [GeneratedRegex("status=([a-z_,]+)&limit=1000")]
    private static partial Regex WorkingOrders();

    [GeneratedRegex("execution_risk_violations_total{violation_type=\"([^\"]+)\"}")]
    private static partial Regex Refusals();

    [GeneratedRegex("^# TYPE (\\S+) (\\S+)$", RegexOptions.Multiline)]
    private static partial Regex TypeLines();

    // Not the names of rule groups (execution-alerts), and not values of labels ("execution-pipeline").
    [GeneratedRegex("\\b(?:execution|control)[_:][a-z0-9_:]+")]
    private static partial Regex MetricNames();
}
