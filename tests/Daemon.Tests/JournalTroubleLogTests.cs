using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Daemon.Tests;

/// <summary>What the daemon's log says of the journal.</summary>
public sealed class JournalTroubleLogTests
{
    private StringWriter _output = null!;
    private JournalTroubleLog _log = null!;

    private string[] Lines => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [SetUp]
    public void Open()
    {
        _output = new StringWriter { NewLine = "\n" };
        _log = new JournalTroubleLog(new DaemonLog(_output, isJson: false));
    }

    [TearDown]
    public void Close() => _output.Dispose();

    [Test]
    public void ShouldTellOnceWhenTroubleBeginsAndOnceWhenItHasBeenOverForAWhile()
    {
        _log.Look(JournalTrouble.None, "", 0);
        _log.Look(JournalTrouble.NoRoom, "No space left on device", 100);
        _log.Look(JournalTrouble.NoRoom, "No space left on device", 200);
        Assert.That(
            Lines.Single(), Does.Contain("warning journal ").And.Contains("adds risk").And.EndsWith("left on device"));

        _log.Look(JournalTrouble.None, "No space left on device", 300);
        _log.Look(JournalTrouble.None, "No space left on device", 1_299);
        Assert.That(Lines, Has.Length.EqualTo(1));
        _log.Look(JournalTrouble.None, "No space left on device", 1_300);
        _log.Look(JournalTrouble.None, "No space left on device", 9_000);
        Assert.That(Lines, Has.Length.EqualTo(2));
        Assert.That(Lines[1], Does.Contain("journal ").And.EndsWith("it is whole again"));
    }

    [Test]
    public void ShouldTellNothingMoreWhenTheSameTroubleReturnsAtOnce()
    {
        _log.Look(JournalTrouble.Slow, "a sync took 2000 ms", 0);
        _log.Look(JournalTrouble.None, "a sync took 2000 ms", 100);
        _log.Look(JournalTrouble.Slow, "a sync took 2000 ms", 900);
        _log.Look(JournalTrouble.None, "a sync took 2000 ms", 1_100);
        Assert.That(Lines, Has.Length.EqualTo(1), "the time without trouble begins anew");
        _log.Look(JournalTrouble.None, "a sync took 2000 ms", 2_100);
        Assert.That(Lines, Has.Length.EqualTo(2));
    }

    [Test]
    public void ShouldTellOfTheWorseTroubleWhenOneBecomesAnother()
    {
        _log.Look(JournalTrouble.Slow, "a sync took 2000 ms", 0);
        _log.Look(JournalTrouble.DiskFailed, "Input/output error", 100);
        Assert.That(Lines, Has.Length.EqualTo(2));
        Assert.That(Lines[1], Does.EndWith("until a restart: the disk has failed: Input/output error"));
    }

    /// <summary>No restart is needed where only the archive fails.</summary>
    [Test]
    public void ShouldTellOfTheArchiveAloneUntilTheJournalFailsWhenBothDo()
    {
        _log.Look(JournalTrouble.DiskFailed, "No space left on device", 0, isArchive: true);
        _log.Look(JournalTrouble.DiskFailed, "No space left on device", 100, isArchive: true);
        Assert.That(Lines, Has.Length.EqualTo(1));
        Assert.That(Lines[0], Does.Contain("old segments can be neither archived nor removed: No space left"));
        Assert.That(Lines[0], Does.Not.Contain("restart"));
        _log.Look(JournalTrouble.DiskFailed, "Input/output error", 200);
        _log.Look(JournalTrouble.DiskFailed, "Input/output error", 300);
        Assert.That(Lines, Has.Length.EqualTo(2));
        Assert.That(Lines[1], Does.EndWith("until a restart: the disk has failed: Input/output error"));
    }
}
