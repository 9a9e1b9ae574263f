using System.Runtime.InteropServices;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>A snapshot that no start can go on from releases nothing of the journal, and is named where one is missing.
/// </summary>
[TestFixture]
public sealed class UnusableSnapshotTests
{
    private const long HourMs = 3_600_000;

    private readonly CrashedFolder _folders = new();

    [OneTimeTearDown]
    public void RemoveFolders() => _folders.Dispose();

    [Test]
    public void ShouldKeepTheJournalWhenItsOnlySnapshotCannotBeUsed([Values] bool isOfAnotherVersion)
    {
        var folder = _folders.New();
        Trade(folder, 4);
        var path = SnapshotIn(folder).Single();
        if (isOfAnotherVersion)
            GiveVersion(path, 3);
        else
            Damage(path);
        using var second = Start(folder);
        Assert.That(second.Host.Recovered!.SnapshotSequence, Is.Zero);
        TakeTurnLater(second);

        Assert.That(second.Host.Journal!.SegmentsRemoved, Is.Zero);
        Assert.That(JournalFiles.In(folder).Keys, Does.Contain(0));
        Assert.That(second.Host.Recovered.Notes, Has.One.Contains($"passed over: {path}: "));
        Assert.That(second.Host.Recovered.Notes, Has.One.Contains($" as {Path.GetFileName(path)}.unusable"));
        Assert.That(path + ".unusable", Does.Exist);
        using var third = Start(_folders.Copy(folder));
        Assert.That(third.Host.Recovered!.Events, Is.EqualTo(second.Host.Recovered.Events));
    }

    /// <summary>Should the newest be damaged, the journal behind the other one would be of no use.</summary>
    [Test]
    public void ShouldSayThatThereIsNoOtherSnapshotWhenTheOlderOneIsDamaged()
    {
        var folder = _folders.New();
        Trade(folder, 4);
        Trade(folder, 4, firstId: 50);
        var snapshots = SnapshotIn(folder);
        Assert.That(snapshots, Has.Length.EqualTo(2));
        Damage(snapshots[0]);
        using var third = Start(folder);

        Assert.That(third.Host.Recovered!.SnapshotSequence, Is.Not.Zero);
        Assert.That(third.Host.Recovered.Notes, Has.One.Contains($"passed over: {snapshots[0]}: "));
        Assert.That(SnapshotIn(folder), Is.EqualTo(snapshots[1..]));
    }

    /// <summary>Whoever writes snapshots beside the pipeline may be of another build.</summary>
    [Test]
    public void ShouldKeepTheJournalWhenASnapshotThatCannotBeUsedComesMeanwhile([Values] bool isOfAnotherVersion)
    {
        var folder = _folders.New();
        Trade(folder, 4);
        var path = SnapshotIn(folder).Single();
        var aside = path + ".aside";
        File.Move(path, aside);
        using var second = Start(folder);
        if (isOfAnotherVersion)
            GiveVersion(aside, 3);
        else
            Damage(aside);
        File.Move(aside, path);

        TakeTurnLater(second);
        Assert.That(second.Host.Journal!.SegmentsRemoved, Is.Zero);
        if (isOfAnotherVersion)
            GiveVersion(path, SnapshotHeader.CurrentVersion);
        else
            Damage(path);
        TakeTurnLater(second, hours: 4);
        Assert.That(second.Host.Journal!.SegmentsRemoved, Is.Positive, "this one can be used");
    }

    /// <summary>The replay has succeeded: only the name of what it did not need is another one than it should be.
    /// </summary>
    [Test]
    public void ShouldStartWithANoteWhenASnapshotThatCannotBeUsedCannotBeSetAside()
    {
        var folder = _folders.New();
        Trade(folder, 4);
        var path = SnapshotIn(folder).Single();
        Damage(path);
        Directory.CreateDirectory(path + ".unusable");
        File.WriteAllText(Path.Combine(path + ".unusable", "file"), "in the way");
        using var second = Start(folder);

        Assert.That(second.Host.Recovered!.SnapshotSequence, Is.Zero);
        Assert.That(second.Host.Recovered.Notes, Has.One.Contains($"passed over: {path}: "));
        Assert.That(second.Host.Recovered.Notes, Has.One.Contains($"{path} keeps its name: "));
        Assert.That(path, Does.Exist);
        TakeTurnLater(second);
        Assert.That(second.Host.Journal!.SegmentsRemoved, Is.Zero, "it releases nothing under its name either");
    }

    /// <summary>Another process has it open, or its disk is away for a moment.</summary>
    [Test]
    public void ShouldLeaveASnapshotUnderItsNameWhenItCannotBeReadForNow([Values] bool isNewest)
    {
        var folder = _folders.New();
        Trade(folder, 4);
        Trade(folder, 4, firstId: 50);
        var held = SnapshotIn(folder)[isNewest ? 1 : 0];
        using (new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            using var third = Start(folder);
            Assert.That(third.Host.Recovered!.SnapshotSequence, Is.Not.Zero);
            Assert.That(third.Host.Recovered.Notes, Has.One.Contains("passed over: ").And.One.Contains(held));
            Assert.That(held, Does.Exist);
        }

        Assert.That(held + ".unusable", Does.Not.Exist);
    }

    [Test]
    public void ShouldNameTheVersionWhenOnlyASnapshotOfAnotherOneHoldsTheBeginning([Values] bool isFollower)
    {
        var folder = _folders.New();
        Trade(folder, 4);
        Trade(folder, 4, firstId: 50);
        File.Delete(JournalFiles.PathOf(folder, 0));
        foreach (var path in SnapshotIn(folder))
            GiveVersion(path, 3);

        Assert.That(
            () => (isFollower ? (IDisposable)Follower(folder) : Start(folder)).Dispose(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("no good snapshot holds what was before")
                .And.Message.Contains(SnapshotIn(folder)[1])
                .And.Message.Contains($"of version 3; version {SnapshotHeader.CurrentVersion} is read here"));
        Assert.That(SnapshotIn(folder), Has.Length.EqualTo(2), "a start that fails leaves them as they are");
    }

    /// <summary>Two hours or more later, with no turn of the keeper's own meanwhile.</summary>
    private static void TakeTurnLater(MemoryPipeline pipeline, int hours = 2)
    {
        var keeper = pipeline.Host.Journal!.Keeper;
        keeper.Stop();
        keeper.TakeTurn(Environment.TickCount64 + hours * HourMs);
    }

    private static string[] SnapshotIn(string folder) =>
        [.. Directory.GetFiles(Path.Combine(folder, SnapshotFolder.Name), "*.state").Order()];

    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static void GiveVersion(string path, int version)
    {
        var bytes = File.ReadAllBytes(path);
        var header = MemoryMarshal.Read<SnapshotHeader>(bytes);
        header.Version = version;
        header.Checksum = header.ExpectedChecksum;
        MemoryMarshal.Write(bytes, in header);
        var checksum = SnapshotFile.ChecksumOf(bytes.AsSpan(0, bytes.Length - sizeof(uint)));
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - sizeof(uint)), checksum);
        File.WriteAllBytes(path, bytes);
    }

    private static JournalSnapshotter Follower(string folder)
    {
        var options = OptionsOf(LivePipeline.OptionsOf(Topology.Inline));
        return new(folder, options, TestPipelines.Rules(), models: null, isFollowing: false);
    }

    /// <summary>A run with an ordered end, which leaves a snapshot.</summary>
    private static void Trade(string folder, int signals, ulong firstId = 1)
    {
        using var pipeline = Start(folder);
        pipeline.SendQuote();
        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Ingress.MarketUpdatesAdmitted == 1);
        if (pipeline.Host.Restart is { } restart)
            pipeline.Await(() => restart.IsAnswered);
        for (var i = 0; i < signals; i++)
            pipeline.SendSignal(firstId + (ulong)i);
        pipeline.Await(() => pipeline.SignalsSeen == signals);
    }

    private static MemoryPipeline Start(string folder) => new(
        Topology.Inline,
        journal: folder,
        state: new StateOptions { OrdersAtEnd = OrdersAtEnd.Leave },
        journalOptions: new JournalOptions { SegmentMb = 4, RetainHours = 1 },
        change: OptionsOf);

    private static PipelineOptions OptionsOf(PipelineOptions options) => TestPipelines.Managed(Topology.Inline) with
    {
        Inference = options.Inference,
        State = options.State,
        Journal = options.Journal,
    };
}
