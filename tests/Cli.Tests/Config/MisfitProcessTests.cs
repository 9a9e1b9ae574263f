using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Tests.Demo;
using ExecutionPipeline.Cli.Tests.Replay;

namespace ExecutionPipeline.Cli.Tests.Config;

/// <summary>
/// Configurations of which each key can be used, and all of them together cannot: no command takes that for a defect
/// of its own.
/// </summary>
[Parallelizable]
public sealed class MisfitProcessTests
{
    private const string Twice = "instruments: [{ id: 1, symbol: ES }, { id: 1, symbol: NQ }]\n";

    private const string OtherCalendar = "instruments: [{ id: 1, symbol: ES, calendar: lunar }]\n";

    private const string Unknown =
        "instruments: [{ id: 1, symbol: ES }]\ncorrelations: [{ first: 1, second: 2, correlation: 0.5 }]\n";

    private const string TooFine = "instruments: [{ id: 1, symbol: ES, tick_size: 0.0001, max_price: 100000 }]\n";

    private const string TooLarge =
        "limits: { max_position: 9 }\ninstruments: [{ id: 1, symbol: ES, max_position: 5 }]\n";

    private const string NoVolume = "instruments: [{ id: 1, symbol: ES, volume_profile: [0, 0] }]\n";

    private const string Backtest = "backtest --minutes 1 --signals 1 --quiet";
    private const string Demo = "demo --events 10 --quiet";
    private const string FollowAudit = "audit run --follow --journal FOLDER --store FOLDER/audit.db";
    private const string FollowSnapshots = "journal snapshot --follow --journal FOLDER";
    private const string Sweep = "backtest sweep --minutes 1 --signals 1 --seeds 1";
    private const string Venue = "venue --aeron-dir FOLDER/driver --generate";
    private const string WhatIf = "replay --journal FOLDER/journal --what-if";

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-misfit-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(Demo, Twice, "1")]
    [TestCase(Demo, OtherCalendar, "lunar")]
    [TestCase(Demo, Unknown, "2")]
    [TestCase(Backtest, Twice, "1")]
    [TestCase(Backtest, OtherCalendar, "lunar")]
    [TestCase(Backtest, Unknown, "2")]
    [TestCase(Sweep, OtherCalendar, "lunar")]
    [TestCase(Sweep, Unknown, "2")]
    [TestCase(Sweep, TooLarge, "max_position 5")]
    [TestCase(Sweep, NoVolume, "volume_profile")]
    [TestCase(Venue, Twice, "1")]
    [TestCase(Venue, OtherCalendar, "lunar")]
    [TestCase(Venue, TooFine, "a book has 16,777,215 at most")]
    [TestCase(FollowAudit, OtherCalendar, "lunar")]
    [TestCase(FollowSnapshots, Unknown, "2")]
    [TestCase(WhatIf, OtherCalendar, "lunar")]
    [TestCase(WhatIf, Unknown, "2")]
    [TestCase(WhatIf, TooLarge, "max_position 5")]
    [TestCase(WhatIf, NoVolume, "volume_profile")]
    public void ShouldSayInOneLineWhatDoesNotGoTogether(string line, string yaml, string said)
    {
        var file = Path.Combine(_folder, "misfit.yaml");
        File.WriteAllText(file, yaml);
        if (line == WhatIf)
            BacktestJournal.Write(Path.Combine(_folder, "journal"));
        using var driver = line == Venue
            ? MediaDriver.Launch(new MediaDriver.Context().AeronDirectoryName(Path.Combine(_folder, "driver")))
            : null;

        string[] policy = line == Venue ? [] : ["--inference", "rules"];
        using var xp = XpProcess.Start(
            [.. line.Split(' ').Select(word => word.Replace("FOLDER", _folder)), .. policy, "--config", file]);

        Assert.That(xp.End(), Is.EqualTo(ExitCode.Unusable), xp.Output + xp.Error);
        var lines = xp.Error.TrimEnd().Split('\n');
        Assert.That(lines[^1], Does.Contain(file).And.Contain(said));
        Assert.That(xp.Error, Does.Not.Contain("defect").And.Not.Contain("   at "));
    }
}
