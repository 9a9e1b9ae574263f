using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Daemon.Tests;

/// <summary>What a daemon does when its configuration is read again.</summary>
[NonParallelizable]
public sealed class ReloadTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xpd-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldChangeWhatCanBeChangedAndNameTheRestWhenReloaded()
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small());
        daemon.AwaitEvent("ready");

        Reload(daemon, """
            "log": { "level": "debug" },
            "limits": { "max_position": 7, "max_notional": 123456.78, "var_confidence": 0.95 },
            """);

        daemon.AwaitText("log.level \"info\" to \"debug\" is in force");
        daemon.AwaitText("limits.max_position 10 to 7 is in force");
        daemon.AwaitText("limits.max_notional 500000 to 123456.78 is in force");
        daemon.AwaitText("limits.var_confidence 0.99 to 0.95 needs a restart: it is left as it was");
        daemon.AwaitEvent("figures");
        daemon.Send("TERM");
        Assert.That(daemon.End(), Is.Zero, daemon.Error);
    }

    [TestCase("\"limits\": { \"max_position\": -1 },", "limits.max_position is -1")]
    [TestCase("\"limits\": { \"max_position\": 5000 },", "instrument ES is laid out for max_position 1000")]
    [TestCase("\"limits\": { \"min_order_size\": 9 },", "min_order_size")]
    [TestCase("\"account\": { \"currency\": \"\\ud800\" },", "half of a surrogate pair")]
    public void ShouldChangeNothingWhenTheNewConfigurationIsBad(string more, string named)
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small());
        daemon.AwaitEvent("ready");

        Reload(daemon, $"\"log\": {{ \"level\": \"error\" }}, {more}");

        daemon.AwaitText("refused, nothing is changed");
        daemon.Send("TERM");
        Assert.That(daemon.End(), Is.Zero, daemon.Error);
        Assert.That(daemon.Lines, Has.Some.Contains("refused").And.Contain(named));
        Assert.That(daemon.Lines, Has.None.Contains("is in force"));
        Assert.That(daemon.Lines[^1], Does.Contain(" end "), "the log's level is as it was");
    }

    [Test]
    public void ShouldSayThatNothingDiffersWhenTheFileIsTheSame()
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small());
        daemon.AwaitEvent("ready");

        daemon.Send("HUP");

        daemon.AwaitText("nothing differs from what is in force");
        daemon.Send("TERM");
        Assert.That(daemon.End(), Is.Zero, daemon.Error);
    }

    [TestCase(true, false, "is in force")]
    [TestCase(true, true, "is in force")]
    [TestCase(false, true, "is not in force: trading has ended")]
    [TestCase(false, false, "waits for the ring")]
    public void ShouldSayThatALimitIsInForceOnlyWhenItIs(bool isInForce, bool hasEnded, string expected)
    {
        var (level, outcome) = DaemonReload.Await(() => isInForce, () => hasEnded, TimeSpan.FromMilliseconds(1));

        Assert.That(outcome, Is.EqualTo(expected));
        Assert.That(level, Is.EqualTo(isInForce ? LogLevel.Info : LogLevel.Warning));
    }

    [Test]
    public void ShouldReloadAfterItIsReadyWhenItIsAskedDuringTheStart()
    {
        using var daemon = DaemonProcess.Start(_folder, Configurations.Small());
        daemon.AwaitEvent("start");

        daemon.Send("HUP");

        daemon.AwaitText("nothing differs from what is in force");
        daemon.Send("TERM");
        Assert.That(daemon.End(), Is.Zero, daemon.Error);
        var events = daemon.Lines.ToList();
        Assert.That(
            events.FindIndex(static line => line.Contains("the ring runs", StringComparison.Ordinal)),
            Is.Not.Negative.And.LessThan(events.FindIndex(static line =>
                line.Contains("nothing differs", StringComparison.Ordinal))));
    }

    private void Reload(DaemonProcess daemon, string more)
    {
        File.WriteAllText(Path.Combine(_folder, "xp.json"), Configurations.Small(more));
        daemon.Send("HUP");
    }
}
