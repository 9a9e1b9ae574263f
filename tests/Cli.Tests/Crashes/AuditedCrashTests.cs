using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Tests.Demo;

namespace ExecutionPipeline.Cli.Tests.Crashes;

/// <summary>
/// An audit follows the journal while the pipeline is killed and goes on, and is killed itself. In the end its records
/// are those of an audit that has seen the whole journal at once.
/// </summary>
[Parallelizable]
public sealed class AuditedCrashTests
{
    private const int Rounds = 6;
    private const int MostEvents = 400;

    private string _folder = "";
    private string _config = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("xp-audited-").FullName;
        _config = Path.Combine(_folder, "audited.json");
        File.WriteAllText(_config, CrashRig.Configuration);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldHaveEachRecordOnceWhenPipelineAndAuditAreKilledInTurn()
    {
        var random = TestSeed.NewRandom();
        var store = Path.Combine(_folder, "audit.db");
        using var rig = new CrashRig(_folder);
        rig.AwaitEvents(MostEvents);
        var audit = Follow(rig.PipelineJournal, store);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                rig.AwaitEvents(random.Next(1, MostEvents));
                Assert.That(audit.HasEnded, Is.False, () => $"by itself: {audit.Output}{audit.Error}");
                if (random.Next(2) == 0)
                {
                    audit.Kill();
                    audit.Dispose();
                    audit = Follow(rig.PipelineJournal, store);
                }
                else
                {
                    rig.Crash(Role.Pipeline);
                }
            }

            rig.AwaitEvents(2 * MostEvents);
            rig.End();
            Assert.That(audit.HasEnded, Is.False, () => $"by itself: {audit.Output}{audit.Error}");
            audit.Kill();
        }
        finally
        {
            audit.Dispose();
        }

        AssertWhole(rig.PipelineJournal, store);
    }

    private void AssertWhole(string journal, string store)
    {
        var whole = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "whole")).FullName, "audit.db");
        foreach (var one in new[] { store, whole })
        {
            Xp("audit", "run", "--journal", journal, "--store", one, "--config", _config, "--inference", "rules");
            Xp("audit", "verify", "--store", one);
            Xp("audit", "export", "--store", one, "--format", "json", "--output", $"{one}.json");
        }

        var (records, expected) = (File.ReadAllText($"{store}.json"), File.ReadAllText($"{whole}.json"));
        Assert.That(expected, Has.Length.GreaterThan(100_000));
        Assert.That(records, Is.EqualTo(expected), "an audit of the whole journal has other records");
    }

    private XpProcess Follow(string journal, string store) => XpProcess.Start(
        "audit", "run", "--follow", "--journal", journal, "--store", store, "--config", _config,
        "--inference", "rules");

    private static void Xp(params string[] arguments)
    {
        using var xp = XpProcess.Start(arguments);
        Assert.That(xp.End(), Is.EqualTo(ExitCode.Done), () => $"{xp.Error}{xp.Output}");
    }
}
