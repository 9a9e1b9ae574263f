using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Security;

namespace ExecutionPipeline.Control.Tests;

/// <summary>docs/REQUIREMENTS.md is true: what it names is there, and so are the tests that it names.</summary>
[NonParallelizable]
public sealed partial class DocumentedItemsTests
{
    private const string Seconds = "execution_pipeline_latency_seconds";
    private const string Component = "execution_component_latency_seconds";

    private RunningPipeline _running = null!;
    private string _text = null!;

    private static string Document => File.ReadAllText(RepositoryFiles.PathOf("docs", "REQUIREMENTS.md"));

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _running = await RunningPipeline.StartAsync(hasJournal: true);
        using var client = new HttpClient();
        _text = await client.GetStringAsync(_running.Server.MetricsAddress);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
    }

    [Test]
    public void ShouldExportEachMetricWhenItIsInTheTable()
    {
        var named = Rows("Metrics").Select(static row => row[0]).ToList();
        Assert.That(named, Has.Count.GreaterThanOrEqualTo(13));
        Assert.That(named.Where(name => !_text.Contains($"# TYPE {name} ", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase(Seconds, ".0001 .0002 .0005 .001 .002 .005 .01 .025 .05 .1")]
    [TestCase(Component, ".00005 .0001 .0002 .0005 .001 .002 .005")]
    [TestCase("execution_fill_rate", ".90 .95 .98 .99 .995 .999 1.0")]
    [TestCase("execution_slippage_basis_points", ".1 .5 1 2 3 5 10 20")]
    [TestCase("execution_market_impact_basis_points", ".1 .5 1 2 5 10 25")]
    [TestCase("execution_order_size_contracts", "1 2 3 5 8 10 15 20")]
    [TestCase("execution_agent_reward", "-2 -1 -.5 0 .5 1 1.5 2")]
    public void ShouldHaveTheDocumentedBucketsWhenAHistogramIsExported(string metric, string bounds)
    {
        var exported = Regex.Matches(_text, $"^{metric}_bucket{{.*le=\"([^\"+]+)\"}}", RegexOptions.Multiline)
            .Select(static match => double.Parse(match.Groups[1].Value)).ToHashSet();
        Assert.That(exported, Is.SupersetOf(bounds.Split(' ').Select(double.Parse)));
    }

    [Test]
    public void ShouldExistWhenATestIsInTheTable()
    {
        var sources = Directory
            .EnumerateFiles(RepositoryFiles.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(static path => Path.GetFileNameWithoutExtension(path));
        List<string> missing = [];
        string[] sections = ["Metrics", "Addresses and fields", "Thresholds and conditions"];
        foreach (var row in sections.SelectMany(Rows))
        {
            var parts = row[^1].Split('.');
            if (!sources[parts[0]].Any(path => File.ReadAllText(path).Contains($" {parts[1]}(")))
                missing.Add(row[^1]);
        }

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public async Task ShouldAnswerWithEachFieldWhenItIsInTheTable()
    {
        await _running.AwaitAsync(() => Task.FromResult(_running.Server.Alerts.IsTelling));
        foreach (var row in Rows("Addresses and fields").Where(static row => row[^1].Contains("IsInTheTable")))
        {
            var (method, path) = (row[0].Split(' ')[0], row[0].Split(' ')[1]);
            var answer = method == "GET"
                ? await (await _running.As(Role.Viewer).GetAsync(path)).Content.ReadFromJsonAsync<JsonElement>()
                : await FirstOfAsync(path);
            MustHave(answer, row);
        }
    }

    [Test]
    public async Task ShouldAnswerWithEachFieldWhenASignalIsGiven()
    {
        using var executions = await ConnectAsync("/ws/executions");
        var (id, answer) = await SendOrderAsync(814);
        MustHave(answer, Rows("Addresses and fields").Single(static row => row[0] == "POST /execute"));
        // The end of its parent order says what became of it.
        await _running.AwaitAsync(async () =>
            (answer = await ExecuteAsync(id)).GetProperty("status").GetString() is "executed" or "rejected");
        Assert.That(
            answer.GetProperty("execution_result").GetProperty("execution_time_ms").GetDouble(),
            Is.GreaterThanOrEqualTo(0));

        JsonElement update;
        do
            update = await ReadAsync(executions);
        while (update.GetProperty("type").GetString() != "execution_update");
        MustHave(update, Rows("Addresses and fields").Single(static row => row[0] == "WS /ws/executions"));
    }

    /// <summary>Another control plane was not there then. Who asks for a parent that has ended must be told.</summary>
    [Test]
    public async Task ShouldSayThatASignalsParentHasEndedWhenTheControlPlaneHasNotHeardIt()
    {
        var (id, _) = await SendOrderAsync(20_814);
        await _running.AwaitAsync(async () =>
            (await ExecuteAsync(id)).GetProperty("status").GetString() is "executed" or "rejected");

        JsonElement again = default;
        // One that joins while another reader is behind may still hear of the end.
        await _running.AwaitAsync(async () =>
            (again = await _running.PostToAnotherAsync(Role.Trader, "/execute", SignalOf(id)))
                .GetProperty("status").ToString() == "ended");

        Assert.That(again.GetProperty("execution_result").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(again.GetProperty("look").GetString(), Is.EqualTo($"/parents/ended?signal_id={id}"));
    }

    /// <summary>Gives signals until an order is sent. Returns the last signal's id, and the answer to it.</summary>
    private async Task<(int Id, JsonElement Answer)> SendOrderAsync(int id)
    {
        var last = id + 1_000;
        while (true)
        {
            _running.SendMarket(4_150_000_000_000);
            var answer = await ExecuteAsync(++id);
            if (answer.TryGetProperty("outcome", out var outcome) && outcome.GetString() == "order_sent")
                return (id, answer);

            Assert.That(id, Is.LessThan(last), $"no order is sent: {answer}");
        }
    }

    private async Task<JsonElement> ExecuteAsync(int signal) =>
        (await RunningPipeline.PostAsync(_running.As(Role.Trader), "/execute", SignalOf(signal))).Json;

    private static object SignalOf(int id) => new
    {
        decision = new { action = "long", confidence = 0.9, urgency_factor = 0.9 },
        market_context = new { current_price = 4150.25 },
        metadata = new { signal_id = id },
    };

    [Test]
    public void ShouldHoldToTheDocumentedTargetsWhenStagesAreJudged()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ServiceLevels.Stages.Select(static stage => (stage.Name, stage.TargetUs)), Is.EqualTo(new[]
            {
                ("context_building", 50L), ("agent_inference", 200L), ("order_validation", 100L),
                ("order_execution", 500L), ("total_pipeline", 1_000L),
            }));
            Assert.That(ServiceLevels.TotalP99Us, Is.EqualTo(new ServiceLevel(1_000, 2_000)));
            Assert.That(ServiceLevels.InferenceP95Us, Is.EqualTo(new ServiceLevel(200, 500)));
            Assert.That(ServiceLevels.RiskCheckP90Us, Is.EqualTo(new ServiceLevel(100, 200)));
            Assert.That(ServiceLevels.PlacementP90Us, Is.EqualTo(new ServiceLevel(500, 1_000)));
            Assert.That(ServiceLevels.FillRateP5, Is.EqualTo(new ServiceLevel(.998, .99)));
            Assert.That(ServiceLevels.SlippageP95Bps, Is.EqualTo(new ServiceLevel(2, 5)));
            Assert.That(ServiceLevels.ImpactP90Bps, Is.EqualTo(new ServiceLevel(1.5, 3)));
            Assert.That(ServiceLevels.Agents["position_sizing"], Is.EqualTo(new ServiceLevel(.75, .60)));
            Assert.That(ServiceLevels.Agents["execution_timing"], Is.EqualTo(new ServiceLevel(.70, .55)));
            Assert.That(ServiceLevels.Agents["risk_management"], Is.EqualTo(new ServiceLevel(1, .95)));
        }
    }

    private static void MustHave(JsonElement answer, string[] row)
    {
        foreach (var field in row[1..^1])
            Assert.That(IsThere(answer, field.Split('.')), Is.True, $"{row[0]} has no {field}: {answer}");
    }

    private static bool IsThere(JsonElement element, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return true;
        if (path[0] != "[]")
            return element.TryGetProperty(path[0], out var member) && IsThere(member, path[1..]);

        foreach (var item in element.EnumerateArray())
        {
            if (!IsThere(item, path[1..]))
                return false;
        }

        return element.GetArrayLength() > 0;
    }

    /// <summary>The rows of a section's table: each cell's names in backquotes, one after the other.</summary>
    private static List<string[]> Rows(string section)
    {
        var text = Document.Split("\n## ").Single(part => part.StartsWith(section, StringComparison.Ordinal));
        return
        [
            .. text.Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
                .Select(static line => Quoted().Matches(line).Select(static match => match.Groups[1].Value).ToArray())
        ];
    }

    private async Task<JsonElement> FirstOfAsync(string path)
    {
        using var socket = await ConnectAsync(path);
        return await ReadAsync(socket);
    }

    private async Task<ClientWebSocket> ConnectAsync(string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(KeyAuthentication.Header, _running.Keys[Role.Viewer]);
        await socket.ConnectAsync(
            new UriBuilder(new Uri(_running.Server.Address, path)) { Scheme = "ws" }.Uri, default);
        return socket;
    }

    private static async Task<JsonElement> ReadAsync(ClientWebSocket socket)
    {
        var bytes = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(bytes, default);
        return JsonDocument.Parse(bytes.AsMemory(0, received.Count)).RootElement.Clone();
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
