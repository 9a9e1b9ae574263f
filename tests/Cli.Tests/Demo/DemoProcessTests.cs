using System.Text.Json;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>The main job as a user starts it: two processes, shared memory, real models.</summary>
[Parallelizable]
public sealed class DemoProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);
    private string _folder = "";

    private string AeronDirectory => Path.Combine(_folder, "aeron");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-tests-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldLoseNothingWhenADemoRunsThrough()
    {
        var json = Path.Combine(_folder, "figures.json");
        var report = Path.Combine(_folder, "report");
        using var xp = XpProcess.Start(
            "demo", "--events", "3000", "--rate", "2000", "--warmup", "500", "--malformed", "2", "--wait", "block",
            "--cpus", "none", "--tail", "0", "--aeron-dir", AeronDirectory, "--json", json, "--report", report);

        Assert.That(xp.End(), Is.Zero, xp.Error + xp.Output);

        using var figures = JsonDocument.Parse(File.ReadAllText(json));
        var root = figures.RootElement;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.GetProperty("events_sent").GetInt64(), Is.EqualTo(3000 + 10));
            Assert.That(root.GetProperty("events_processed").GetInt64(), Is.EqualTo(3000));
            Assert.That(root.GetProperty("rejected").GetInt64(), Is.EqualTo(10));
            Assert.That(root.GetProperty("events_lost").GetInt64(), Is.Zero);
            Assert.That(root.GetProperty("orders").GetInt64(), Is.GreaterThan(1000), "a third of the signals at least");
            Assert.That(root.GetProperty("fills").GetInt64(), Is.Positive);
            AssertDecisions(root.GetProperty("outbound"));
            Assert.That(root.GetProperty("rejected_by_reason").EnumerateObject().Count(), Is.EqualTo(5));
            AssertSchedules(root.GetProperty("schedules"));
            AssertTail(root.GetProperty("tail"), root.GetProperty("orders").GetInt64());
            Assert.That(xp.Output, Does.Contain("yes zero loss"));
            Assert.That(Directory.GetFiles(report), Has.Length.EqualTo(4));
            Assert.That(Directory.Exists(AeronDirectory), Is.False, "the driver's folder is gone");
        }
    }

    [Test]
    public void ShouldFailWhenTheEndIsNotWhole()
    {
        var journal = Path.Combine(_folder, "journal");
        Directory.CreateDirectory(journal);
        File.WriteAllText(Path.Combine(journal, "snapshots"), "no folder");

        using var xp = XpProcess.Start(
            "demo", "--events", "100", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--inference", "rules", "--quiet", "--aeron-dir", AeronDirectory, "--journal", journal);

        Assert.That(xp.End(), Is.EqualTo(1), xp.Output);
        Assert.That(xp.Error, Does.Contain("xp demo: no snapshot was written"));
    }

    /// <summary>
    /// Each measured signal's decision is told, warm-up's are not; what a slow reader did not take is counted.
    /// </summary>
    private static void AssertDecisions(JsonElement outbound)
    {
        var (told, dropped) = (Number(outbound, "decision"), Number(outbound, "dropped"));
        Assert.That(told, Is.LessThanOrEqualTo(3000));
        Assert.That(told + dropped, dropped == 0 ? Is.EqualTo(3000) : Is.AtLeast(3000));
    }

    /// <summary>Each order that took any time has one cause; where the kernel may be asked, threads that sleep show.
    /// </summary>
    private static void AssertTail(JsonElement tail, long orders)
    {
        var causes = tail.GetProperty("causes").EnumerateArray()
            .ToDictionary(static cause => cause.GetProperty("cause").GetString()!, cause => Number(cause, "signals"));
        Assert.That(Number(tail, "signals"), Is.EqualTo(orders));
        Assert.That(causes.Values.Sum(), Is.EqualTo(orders));
        Assert.That(causes.Keys, Has.None.Empty);
        if (tail.GetProperty("source").GetString()!.StartsWith("the kernel's record", StringComparison.Ordinal))
            Assert.That(causes.Keys, Has.Some.EndsWith("gave its processor up"));
    }

    /// <summary>Every strategy is there; those with a schedule have slices; stops and targets are reached.</summary>
    private static void AssertSchedules(JsonElement schedules)
    {
        var strategies = schedules.GetProperty("by_strategy").EnumerateArray().ToArray();
        var names = strategies.Select(static s => s.GetProperty("strategy").GetString());
        Assert.That(names, Is.EqualTo(StrategyNames.All));
        foreach (var strategy in strategies)
        {
            var (orders, slices) = (Number(strategy, "orders"), Number(strategy, "slices"));
            Assert.That(orders, Is.GreaterThan(10));
            Assert.That(
                slices, strategy.GetProperty("strategy").GetString() == "IMMEDIATE"
                    ? Is.EqualTo(orders)
                    : Is.GreaterThan(orders));
            Assert.That(Number(strategy, "contracts_executed"), Is.GreaterThan(orders));
            Assert.That(strategy.GetProperty("cost_bps").ValueKind, Is.EqualTo(JsonValueKind.Number));
            var reasons = strategy.GetProperty("exit_reasons");
            Assert.That(
                reasons.EnumerateObject().Sum(static r => r.Value.GetInt64()),
                Is.EqualTo(Number(strategy, "trades")));
            Assert.That(Number(reasons, "take_profit"), Is.Positive);
            Assert.That(Number(reasons, "stop_loss"), Is.Positive);
        }
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    [Test]
    public void ShouldUseTheDriverThatRunsWhenOneIsNamed()
    {
        var json = Path.Combine(_folder, "figures.json");
        using var driver = XpProcess.Start("driver", "--aeron-dir", AeronDirectory);
        Assert.That(SpinWait.SpinUntil(IsDriverUp, Timeout), Is.True, "no driver");
        using var xp = XpProcess.Start(
            "demo", "--events", "500", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--inference", "rules", "--driver", AeronDirectory, "--channel", "aeron:ipc?term-length=256k",
            "--json", json);

        Assert.That(xp.End(), Is.Zero, xp.Error + xp.Output);

        using var figures = JsonDocument.Parse(File.ReadAllText(json));
        Assert.That(figures.RootElement.GetProperty("driver").GetString(), Is.EqualTo("external"));
        Assert.That(figures.RootElement.GetProperty("events_processed").GetInt64(), Is.EqualTo(500));
        Assert.That(Directory.Exists(AeronDirectory), Is.True, "the driver's folder is the driver's");
        driver.Interrupt();
        Assert.That(driver.End(), Is.EqualTo(130), driver.Error);

        bool IsDriverUp() => File.Exists(Path.Combine(AeronDirectory, "cnc.dat"));
    }

    [Test]
    public void ShouldFailWithOneLineWhenTheDriverIsKilled()
    {
        using var driver = XpProcess.Start("driver", "--aeron-dir", AeronDirectory);
        Assert.That(SpinWait.SpinUntil(IsDriverUp, Timeout), Is.True, "the driver did not start");
        using var xp = XpProcess.Start(
            "demo", "--driver", AeronDirectory, "--seconds", "600", "--rate", "100", "--warmup", "0", "--wait",
            "block", "--cpus", "none", "--inference", "rules", "--quiet");
        Assert.That(SpinWait.SpinUntil(() => LogBuffers() >= 5, Timeout), Is.True, "the engine did not connect");

        driver.Kill();

        Assert.That(xp.End(), Is.EqualTo(1), xp.Error + xp.Output);
        Assert.That(xp.Error.TrimEnd(), Does.Match(
            $"^xp demo: trading has ended: the Aeron client failed: the media driver in {AeronDirectory} has gone: "
            + @"it has shown no life for \d+ ms, and may be silent for 10000 ms$"));

        bool IsDriverUp() => File.Exists(Path.Combine(AeronDirectory, "cnc.dat"));
    }

    [Test]
    public void ShouldEndTheEngineWithOneLineWhenItsDriverIsKilled()
    {
        using var driver = XpProcess.Start("driver", "--aeron-dir", AeronDirectory);
        Assert.That(
            SpinWait.SpinUntil(() => File.Exists(Path.Combine(AeronDirectory, "cnc.dat")), Timeout), Is.True);
        using var engine = XpProcess.Start("engine", "--aeron-dir", AeronDirectory, "--connect-timeout", "600");
        Assert.That(SpinWait.SpinUntil(() => LogBuffers() >= 3, Timeout), Is.True, "the engine did not connect");

        driver.Kill();

        Assert.That(engine.End(), Is.EqualTo(1), engine.Output);
        Assert.That(
            engine.Error.TrimEnd(),
            Does.Match($"^xp engine: the media driver in {AeronDirectory} has (gone: |not answered within ).*$"));
    }

    [Test]
    public void ShouldSayWhatToStartWhenANetworkChannelMeetsTheEmbeddedDriver()
    {
        using var xp = XpProcess.Start(
            "demo", "--channel", "aeron:udp?endpoint=localhost:40124", "--inference", "rules", "--cpus", "none",
            "--aeron-dir", AeronDirectory);

        Assert.That(xp.End(), Is.EqualTo(2), xp.Output);
        Assert.That(xp.Error, Does.Contain("start an official media driver").And.Not.Contain("   at "));
    }

    [TestCase(0, Description = "while the pipeline is being made")]
    [TestCase(5, Description = "while the engine sends: its publications and the pipeline's")]
    public void ShouldLeaveNothingBehindWhenInterrupted(int publications)
    {
        using var xp = XpProcess.Start(
            "demo", "--seconds", "600", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--quiet", "--aeron-dir", AeronDirectory);
        Assert.That(SpinWait.SpinUntil(HasCome, Timeout), Is.True, "the demo did not come so far");

        xp.Interrupt();

        Assert.That(xp.End(), Is.EqualTo(130), xp.Error + xp.Output);
        Assert.That(Directory.Exists(AeronDirectory), Is.False, "the driver's folder is gone");

        bool HasCome() => File.Exists(Path.Combine(AeronDirectory, "cnc.dat")) && LogBuffers() >= publications;
    }

    [Test]
    public void ShouldLeaveTheHotProcessorToItsThreadWhenThatIsPinned()
    {
        var allowed = ThreadAffinity.Allowed();
        if (allowed.Length < 2 || !OperatingSystem.IsLinux())
            Assert.Ignore("only Linux with two processors can keep one free");

        using var xp = XpProcess.Start(
            "demo", "--seconds", "600", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus",
            $"{allowed[1]},{allowed[0]}", "--topology", "inline", "--inference", "rules", "--quiet", "--aeron-dir",
            AeronDirectory);
        Assert.That(SpinWait.SpinUntil(() => LogBuffers() >= 5, Timeout), Is.True, "the engine did not connect");
        var threads = xp.ThreadsOn(allowed[1]);
        xp.Interrupt();

        Assert.That(xp.End(), Is.EqualTo(130), xp.Error + xp.Output);
        Assert.That(threads, Is.EqualTo(new[] { "ingress" }));
    }

    [TestCase(1)]
    [TestCase(3, Description = "as from a tool that signals the process and the group")]
    public void ShouldStillReportWhatTheEngineSaidWhenATerminalInterruptsBoth(int times)
    {
        var json = Path.Combine(_folder, "figures.json");
        using var xp = XpProcess.Start(
            "demo", "--seconds", "600", "--rate", "1000", "--warmup", "0", "--wait", "block", "--cpus", "none",
            "--inference", "rules", "--quiet", "--aeron-dir", AeronDirectory, "--json", json);
        Assert.That(SpinWait.SpinUntil(() => LogBuffers() >= 5, Timeout), Is.True, "the engine did not connect");

        xp.InterruptGroup(times);

        Assert.That(xp.End(), Is.EqualTo(130), xp.Error + xp.Output);
        Assert.That(xp.Error, Is.Empty);
        Assert.That(Directory.Exists(AeronDirectory), Is.False, "the driver's folder is gone");
        using var figures = JsonDocument.Parse(File.ReadAllText(json));
        Assert.That(
            figures.RootElement.GetProperty("sender").GetProperty("ending").GetString(), Is.EqualTo("interrupted"));
    }

    [TestCase("demo", "--driver")]
    [TestCase("engine", "--aeron-dir")]
    public void ShouldSayAtOnceThatThereIsNoDriverInAFolder(string command, string option)
    {
        using var xp = XpProcess.Start(command, option, _folder);

        Assert.That(xp.End(), Is.EqualTo(2));
        Assert.That(
            xp.Error.Trim(), Is.EqualTo($"xp {command}: no media driver in {_folder}: name it with {option}"));
    }

    [Test]
    public void ShouldEndWithTwoWhenTheCommandLineIsWrong()
    {
        using var xp = XpProcess.Start("demo", "--rate", "0");

        Assert.That(xp.End(), Is.EqualTo(2));
        Assert.That(xp.Error, Does.StartWith("xp demo: --rate: 0 must be over 0"));
        Assert.That(xp.Output, Is.Empty);
    }

    [Test]
    public void ShouldEndWithTwoWhenTheModelsAreDamaged()
    {
        File.WriteAllText(Path.Combine(_folder, "manifest.json"), "{}");
        using var xp = XpProcess.Start("models", "verify", "--models", _folder);

        Assert.That(xp.End(), Is.EqualTo(2));
        Assert.That(xp.Error.Trim(), Does.Contain("manifest.json").And.Not.Contain('\n'));
    }

    [Test]
    public void ShouldFindTheShippedModelsAsTheirManifestSays()
    {
        using var xp = XpProcess.Start("models", "verify");

        Assert.That(xp.End(), Is.Zero, xp.Error);
        Assert.That(xp.Output, Does.Contain("are as their manifest says"));
    }

    [Test]
    public void ShouldGiveTheSameBytesWhenAJournalIsReplayedInEachTopology()
    {
        var journal = Path.Combine(_folder, "journal");
        using var demo = XpProcess.Start(
            "demo", "--events", "1000", "--rate", "2000", "--warmup", "100", "--wait", "block", "--cpus", "none",
            "--aeron-dir", AeronDirectory, "--journal", journal);
        Assert.That(demo.End(), Is.Zero, demo.Error + demo.Output);

        string[] replayed = ["replay", "--journal", journal, "--verify"];
        var first = Path.Combine(_folder, "inline");
        using var inline = XpProcess.Start([.. replayed, "--topology", "inline", "--output", first]);
        Assert.That(inline.End(), Is.Zero, inline.Error);
        Assert.That(new FileInfo(first).Length, Is.GreaterThan(100_000));
        foreach (var topology in (string[])["fused", "pipelined"])
        {
            using var other = XpProcess.Start([.. replayed, "--topology", topology, "--compare", first]);
            Assert.That(other.End(), Is.Zero, other.Error + other.Output);
            Assert.That(other.Output, Does.Contain("equal to"));
        }

        using var check = XpProcess.Start("journal", "check", "--journal", journal);
        Assert.That(check.End(), Is.Zero, check.Output);
        using var story = XpProcess.Start("journal", "show", "--journal", journal, "--signal", "500");
        Assert.That(story.End(), Is.Zero, story.Error + story.Output);
        Assert.That(story.Output, Does.Contain("was decided by"));

        // Many events go, for the last ones may be timers, of which nothing is sent out.
        using (var torn = new FileStream(JournalFiles.PathOf(journal, 0), FileMode.Open))
            torn.SetLength(torn.Length / 2 / 8 * 8 + 12);
        using var cutOff = XpProcess.Start([.. replayed, "--compare", first]);
        Assert.That(cutOff.End(), Is.EqualTo(1), "events are missing");
        Assert.That(cutOff.Output, Does.Contain("was cut off"));

        using var rules = XpProcess.Start([.. replayed, "--inference", "rules", "--compare", first]);
        Assert.That(rules.End(), Is.EqualTo(1), "another policy gives other bytes");
        Assert.That(rules.Output, Does.Contain("differs from"));
    }

    private int LogBuffers() => XpProcess.LogsIn(AeronDirectory);
}
