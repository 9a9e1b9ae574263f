using System.Text.Json;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>No run takes away what another one wrote.</summary>
[Parallelizable]
public sealed class KeptFilesTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);
    private string _folder = "";

    private string Report => Path.Combine(_folder, "report");

    private string Figures => Path.Combine(_folder, "figures.json");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-kept-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldKeepTheGoodReportWhenARunIsInterruptedInItsWarmUp()
    {
        using (var whole = Start("aeron", "--events", "200"))
            Assert.That(whole.End(), Is.Zero, whole.Error);
        var page = File.ReadAllText(Path.Combine(Report, "report.html"));
        var json = File.ReadAllText(Figures);
        using (var refused = Start("aeron", "--events", "200"))
        {
            Assert.That(refused.End(), Is.EqualTo(2));
            Assert.That(refused.Error, Does.Contain($"'{Report}' holds a report already").And.Contain("--force"));
        }

        using var interrupted = Start("aeron", "--seconds", "600", "--warmup", "1000000", "--force");
        Assert.That(SpinWait.SpinUntil(() => LogBuffers("aeron") >= 5, Timeout), Is.True, "it did not come so far");
        interrupted.Interrupt();

        Assert.That(interrupted.End(), Is.EqualTo(130), interrupted.Error);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(File.ReadAllText(Path.Combine(Report, "report.html")), Is.EqualTo(page));
            Assert.That(File.ReadAllText(Figures), Is.EqualTo(json));
            Assert.That(File.Exists(Path.Combine(_folder, "report-2", "report.html")), Is.True);
            Assert.That(File.Exists(Path.Combine(_folder, "figures-2.json")), Is.True);
            Assert.That(interrupted.Output, Does.Contain("is kept: this run went to"));
            Assert.That(interrupted.Output, Does.Not.Match("(?m)^yes "), "nothing was measured, so nothing held");
        }

        using var forced = Start("aeron", "--events", "200", "--force");
        Assert.That(forced.End(), Is.Zero, forced.Error);
        Assert.That(File.ReadAllText(Path.Combine(Report, "report.html")), Is.Not.EqualTo(page));
    }

    [Test]
    public void ShouldWriteTwoWholeReportsWhenTwoRunsNameOneFolder()
    {
        using var first = Start("first", "--events", "1500");
        using var second = Start("second", "--events", "1600");

        Assert.That(first.End(), Is.Zero, first.Error);
        Assert.That(second.End(), Is.Zero, second.Error);
        long[] events =
        [
            .. ((string[])[Report, Report + "-2"]).Select(folder =>
            {
                using var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "report.json")));
                Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(4));
                return report.RootElement.GetProperty("events_sent").GetInt64();
            }),
        ];
        Assert.That(events, Is.EquivalentTo(new[] { 1500L, 1600L }));
        Assert.That(Directory.GetFileSystemEntries(_folder, "*.part"), Is.Empty);
    }

    [TestCase("demo --journal FOLDER/journal")]
    [TestCase("replay --journal FOLDER --output FILE2")]
    [TestCase("hist csv FILE --output FILE2")]
    [TestCase("hist merge FILE --output FILE2")]
    [TestCase("hist compare FILE FILE --report FILE2")]
    [TestCase("hist report FILE --output FILE2")]
    [TestCase("models fit --output FOLDER")]
    public void ShouldRefuseToWriteOverAFileUnlessForced(string line)
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "before");
        File.WriteAllText(file + "2", "before");
        File.WriteAllText(Path.Combine(_folder, "manifest.json"), "before");
        Directory.CreateDirectory(Path.Combine(_folder, "journal"));
        File.WriteAllText(Path.Combine(_folder, "journal", "000000000000.journal"), "before");

        var xp = CommandLine.Xp.Run(
            [.. line.Split(' ').Select(word => word.Replace("FILE", file).Replace("FOLDER", _folder))]);

        Assert.That(xp.ExitCode, Is.EqualTo(2));
        Assert.That(xp.Error, Does.Contain("is there already: name another, or write over it with --force"));
        Assert.That(xp.Options, Is.Null, "nothing ran");
        var forced = CommandLine.Xp.Run(
            [.. line.Split(' ').Select(word => word.Replace("FILE", file).Replace("FOLDER", _folder)), "--force"]);
        Assert.That(forced.HasRun, Is.True, forced.Error);
    }

    [Test]
    public void ShouldRemoveStatesAndConfigurationOfAJournalThatIsWrittenOver()
    {
        string[] gone =
        [
            "000000000000.journal", "configuration.json", "snapshots/snapshot-00000000000000000012.state",
            "snapshots/snapshot-00000000000000000007.state.unusable",
        ];
        Directory.CreateDirectory(Path.Combine(_folder, "snapshots"));
        foreach (var name in gone.Append("notes.txt"))
            File.WriteAllText(Path.Combine(_folder, name), "before");

        using (var replaced = ReplacedJournal.SetAside(isForced: true, _folder))
            replaced!.Remove();

        Assert.That(gone.Where(name => File.Exists(Path.Combine(_folder, name))), Is.Empty);
        Assert.That(File.Exists(Path.Combine(_folder, "notes.txt")), Is.True, "it is none of the journal's");
        Assert.That(Directory.GetDirectories(_folder).Select(Path.GetFileName), Is.EqualTo(["snapshots"]));
    }

    [Test]
    public void ShouldPutBackAJournalInThePlaceOfWhatWasBegunWhenTheRunComesToNothing()
    {
        File.WriteAllText(Path.Combine(_folder, "000000000000.journal"), "before");
        using (ReplacedJournal.SetAside(isForced: true, _folder))
        {
            File.WriteAllText(Path.Combine(_folder, "000000000000.journal"), "begun");
            File.WriteAllText(Path.Combine(_folder, "configuration.json"), "begun");
        }

        Assert.That(File.ReadAllText(Path.Combine(_folder, "000000000000.journal")), Is.EqualTo("before"));
        Assert.That(File.Exists(Path.Combine(_folder, "configuration.json")), Is.False);
        Assert.That(ReplacedJournal.SetAside(isForced: false, _folder), Is.Null, "nobody asks for it");
    }

    /// <summary>Nothing else would ever say that it is there: it takes its room for ever.</summary>
    [Test]
    public void ShouldNameAJournalThatAnEarlierRunSetAsideAndDidNotPutBack([Values] bool isForced)
    {
        var aside = Path.Combine(_folder, "replaced-1");
        Directory.CreateDirectory(aside);
        File.WriteAllText(Path.Combine(aside, "000000000000.journal"), "before");
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        string[] line =
        [
            "demo", "--events", "10", "--models", Path.Combine(_folder, "empty"), "--inference", "compiled", "--quiet",
            "--journal", _folder,
        ];

        using var xp = XpProcess.Start(isForced ? [.. line, "--force"] : line);

        Assert.That(xp.End(), Is.EqualTo(2), xp.Output + xp.Error);
        Assert.That(xp.Error, Does.Contain($"{aside} holds a journal that was to be written over"));
        Assert.That(File.Exists(Path.Combine(aside, "000000000000.journal")), "it is for whoever reads this");
    }

    /// <summary>2 says that nothing was begun.</summary>
    [TestCase("demo --events 10 --models FOLDER/empty --inference compiled")]
    [TestCase("demo --events 10 --inference rules --channel aeron:udp?endpoint=no.such.host.invalid:4321")]
    [TestCase("demo --events 10 --inference rules --aeron-dir FOLDER/driver")]
    [TestCase("demo --events 10 --inference rules --config FOLDER/misfit.yaml")]
    [TestCase("backtest --minutes 1 --signals 1 --models FOLDER/empty --inference compiled")]
    [TestCase("backtest --minutes 1 --signals 1 --inference rules --config FOLDER/misfit.yaml")]
    public void ShouldKeepTheJournalThatIsToBeWrittenOverWhenNothingCanBeBegun(string line)
    {
        const string misfit =
            "instruments: [{ id: 1, symbol: ES }]\ncorrelations: [{ first: 1, second: 2, correlation: 0.5 }]\n";
        string[] kept = ["000000000000.journal", "configuration.json", "snapshots/snapshot-00000000000000000012.state"];
        var journal = Path.Combine(_folder, "journal");
        Directory.CreateDirectory(Path.Combine(journal, "snapshots"));
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        foreach (var name in kept)
            File.WriteAllText(Path.Combine(journal, name), $"before: {name}");
        File.WriteAllText(Path.Combine(_folder, "misfit.yaml"), misfit);
        using var driver = MediaDriver.Launch(
            new MediaDriver.Context().AeronDirectoryName(Path.Combine(_folder, "driver")));

        using var xp = XpProcess.Start(
        [
            .. line.Split(' ').Select(word => word.Replace("FOLDER", _folder)), "--quiet", "--force", "--journal",
            journal,
        ]);

        Assert.That(xp.End(), Is.EqualTo(2), xp.Output + xp.Error);
        Assert.That(xp.Error, Does.Not.Contain("defect"));
        foreach (var name in kept)
            Assert.That(File.ReadAllText(Path.Combine(journal, name)), Is.EqualTo($"before: {name}"));
        Assert.That(
            Directory.GetFiles(journal, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(journal, path)).Except([JournalLock.FileName]),
            Is.EquivalentTo(kept), "nothing is left of the run that came to nothing");
        Assert.That(Directory.GetDirectories(journal), Has.Length.EqualTo(1));
    }

    [Test]
    public void ShouldFitModelsToAFolderOfTheirOwnUnlessToldOtherwise()
    {
        var options = (Cli.Models.ModelsFitOptions)CommandLine.Xp.Run("models", "fit").Options!;

        Assert.That(Path.GetFileName(options.OutputDirectory), Is.EqualTo("models-fitted"));
    }

    private XpProcess Start(string aeron, params string[] arguments) => XpProcess.Start(
    [
        "demo", "--rate", "1000", "--wait", "block", "--cpus", "none", "--inference", "rules", "--quiet",
        "--aeron-dir", Path.Combine(_folder, aeron), "--report", Report, "--json", Figures,
        .. arguments.Contains("--warmup") ? arguments : [.. arguments, "--warmup", "0"],
    ]);

    private int LogBuffers(string aeron) => XpProcess.LogsIn(Path.Combine(_folder, aeron));
}
