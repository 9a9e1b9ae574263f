using System.Text.Json;

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>The account of signals holds, whoever else sends and whatever happens to the engine.</summary>
[Parallelizable]
public sealed class SenderAccountTests
{
    private const int Events = 4000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);
    private string _folder = "";

    private string AeronDirectory => Path.Combine(_folder, "aeron");

    private string Figures => Path.Combine(_folder, "figures.json");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-senders-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldLoseNothingWhenASecondEngineSendsBesideTheFirst()
    {
        // At 1,000 a second the first sends for long enough that the second starts meanwhile on a busy machine, too.
        const int Long = 5 * Events;
        using var demo = Start("--events", $"{Long}");
        AwaitEngine();
        using var second = XpProcess.Start(
            "engine", "--aeron-dir", AeronDirectory, "--events", "500", "--warmup", "0", "--rate", "2000", "--set",
            "ring.wait=block", "--malformed", "10", "--reader", "apart");

        Assert.That(second.End(), Is.Zero, second.Error);
        Assert.That(demo.End(), Is.Zero, demo.Error + demo.Output);
        using var json = JsonDocument.Parse(File.ReadAllText(Figures));
        using var report = JsonDocument.Parse(second.Output);
        var root = json.RootElement;
        var signals = SendersOf(root, "signals");
        var decisions = report.RootElement.GetProperty("received").GetProperty("decision");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.GetProperty("events_sent").GetInt64(), Is.EqualTo(Long));
            Assert.That(root.GetProperty("events_lost").GetInt64(), Is.Zero);
            Assert.That(root.GetProperty("rejected").GetInt64(), Is.Zero, "the other's rejections are not its own");
            Assert.That(signals, Has.Count.EqualTo(2));
            Assert.That(signals["engine"].GetProperty("received").GetInt64(), Is.EqualTo(Long));
            Assert.That(signals["other"].GetProperty("received").GetInt64(), Is.EqualTo(550));
            Assert.That(signals["other"].GetProperty("rejected").GetInt64(), Is.EqualTo(50));
            Assert.That(signals["other"].GetProperty("lost").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(decisions.GetInt64(), Is.GreaterThanOrEqualTo(500), "read by a thread of its own");
            Assert.That(demo.Output, Does.Contain("550 signals came from others than this run's engine"));
        }
    }

    [Test]
    public void ShouldNotCountMalformedMarketUpdatesAndCommandsAmongSignals()
    {
        using var demo = Start("--events", $"{Events}");
        AwaitEngine();
        using (var aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(AeronDirectory)))
        {
            foreach (var stream in (int[])[1002, 1003])
            {
                using var publication = aeron.AddExclusivePublication("aeron:ipc", stream);
                var garbage = new UnsafeBuffer(new byte[64]);
                for (var i = 0; i < 30; i++)
                {
                    Assert.That(
                        SpinWait.SpinUntil(() => publication.Offer(garbage, 0, 64) > 0, Timeout), Is.True, "not sent");
                }
            }

            Assert.That(demo.End(), Is.Zero, demo.Error + demo.Output);
        }

        using var json = JsonDocument.Parse(File.ReadAllText(Figures));
        var root = json.RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.GetProperty("events_lost").GetInt64(), Is.Zero, demo.Output);
            Assert.That(root.GetProperty("rejected").GetInt64(), Is.Zero);
            Assert.That(root.GetProperty("rejected_by_reason").EnumerateObject(), Is.Empty);
            Assert.That(SumOf(root.GetProperty("market_rejected_by_reason")), Is.EqualTo(30));
            Assert.That(SumOf(root.GetProperty("commands_rejected_by_reason")), Is.EqualTo(30));
            Assert.That(demo.Output, Does.Contain("yes zero loss"));
        }
    }

    [Test]
    public void ShouldClaimNothingWhenTheEngineIsKilled()
    {
        using var demo = Start("--seconds", "600");
        AwaitEngine();

        demo.KillChildren();

        Assert.That(demo.End(), Is.EqualTo(1), demo.Output);
        Assert.That(demo.Error, Does.Contain("the tactical engine"));
        using var json = JsonDocument.Parse(File.ReadAllText(Figures));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(json.RootElement.GetProperty("events_sent").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(json.RootElement.GetProperty("events_lost").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(demo.Output, Does.Contain("unknown zero loss: the tactical engine did not say what it sent"));
            Assert.That(demo.Output, Does.Not.Contain("yes zero loss"));
        }
    }

    [Test]
    public void ShouldRefuseASecondPipelineOnTheSameStreams()
    {
        using var driver = XpProcess.Start("driver", "--aeron-dir", AeronDirectory);
        Assert.That(
            SpinWait.SpinUntil(() => File.Exists(Path.Combine(AeronDirectory, "cnc.dat")), Timeout), Is.True);
        using var first = StartOnDriver("--seconds", "600", "--json", Figures);
        AwaitEngine();
        using var second = StartOnDriver("--events", "100");

        Assert.That(second.End(), Is.EqualTo(2), second.Output);
        Assert.That(second.Error, Does.Contain("another pipeline").And.Contain("2001"));
        first.Interrupt();
        Assert.That(first.End(), Is.EqualTo(130), first.Error);
        using var third = StartOnDriver("--events", "100");
        Assert.That(third.End(), Is.Zero, third.Error);
    }

    private XpProcess Start(params string[] arguments) => XpProcess.Start(
    [
        "demo", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none", "--inference", "rules",
        "--quiet", "--aeron-dir", AeronDirectory, "--json", Figures, .. arguments,
    ]);

    private XpProcess StartOnDriver(params string[] arguments) => XpProcess.Start(
    [
        "demo", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none", "--inference", "rules",
        "--quiet", "--driver", AeronDirectory, .. arguments,
    ]);

    private void AwaitEngine() => Assert.That(
        SpinWait.SpinUntil(() => XpProcess.LogsIn(AeronDirectory) >= 5, Timeout),
        Is.True,
        "the engine did not connect");

    private static Dictionary<string, JsonElement> SendersOf(JsonElement root, string stream) =>
        root.GetProperty("senders").EnumerateArray()
            .Where(sender => sender.GetProperty("stream").GetString() == stream)
            .ToDictionary(sender => sender.GetProperty("sender").GetString()!);

    private static long SumOf(JsonElement counts) => counts.EnumerateObject().Sum(count => count.Value.GetInt64());
}
