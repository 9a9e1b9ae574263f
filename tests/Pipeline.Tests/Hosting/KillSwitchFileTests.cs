using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>The kill switch over a restart.</summary>
[TestFixture]
public class KillSwitchFileTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xp-kill-").FullName;

    private string PathOfState => Path.Combine(_folder, "kill-switch.json");

    [TearDown]
    public void RemoveState() => File.Delete(PathOfState);

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldStayLatchedUntilReleasedWhenStartedAnew()
    {
        Assert.That(new KillSwitchFile(PathOfState).StartNote, Is.Null, "there is no file yet");
        var e = Command(CommandKind.Kill, reason: 7);
        new KillSwitchFile(PathOfState).OnEvent(ref e);
        Assert.That(new KillSwitchFile(PathOfState).StartNote, Does.Contain("latched"));
        Assert.That(File.ReadAllText(PathOfState), Does.Contain("\"reason\":7").And.Contain("\"cause\":\"Command\""));

        e = Command(CommandKind.Kill, CommandReason.Restart);
        new KillSwitchFile(PathOfState).OnEvent(ref e);
        Assert.That(File.ReadAllText(PathOfState), Does.Contain("\"reason\":7"), "the first reason is kept");

        e = Command(CommandKind.Resume, reason: 8);
        new KillSwitchFile(PathOfState).OnEvent(ref e);
        Assert.That(new KillSwitchFile(PathOfState).StartNote, Is.Null);
        Assert.That(File.ReadAllText(PathOfState), Does.Contain("\"reason\":8"));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("{\"latched\":")]
    [TestCase("{\"latched\":\"no\"}")]
    public void ShouldCountAsLatchedWhenTheFileCannotBeUnderstood(string content)
    {
        File.WriteAllText(PathOfState, content);
        Assert.That(new KillSwitchFile(PathOfState).StartNote, Does.Contain("latched"));
    }

    [Test]
    public void ShouldSayAtTheStartWhyItIsLatched()
    {
        var e = Command(CommandKind.Kill, reason: 7);
        e.Header.TimeNs = 1_700_000_000_000_000_000;
        new KillSwitchFile(PathOfState).OnEvent(ref e);
        Assert.That(
            new KillSwitchFile(PathOfState).StartNote,
            Is.EqualTo(
                $"the kill switch is latched: {PathOfState} says Command, reason 7, since 2023-11-14 22:13:20Z"));

        File.WriteAllText(PathOfState, "{");
        Assert.That(new KillSwitchFile(PathOfState).StartNote, Does.Contain("cannot be read").And.Contain(PathOfState));
    }

    [Test]
    public void ShouldBeRefusedInWordsWhenItCannotBeWritten()
    {
        Assert.That(
            () => new KillSwitchFile(Path.Combine(_folder, "missing", "state.json")),
            Throws.ArgumentException.With.Message.Contains("create ").And.Message.Contains("missing"));
        Assert.That(
            () => new KillSwitchFile(_folder),
            Throws.ArgumentException.With.Message.Contains("is a folder"));
    }

    [Test]
    public void ShouldLeaveNothingBehindWhenItIsOpened()
    {
        _ = new KillSwitchFile(PathOfState);
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    [Test]
    public void ShouldWriteNothingWhenTheSwitchDidNotMove()
    {
        var e = Command(CommandKind.Kill, reason: 1);
        e.Verdict.Changes = RiskChanges.Breaker | RiskChanges.Regime;
        new KillSwitchFile(PathOfState).OnEvent(ref e);
        Assert.That(PathOfState, Does.Not.Exist);
    }

    private static PipelineEvent Command(CommandKind kind, int reason)
    {
        PipelineEvent e = default;
        e.Header.Kind = EventKind.Command;
        e.Payload.Command = new Command { Kind = kind, Reason = reason };
        var isKill = kind == CommandKind.Kill;
        e.Verdict.Changes = isKill ? RiskChanges.Tripped : RiskChanges.Released;
        e.Verdict.KillSwitch = isKill ? (byte)1 : (byte)0;
        e.Verdict.KillCause = isKill ? KillCause.Command : KillCause.None;
        return e;
    }
}
