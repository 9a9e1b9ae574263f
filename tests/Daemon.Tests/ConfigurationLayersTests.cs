namespace ExecutionPipeline.Daemon.Tests;

/// <summary>What a daemon makes of its configuration's layers, and what it says of limits at its start.</summary>
[NonParallelizable]
public sealed class ConfigurationLayersTests
{
    private const string Yaml = """
        ring: { topology: inline, wait: block, processors: [] }
        instruments: [{ id: 1, symbol: ES, reference_price: 4150.25 }]
        limits:

        """;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xpd-layers-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldKeepWhatVariablesAndOptionsSayWhenTheFileIsReadAgain()
    {
        Dictionary<string, string> variables = new()
        {
            ["XP__LOG__FORMAT"] = "json",
            ["XP__LIMITS__MAX_OPEN_POSITIONS"] = "2",
        };
        using var daemon = DaemonProcess.Start(
            _folder, "xp.yaml", $"{Yaml}  max_position: 7\n", variables, "--set", "limits.max_order_size=3");
        daemon.AwaitEvent("ready");

        File.WriteAllText(
            Path.Combine(_folder, "xp.yaml"),
            $"{Yaml}  max_position: 6\n  max_order_size: 4\n  max_open_positions: 5\n");
        daemon.Send("HUP");

        daemon.AwaitText("limits.max_position 7 to 6 is in force");
        daemon.Send("TERM");
        Assert.That(daemon.End(), Is.Zero, daemon.Error);
        Assert.That(daemon.Lines, Has.All.StartsWith("{"), "each line is JSON");
        Assert.That(daemon.Lines, Has.None.Contains("max_order_size").And.None.Contains("max_open_positions "));
    }

    [Test]
    public void ShouldNameTheLimitsAtTheStartWhenTheyRefuseEveryOrder()
    {
        using var daemon = DaemonProcess.Start(
            _folder, "xp.yaml", $"{Yaml}  max_position: 7\n", new Dictionary<string, string>());
        daemon.AwaitEvent("ready");
        daemon.Send("TERM");

        Assert.That(daemon.End(), Is.Zero, daemon.Error);
        Assert.That(
            daemon.Lines,
            Has.Some.Contains("warning").And.Contains("every order in ES will be refused: one contract at 4150.25")
                .And.Contains("limits.max_daily_var 7,241 (it is 5,000)"));
    }

    [Test]
    public void ShouldEndWith2AndNameTheVariableWhenItSetsNoKey()
    {
        using var daemon = DaemonProcess.Start(
            _folder, "xp.yaml", $"{Yaml}  max_position: 7\n",
            new Dictionary<string, string> { ["XP__LIMITS__MAX_POSITON"] = "1" });

        Assert.That(daemon.End(), Is.EqualTo(DaemonExit.Unusable));
        Assert.That(daemon.Error.Trim(), Is.EqualTo(
            "XP__LIMITS__MAX_POSITON: there is no key limits.max_positon; did you mean 'max_position'?"));
    }
}
