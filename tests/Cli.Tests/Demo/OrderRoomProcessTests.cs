namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>That limits which refuse every order are said before a run, not found out after it.</summary>
[Parallelizable]
public sealed class OrderRoomProcessTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-room-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldSayThatTheLimitsRefuseEveryOrderBeforeADemoAndItsReplay()
    {
        var config = Path.Combine(_folder, "narrow.json");
        var input = Path.Combine(_folder, "journal");
        File.WriteAllText(config, """{ "limits": { "max_notional": 100000 } }""");

        using var demo = XpProcess.Start(
            "demo", "--events", "100", "--warmup", "0", "--rate", "1000", "--wait", "block", "--cpus", "none",
            "--inference", "rules", "--quiet", "--config", config, "--journal", input);
        Assert.That(demo.End(), Is.Zero, demo.Error);
        using var replay = XpProcess.Start("replay", "--journal", input, "--inference", "rules", "--config", config);
        Assert.That(replay.End(), Is.Zero, replay.Error);

        foreach (var output in (string[])[demo.Output, replay.Output])
        {
            var text = string.Join(' ', output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
            Assert.That(text, Does.StartWith("every order in ES will be refused: one contract at "));
            Assert.That(text, Does.Match(@"needs limits\.max_notional 2\d\d,\d{3} \(it is 100,000\)"));
        }
    }
}
