using ExecutionPipeline.Control.Alerts;

namespace ExecutionPipeline.Control.Tests.Alerts;

/// <summary>What a file of alerts remembers over a restart.</summary>
public sealed class AlertFileTests
{
    private static readonly DateTime Start = new(2026, 11, 28, 10, 0, 0, DateTimeKind.Utc);

    private string _folder = null!;

    private string Path => System.IO.Path.Combine(_folder, "new", "alerts.jsonl");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-alerts-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldRememberWhatIsActiveAndWhoHasNotTakenItWhenOpenedAgain()
    {
        using (var file = AlertFile.TryOpen(Path)!)
        {
            file.Keep(new PendingNotice(NoticeOf(1, AlertOf(1)), ["webhook", "slack_critical"]));
            file.Keep(new PendingNotice(NoticeOf(2, AlertOf(2)), ["webhook"]));
            file.KeepTaken(2, "webhook");
            file.KeepTaken(1, "webhook");
            file.Keep(AlertOf(2) with { ResolvedAt = Start });
        }

        for (var i = 0; i < 2; i++)
        {
            // The second time it is read as it was written anew.
            using var again = AlertFile.TryOpen(Path)!;
            using (Assert.EnterMultipleScope())
            {
                Assert.That(again.Memory.Alerts.Select(static one => (one.Id, one.IsActive)),
                    Is.EqualTo(new[] { (1L, true), (2L, false) }));
                Assert.That(again.Memory.Pending.Single().Notice, Is.EqualTo(NoticeOf(1, AlertOf(1))));
                Assert.That(again.Memory.Pending.Single().Receivers, Is.EqualTo(new[] { "slack_critical" }));
                Assert.That((again.Memory.LastId, again.Memory.LastNotice), Is.EqualTo((2, 2)));
                Assert.That(again.Memory.BadLines, Is.Empty);
            }
        }
    }

    [Test]
    public void ShouldHaveTheNextAlertWhenTheDiskHadRoomForAPartOfTheOneBefore()
    {
        using var disk = new SmallDisk(1 << 20);
        var path = disk.PathOf("alerts.jsonl");
        using (var file = AlertFile.TryOpen(path)!)
        {
            file.Keep(AlertOf(1));
            disk.FillUpTo(left: 4_096);
            var large = AlertOf(2) with { Message = new string('x', 20_000) };
            Assert.That(() => file.Keep(large), Throws.InstanceOf<IOException>());
            disk.MakeRoom();
            file.Keep(AlertOf(3));
        }

        using var again = AlertFile.TryOpen(path)!;
        Assert.That(again.Memory.BadLines, Is.Empty);
        Assert.That(again.Memory.Alerts.Select(static alert => alert.Id), Is.EqualTo(new[] { 1L, 3L }));
    }

    [Test]
    public void ShouldRememberAndGoOnWhenItIsOpenedOnAFullDisk([Values] bool isTorn)
    {
        using var disk = new SmallDisk(1 << 20);
        var path = disk.PathOf("alerts.jsonl");
        using (var file = AlertFile.TryOpen(path)!)
            file.Keep(new PendingNotice(NoticeOf(7, AlertOf(3)), ["webhook"]));
        if (isTorn)
            File.AppendAllText(path, """{"alert":{"id":4,"ti""");
        disk.FillUpTo(left: 0);

        using (var full = AlertFile.TryOpen(path)!)
        {
            Assert.That(full.Problem, Is.InstanceOf<IOException>());
            Assert.That(AlertFile.TryOpen(path), Is.Null, "the lock is held");
            AssertRemembers(full.Memory);
            disk.MakeRoom();
            full.Keep(AlertOf(5));
            using (var copy = new StreamReader(new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)))
                Assert.That(copy.ReadToEnd(), Does.Contain("type_3").And.Contain("\n{\"alert\":{\"id\":5"));
            full.Rewrite(full.Memory with { Alerts = [AlertOf(3), AlertOf(5)] });
            Assert.That(full.Problem, Is.Null);
        }

        Assert.That(File.Exists(path + ".damaged"), Is.EqualTo(isTorn));
        using var again = AlertFile.TryOpen(path)!;
        AssertRemembers(again.Memory);
        Assert.That(again.Memory.Alerts.Select(static one => one.Id), Is.EqualTo(new[] { 3L, 5L }));
        Assert.That(again.Memory.BadLines, Is.Empty);
    }

    [Test]
    public void ShouldGoOnAndKeepTheFileWhenACrashHasTornALine()
    {
        using (var file = AlertFile.TryOpen(Path)!)
            file.Keep(AlertOf(1));
        File.AppendAllText(Path, """{"alert":{"id":2,"ti""");

        using var again = AlertFile.TryOpen(Path)!;

        Assert.That(again.Memory.BadLines, Is.EqualTo(new[] { 3 }));
        Assert.That(again.Memory.Alerts.Single().Id, Is.EqualTo(1));
        Assert.That(File.ReadAllText(Path + ".damaged"), Does.EndWith("\"ti"));
    }

    [Test]
    public void ShouldGoOnWithTheOldFileWhenItCannotBeWrittenAnew()
    {
        using (var file = AlertFile.TryOpen(Path)!)
        {
            file.Keep(AlertOf(1));
            // Nothing can be written where a folder stands in the way.
            Directory.CreateDirectory(Path + ".next");
            Assert.That(() => file.Rewrite(new AlertMemory()), Throws.InstanceOf<UnauthorizedAccessException>());
            file.Keep(AlertOf(2));

            Directory.Delete(Path + ".next");
            file.Rewrite(new AlertMemory { Alerts = [AlertOf(2)], LastId = 2 });
            file.Keep(AlertOf(3));
        }

        using var again = AlertFile.TryOpen(Path)!;
        Assert.That(again.Memory.Alerts.Select(static one => one.Id), Is.EqualTo(new[] { 2L, 3L }));
    }

    [Test]
    public void ShouldLetInOneAtATimeWhenTwoControlPlanesNameTheSameFile()
    {
        using (AlertFile.TryOpen(Path)!)
            Assert.That(AlertFile.TryOpen(Path), Is.Null);

        using var next = AlertFile.TryOpen(Path);
        Assert.That(next, Is.Not.Null);
    }

    private static void AssertRemembers(AlertMemory memory)
    {
        Assert.That(memory.Pending.Single().Notice, Is.EqualTo(NoticeOf(7, AlertOf(3))));
        Assert.That(memory.LastNotice, Is.EqualTo(7));
    }

    private static Alert AlertOf(long id) => new()
    {
        Id = id,
        Timestamp = Start,
        LastRaisedAt = Start,
        Type = $"type_{id}",
        Severity = AlertSeverity.Critical,
        Subject = "",
        Message = "a \"message\"\nof two lines",
        ToldAt = Start,
    };

    private static AlertNotice NoticeOf(long number, Alert alert) => new(number, Start, NoticeState.Firing, alert);
}
