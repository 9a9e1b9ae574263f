using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

/// <summary>Full segments go by age, into the archive or for good, and never one that is still needed.</summary>
[TestFixture]
public sealed class JournalRetentionTests
{
    private const long HourMs = 3_600_000;
    private const int SegmentBytes = 4_096;

    /// <summary>Timers that fill four segments and begin a fifth.</summary>
    private const int Events = 4 * ((SegmentBytes - 128) / 80) + 1;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private string _folder = "";

    private string Journal => Path.Combine(_folder, "journal");

    private string Archive => Path.Combine(_folder, "archive");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-retention-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldKeepFullSegmentsForSoManyHours()
    {
        var options = new JournalOptions { RetainHours = 2, RetainUntilSnapshot = false };
        using var rig = new JournalRig(Journal, SegmentBytes, options);
        rig.AppendTimers(Events);

        rig.Journal.Keeper.TakeTurn(2 * HourMs);
        Assert.That(rig.Journal.SegmentsRemoved, Is.Zero, "they are two hours old, and no older");
        rig.Journal.Keeper.TakeTurn(2 * HourMs + 1);
        Assert.That(rig.Journal.SegmentsRemoved, Is.EqualTo(4));
        Assert.That(JournalFiles.In(Journal).Keys, Is.EqualTo(new long[] { 4, 5 }), "the one written and the next");
    }

    /// <summary>By the time since they were written, and not since the machine was started.</summary>
    [Test]
    public void ShouldKeepFullSegmentsOfAnEarlierRunForSoManyHours()
    {
        using (var earlier = new JournalRig(Journal, SegmentBytes))
            earlier.AppendTimers(Events);
        var now = DateTime.UtcNow;
        foreach (var (number, path) in JournalFiles.In(Journal))
            File.SetLastWriteTimeUtc(path, now.AddHours(number < 2 ? -3 : -1));

        var tail = JournalTail.Of(Journal)!;
        var options = new JournalOptions { SegmentMb = 1, RetainHours = 2, RetainUntilSnapshot = false };
        using var journal = EventJournal.Continue(
            Journal, options, tail.Configuration, tail.Position, new ResultHash(), new MappedSegmentFiles(),
            time: TimeProvider.System);
        var nowMs = Environment.TickCount64;
        journal.Keeper.TakeTurn(nowMs);
        Assert.That(JournalFiles.In(Journal).Keys.First(), Is.EqualTo(2), "the first two are three hours old");
        journal.Keeper.TakeTurn(nowMs + HourMs + HourMs / 2);
        Assert.That(journal.SegmentsRemoved, Is.EqualTo(5));
    }

    /// <summary>Snapshots are written by another process, or at the end of the run before.</summary>
    [Test]
    public void ShouldKeepAnOldSegmentThatNoSnapshotHolds()
    {
        var snapshot = 0L;
        using var rig = new JournalRig(
            Journal, SegmentBytes, new JournalOptions { RetainHours = 1 }, snapshots: () => snapshot);
        rig.AppendTimers(Events);

        rig.Journal.Keeper.TakeTurn(100 * HourMs);
        Assert.That(rig.Journal.SegmentsRemoved, Is.Zero);
        snapshot = Events / 2;
        rig.Journal.Keeper.TakeTurn(101 * HourMs);
        Assert.That(rig.Journal.SegmentsRemoved, Is.EqualTo(2));
    }

    [Test]
    public void ShouldMoveSegmentsToTheArchiveWhereTheyAreStillReadBesideTheRest()
    {
        var options = new JournalOptions { RetainHours = 1, RetainUntilSnapshot = false, ArchiveFolder = Archive };
        using (var rig = new JournalRig(Journal, SegmentBytes, options))
        {
            rig.AppendTimers(Events);
            var whole = JournalFiles.In(Journal).Values.Take(4).Select(File.ReadAllBytes).ToArray();
            rig.Journal.Keeper.TakeTurn(2 * HourMs);
            Assert.That(JournalFiles.In(Archive).Keys, Is.EqualTo(new long[] { 0, 1, 2, 3 }));
            Assert.That(JournalFiles.In(Archive).Values.Select(File.ReadAllBytes), Is.EqualTo(whole));
        }

        foreach (var (number, path) in JournalFiles.In(Archive))
            File.Move(path, JournalFiles.PathOf(Journal, number));
        using var reader = new JournalReader(Journal);
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
        }

        Assert.That((reader.Count, reader.End), Is.EqualTo(((long)Events, JournalEnd.Ordered)));
    }

    /// <summary>A move onto another disk is a copy, of which a part may be there when it fails or the power does.
    /// </summary>
    [Test]
    public void ShouldLeaveNoPartOfASegmentInTheArchiveWhenThatIsFull()
    {
        using var disk = new SmallDisk(1 << 20);
        var options = new JournalOptions { RetainHours = 1, RetainUntilSnapshot = false, ArchiveFolder = disk.Folder };
        using var rig = new JournalRig(Journal, 4 * SegmentBytes, options);
        rig.AppendTimers(5 * Events);
        var whole = JournalFiles.In(Journal).Values.Take(4).Select(File.ReadAllBytes).ToArray();
        disk.FillUpTo(2 * SegmentBytes);
        var filled = Directory.GetFiles(disk.Folder);
        for (var retry = 0; retry < 3; retry++)
        {
            rig.Journal.Keeper.TakeTurn(2 * HourMs + retry * 1_000);
            Assert.That(rig.Journal.SegmentsRemoved, Is.Zero);
            Assert.That(Directory.GetFiles(disk.Folder), Is.EqualTo(filled), $"attempt {retry}");
        }

        disk.MakeRoom();
        rig.Journal.Keeper.TakeTurn(2 * HourMs + 3_000);
        Assert.That(JournalFiles.In(disk.Folder).Values.Select(File.ReadAllBytes), Is.EqualTo(whole));
        Assert.That(Directory.GetFiles(disk.Folder), Has.Length.EqualTo(4));
        Assert.That(JournalFiles.In(Journal).Keys.First(), Is.EqualTo(4));
    }

    [Test]
    public void ShouldReplaceWhatAnEarlierAttemptLeftBehindWhenTheArchiveIsOnAnotherDisk()
    {
        using var disk = new SmallDisk(1 << 20);
        var options = new JournalOptions { RetainHours = 1, RetainUntilSnapshot = false, ArchiveFolder = disk.Folder };
        using var rig = new JournalRig(Journal, SegmentBytes, options);
        rig.AppendTimers(Events);
        var first = JournalFiles.PathOf(Journal, 0);
        var (whole, mode) = (File.ReadAllBytes(first), new FileInfo(first).UnixFileMode);
        var left = JournalFiles.PathOf(disk.Folder, 0) + DurableFile.NextSuffix;
        File.WriteAllBytes(left, new byte[3 * SegmentBytes]);

        rig.Journal.Keeper.TakeTurn(2 * HourMs);
        Assert.That(JournalFiles.In(disk.Folder).Keys, Is.EqualTo(new long[] { 0, 1, 2, 3 }));
        var archived = JournalFiles.PathOf(disk.Folder, 0);
        Assert.That(File.ReadAllBytes(archived), Is.EqualTo(whole));
        Assert.That(new FileInfo(archived).UnixFileMode, Is.EqualTo(mode));
        Assert.That(File.Exists(left), Is.False);
    }

    /// <summary>The process ended when the copy was there and the segment not yet gone.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void ShouldArchiveASegmentOnceWhenItsCopyIsThereAlready(bool isBehindAnEarlierJournals)
    {
        var options = new JournalOptions { RetainHours = 1, RetainUntilSnapshot = false, ArchiveFolder = Archive };
        using var rig = new JournalRig(Journal, SegmentBytes, options);
        rig.AppendTimers(Events);
        var whole = JournalFiles.In(Journal).Values.Take(4).Select(File.ReadAllBytes).ToList();
        Directory.CreateDirectory(Archive);
        var copy = JournalFiles.PathOf(Archive, 1);
        if (isBehindAnEarlierJournals)
        {
            byte[] other = [.. whole[1].AsSpan(0, SegmentBytes - 1), (byte)~whole[1][^1]];
            File.WriteAllBytes(copy, other);
            whole.Add(other);
            copy += "-2";
        }

        File.Copy(JournalFiles.PathOf(Journal, 1), copy);

        rig.Journal.Keeper.TakeTurn(2 * HourMs);

        Assert.That((rig.Journal.Trouble, rig.Journal.SegmentsRemoved), Is.EqualTo((JournalTrouble.None, 4)));
        Assert.That(Directory.GetFiles(Archive).Select(File.ReadAllBytes), Is.EquivalentTo(whole));
        Assert.That(JournalFiles.In(Journal).Keys.First(), Is.EqualTo(4));
    }

    /// <summary>Each journal begins with the same names: what one has archived is no failure of the next one's disk.
    /// </summary>
    [Test]
    public void ShouldKeepTheSegmentsOfBothWhenTwoJournalsHaveOneArchive()
    {
        var options = new JournalOptions { RetainHours = 1, RetainUntilSnapshot = false, ArchiveFolder = Archive };
        var archived = new List<byte[]>();
        foreach (var folder in (string[])[Journal, Journal + "-2", Journal + "-3"])
        {
            using var rig = new JournalRig(folder, SegmentBytes, options);
            rig.AppendTimers(Events, firstId: (ulong)(archived.Count * Events) + 1);
            archived.AddRange(JournalFiles.In(folder).Values.Take(4).Select(File.ReadAllBytes));
            rig.Journal.Keeper.TakeTurn(2 * HourMs);
            Assert.That((rig.Journal.Trouble, rig.Journal.Problem), Is.EqualTo((JournalTrouble.None, "")));
            Assert.That(rig.Journal.SegmentsRemoved, Is.EqualTo(4));
        }

        Assert.That(Directory.GetFiles(Archive).Select(File.ReadAllBytes), Is.EquivalentTo(archived));
    }

    [Test]
    public void ShouldGoOnWhenSomebodyElseHasTakenAnOldSegmentAway()
    {
        var options = new JournalOptions { RetainHours = 1, RetainUntilSnapshot = false, ArchiveFolder = Archive };
        using var rig = new JournalRig(Journal, SegmentBytes, options);
        rig.AppendTimers(Events);
        File.Delete(JournalFiles.PathOf(Journal, 0));

        rig.Journal.Keeper.TakeTurn(2 * HourMs);

        Assert.That((rig.Journal.Trouble, rig.Journal.Problem), Is.EqualTo((JournalTrouble.None, "")));
        Assert.That(JournalFiles.In(Archive).Keys, Is.EqualTo(new long[] { 1, 2, 3 }));
    }

    [Test]
    public void ShouldSayThatTheDiskFailsWhenTheArchiveCannotBeWritten()
    {
        using var rig = WithoutArchive();

        rig.Journal.Keeper.TakeTurn(2 * HourMs);

        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.DiskFailed));
        Assert.That(rig.Journal.Problem, Does.Contain(Archive));
        Assert.That(JournalFiles.In(Journal).Keys, Does.Contain(0), "nothing is lost");
    }

    /// <summary>Else nothing that adds risk would leave meanwhile, and trading would end with the segment.</summary>
    [Test]
    public void ShouldSyncAndLaySegmentsReadyWhileASegmentIsCopiedIntoTheArchive()
    {
        const int segmentBytes = 1 << 19;
        using var isBegun = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var options = new JournalOptions { RetainMb = 1, RetainUntilSnapshot = false, ArchiveFolder = Archive };
        var isBlocked = true;
        using var rig = new JournalRig(Journal, segmentBytes, options, move: (from, to, cancel) =>
        {
            isBegun.Set();
            if (Volatile.Read(ref isBlocked) && !mayEnd.Wait(Limit, CancellationToken.None))
                throw new IOException("the journal did not go on meanwhile");
            DurableFile.Move(from, to, cancel);
        });
        rig.Journal.Keeper.Start();
        var (journal, e) = (rig.Journal, JournalRig.Timer(1));
        void Fill(int segments)
        {
            for (var i = 0; i < segments * segmentBytes / 80; i++)
            {
                journal.AwaitRoom();
                journal.Append(in e);
            }
        }

        Fill(4);
        Assert.That(isBegun.Wait(Limit), "the first segment is more than what is kept");
        Fill(4);
        Assert.That(SpinWait.SpinUntil(() => journal.Unsynced == 0, Limit), "what is written is synced");
        Assert.That(SpinWait.SpinUntil(() => JournalFiles.In(Journal).Keys.Max() >= 9, Limit), "the next lies ready");
        Assert.That((journal.Trouble, journal.SegmentsRemoved), Is.EqualTo((JournalTrouble.None, 0)));

        Volatile.Write(ref isBlocked, false);
        mayEnd.Set();
        Assert.That(SpinWait.SpinUntil(() => journal.SegmentsRemoved >= 6, Limit));
        Assert.That(JournalFiles.In(Archive).Keys, Is.EqualTo(Enumerable.Range(0, (int)journal.SegmentsRemoved)));
    }

    /// <summary>The service manager would kill the process, and the journal would have no end.</summary>
    [Test]
    public void ShouldEndInOrderAndLeaveTheSegmentWhenItEndsWithinACopy()
    {
        var isBegun = new ManualResetEventSlim();
        var options = new JournalOptions { RetainMb = 1, RetainUntilSnapshot = false, ArchiveFolder = Archive };
        using (var rig = new JournalRig(Journal, 1 << 19, options, move: (_, _, cancel) =>
        {
            isBegun.Set();
            cancel.WaitHandle.WaitOne();
            cancel.ThrowIfCancellationRequested();
        }))
        {
            rig.Journal.Keeper.Start();
            var e = JournalRig.Timer(1);
            for (var i = 0; i < 4 * (1 << 19) / 80; i++)
            {
                rig.Journal.AwaitRoom();
                rig.Journal.Append(in e);
            }

            Assert.That(isBegun.Wait(Limit));
            rig.Journal.Finish();
            Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.None));
        }

        Assert.That(JournalFiles.In(Journal).Keys.First(), Is.Zero);
        Assert.That(JournalTail.Of(Journal)!.End, Is.EqualTo(JournalEnd.Ordered));
    }

    /// <summary>Onto another disk a move is a copy of the whole segment, and the keeper has more to do.</summary>
    [Test]
    public void ShouldWaitBeforeItTriesAgainWhenTheArchiveCouldNotBeWritten()
    {
        using var rig = WithoutArchive();
        rig.Journal.Keeper.TakeTurn(2 * HourMs);
        File.Delete(Archive);

        rig.Journal.Keeper.TakeTurn(2 * HourMs + 999);
        Assert.That(rig.Journal.SegmentsRemoved, Is.Zero);
        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.DiskFailed), "it has not tried again");
        rig.Journal.Keeper.TakeTurn(2 * HourMs + 1_000);
        Assert.That(JournalFiles.In(Archive).Keys, Is.EqualTo(new long[] { 0, 1, 2, 3 }));
        Assert.That((rig.Journal.Trouble, rig.Journal.Problem), Is.EqualTo((JournalTrouble.None, "")));
        Assert.That(rig.Journal.Sync());
        rig.Journal.Finish();
        Assert.That(JournalTail.Of(Journal)!.End, Is.EqualTo(JournalEnd.Ordered));
    }

    /// <summary>The journal's own disk has taken everything: only what is old stays where it is.</summary>
    [Test]
    public void ShouldSyncAndEndInOrderWhileTheArchiveCannotBeWritten()
    {
        using var rig = WithoutArchive();
        rig.Journal.Keeper.TakeTurn(2 * HourMs);

        Assert.That(rig.Journal.IsArchiveFailing);
        Assert.That(rig.Journal.Sync());
        Assert.That(rig.Journal.Unsynced, Is.Zero);
        rig.Journal.Finish();
        Assert.That(JournalTail.Of(Journal)!.End, Is.EqualTo(JournalEnd.Ordered));
    }

    /// <summary>A run on a virtual clock waits for the keeper, which lays segments ready all the same.</summary>
    [Test]
    public void ShouldAwaitRoomWhileTheArchiveCannotBeWritten()
    {
        using var rig = WithoutArchive();
        rig.Journal.Keeper.TakeTurn(2 * HourMs);
        Assert.That(rig.Journal.IsArchiveFailing);
        rig.Journal.Keeper.Start();
        var e = JournalRig.Timer(1);
        for (var i = 0; i < 20 * SegmentBytes / 80; i++)
        {
            rig.Journal.AwaitRoom();
            rig.Journal.Append(in e);
        }

        rig.Journal.Finish();
        Assert.That(JournalTail.Of(Journal)!.End, Is.EqualTo(JournalEnd.Ordered));
    }

    /// <summary>Where nobody could look, nothing is known to be well again.</summary>
    [Test]
    public void ShouldSayThatTheDiskFailsWhenTheSnapshotsCannotBeListed()
    {
        var isFailing = true;
        var options = new JournalOptions { RetainHours = 1 };
        using var rig = new JournalRig(
            Journal, SegmentBytes, options, snapshots: () => isFailing ? throw new IOException("not there") : Events);
        rig.AppendTimers(Events);

        rig.Journal.Keeper.TakeTurn(2 * HourMs);
        rig.Journal.Keeper.TakeTurn(2 * HourMs + 999);
        Assert.That(
            (rig.Journal.Trouble, rig.Journal.Problem), Is.EqualTo((JournalTrouble.DiskFailed, "not there")));
        isFailing = false;
        rig.Journal.Keeper.TakeTurn(2 * HourMs + 1_000);
        Assert.That((rig.Journal.Trouble, rig.Journal.SegmentsRemoved), Is.EqualTo((JournalTrouble.None, 4)));
    }

    /// <summary>A journal with old segments, whose archive cannot be written.</summary>
    private JournalRig WithoutArchive()
    {
        File.WriteAllText(Archive, "a file, where a folder is asked for");
        var options = new JournalOptions { RetainHours = 1, RetainUntilSnapshot = false, ArchiveFolder = Archive };
        var rig = new JournalRig(Journal, SegmentBytes, options);
        rig.AppendTimers(Events);
        return rig;
    }
}
