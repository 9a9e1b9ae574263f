using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

/// <summary>A full disk, one that fails and one that is slow are told, and never lose an event in silence.</summary>
[TestFixture]
public sealed class JournalTroubleTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-trouble-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldLeaveNoFileOfASegmentThatCannotBeBroughtOntoTheDisk()
    {
        // A name alone has no folder that could be synced.
        var path = $"segment-{Guid.NewGuid():N}";

        Assert.That(() => new MappedSegmentFiles().Create(path, 4_096), Throws.InstanceOf<IOException>());
        Assert.That(File.Exists(path), Is.False);
    }

    /// <summary>Else the next attempt would be told that there is a journal already.</summary>
    [Test]
    public void ShouldLeaveNoSegmentWhenAJournalCannotBeBegun()
    {
        var files = new TroubledFiles { IsFailing = true };
        var options = new JournalOptions { Sync = JournalSync.Interval };
        Assert.That(
            () => new JournalRig(_folder, 4_096, options, files),
            Throws.TypeOf<IOException>().With.Message.Contains("cannot be begun"));
        Assert.That(JournalFiles.In(_folder), Is.Empty);

        files.IsFailing = false;
        using var rig = new JournalRig(_folder, 4_096, options, files);
        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.None));
    }

    /// <summary>A pause of the machine during the first sync is no reason to stay down with positions open.</summary>
    [Test]
    public void ShouldBeginAndSayThatTheDiskIsSlowWhenTheFirstSyncIs()
    {
        var none = default(ConfigurationHash);
        var time = new LeapingTime { Leap = TimeSpan.FromMinutes(1) };
        var options = new JournalOptions { Sync = JournalSync.Batch, Mode = JournalMode.BeforeRouting };
        using var journal = new EventJournal(
            _folder, options, in none, JournalPosition.Start, new MappedSegmentFiles(), 4_096, time);
        Assert.That(journal.Trouble, Is.EqualTo(JournalTrouble.Slow));
        Assert.That(journal.Problem, Is.EqualTo("a sync took 60000 ms"));

        time.Leap = TimeSpan.Zero;
        var e = JournalRig.Timer(1);
        journal.Append(in e);
        Assert.That(journal.Sync(), Is.True);
        Assert.That(journal.Trouble, Is.EqualTo(JournalTrouble.None));
    }

    /// <summary>Else nothing that adds risk would ever leave.</summary>
    [Test]
    public void ShouldNotBeSlowForEverWhenNothingIsSyncedBehindASlowBeginning()
    {
        var none = default(ConfigurationHash);
        var time = new LeapingTime { Leap = TimeSpan.FromMinutes(1) };
        using var journal = new EventJournal(
            _folder, new JournalOptions { Sync = JournalSync.None }, in none, JournalPosition.Start,
            new MappedSegmentFiles(), 4_096, time);

        Assert.That(journal.Trouble, Is.EqualTo(JournalTrouble.None));
    }

    [Test]
    public void ShouldUseWhatIsLeftAndSayThatThereIsNoRoomWhenTheDiskIsFull()
    {
        var files = new TroubledFiles();
        using var rig = new JournalRig(_folder, 1_024, files: files);
        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.None));
        files.IsFull = true;
        var appended = 0;
        Assert.That(
            () =>
            {
                for (; appended < 1_000; appended++)
                    rig.AppendTimers(1, (ulong)appended + 1);
            },
            Throws.TypeOf<IOException>().With.Message.Contains("no room left"));

        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.NoRoom));
        Assert.That(appended, Is.EqualTo(2 * ((1_024 - 128) / 80) - 1), "the first kept room for a mark");
        files.IsFull = false;
        rig.Journal.Keeper.TakeTurn(2_000);
        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.None));
        rig.AppendTimers(1, (ulong)appended + 1);
        rig.Journal.Dispose();
        AssertWhole(appended + 1);
    }

    [Test]
    public void ShouldStayInTroubleUntilARestartWhenTheDiskDidNotTakeWhatWasWritten()
    {
        var files = new TroubledFiles();
        var options = new JournalOptions { Sync = JournalSync.Batch, Mode = JournalMode.BeforeRouting };
        using var rig = new JournalRig(_folder, 4_096, options, files);
        rig.AppendTimers(1);
        Assert.That(rig.Journal.Sync(), Is.True);
        files.IsFailing = true;
        rig.AppendTimers(1, 2);
        Assert.That(rig.Journal.Sync(), Is.False);
        files.IsFailing = false;
        Assert.That(rig.Journal.Sync(), Is.False, "what the disk holds is not known any more");
        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.DiskFailed));
        Assert.That(rig.Journal.Problem, Does.Contain("did not take"));
    }

    [Test]
    public void ShouldSayThatTheDiskIsSlowWhenTheNextSegmentIsLate()
    {
        using var rig = new JournalRig(_folder, 1_024);
        var e = JournalRig.Timer(1);
        for (var i = 0; i < 20; i++)
            rig.Journal.Append(in e);

        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.Slow), "nobody has laid out a third one");
        rig.Journal.Keeper.TakeTurn(0);
        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.None));
    }

    [Test]
    public void ShouldKeepWhatTheRetentionSaysAndNothingThatASnapshotLacks()
    {
        var options = new JournalOptions { RetainMb = 1 };
        var snapshot = 0L;
        using var rig = new JournalRig(_folder, 1 << 19, options, snapshots: () => snapshot);
        rig.AppendTimers(30_000);
        Assert.That(rig.Journal.SegmentsRemoved, Is.Zero, "no snapshot has been taken");
        snapshot = 20_000;
        rig.AppendTimers(1, 30_001);
        rig.Journal.Keeper.TakeTurn(1_000);
        Assert.That(rig.Journal.SegmentsRemoved, Is.InRange(2, 3));
        Assert.That(JournalFiles.In(_folder).Keys.First(), Is.EqualTo(rig.Journal.SegmentsRemoved));
    }

    [TestCase(Topology.Inline)]
    [TestCase(Topology.Fused)]
    [TestCase(Topology.Pipelined)]
    public void ShouldRefuseNewRiskAndStillReduceWhenTheDiskFails(Topology topology)
    {
        var files = new TroubledFiles();
        var options = new JournalOptions
        {
            SegmentMb = 4,
            Sync = JournalSync.Batch,
            Mode = JournalMode.BeforeRouting,
        };
        byte[] outbound;
        using (var pipeline = new MemoryPipeline(
            topology, journal: _folder, journalOptions: options, segmentFiles: files))
        {
            pipeline.StartWithSignals(1);
            pipeline.Await(() => pipeline.Host.Chain.Outbound.SentOf(OutboundKind.PositionUpdate) == 1);
            files.IsFailing = true;
            pipeline.SendSignal(2);
            pipeline.Await(() => pipeline.Host.Chain.Outbound.SentOf(OutboundKind.CommandResult) == 1);
            pipeline.SendSignal(3);
            pipeline.Await(() => pipeline.Host.Chain.Outbound.SentOf(OutboundKind.RiskViolation) >= 1);
            Assert.That(pipeline.Host.Chain.Outbound.SentOf(OutboundKind.PositionUpdate), Is.EqualTo(1));
            pipeline.SendCommand(CommandKind.CloseAll);
            pipeline.Await(() => pipeline.Host.Chain.Outbound.SentOf(OutboundKind.PositionUpdate) == 2);
            Assert.That(pipeline.Host.Fault, Is.Null);
            pipeline.Host.Stop(TimeSpan.FromSeconds(60));
            outbound = pipeline.Outbound;
        }

        using var reader = new JournalReader(_folder);
        using var output = new MemoryStream();
        new JournalReplay(LivePipeline.OptionsOf(topology), TestPipelines.Rules(), new StreamSink(output))
            .Run(reader, CancellationToken.None);
        Assert.That(output.ToArray(), Is.EqualTo(outbound));
    }

    /// <summary>The system tells of what it could not write once: what comes behind that succeeds.</summary>
    [Test]
    public void ShouldSayThatTheEndIsNotWholeWhenTheLastSyncFails()
    {
        var files = new TroubledFiles();
        var options = new JournalOptions { SegmentMb = 4, SyncIntervalMs = 60_000 };
        using var pipeline = new MemoryPipeline(
            Topology.Inline, journal: _folder, journalOptions: options, segmentFiles: files);
        pipeline.StartWithSignals(1);
        files.IsFailing = true;
        pipeline.Host.Stop(TimeSpan.FromSeconds(60));

        Assert.That(pipeline.Host.Fault?.Where, Is.EqualTo("the journal"));
        Assert.That(pipeline.Host.Fault!.Message, Does.Contain("did not take").And.Contains("no end"));
        AssertCutOff();
        Assert.That(Directory.Exists(Path.Combine(_folder, SnapshotFolder.Name)), Is.False, "nor a snapshot of it");
    }

    [TestCase(JournalSync.None)]
    [TestCase(JournalSync.Interval)]
    public void ShouldSayThatTheEndIsNotWholeWhenTheDiskHadFailedLongBefore(JournalSync sync)
    {
        var files = new TroubledFiles();
        var fault = new TradingFault();
        var options = new JournalOptions { Sync = sync, SyncIntervalMs = 60_000 };
        using var rig = new JournalRig(_folder, 4_096, options, files);
        rig.AppendTimers(3);
        files.IsFailing = true;
        Assert.That(rig.Journal.Sync(), Is.False);
        files.IsFailing = false;
        rig.AppendTimers(3, 4);
        rig.Journal.Finish(fault);

        Assert.That(fault.First?.Message, Does.StartWith("the journal failed: ").And.Contains("Input/output error"));
        AssertCutOff();
    }

    [Test]
    public void ShouldSayThatTheEndIsNotWholeWhenThereIsNoRoomForIt()
    {
        const int segmentBytes = 128 + 11 * 80;
        var files = new TroubledFiles();
        var fault = new TradingFault();
        using var rig = new JournalRig(_folder, segmentBytes, files: files);
        files.IsFull = true;
        Assert.That(() => rig.AppendTimers(100), Throws.TypeOf<IOException>());
        rig.Journal.Finish(fault);

        Assert.That(fault.First, Is.Not.Null);
        Assert.That(fault.First!.Message, Does.Contain("no room").And.Contains("no end"));
        AssertCutOff();
    }

    [Test]
    public void ShouldEndInOrderWhenTheDiskHasNoRoomForMore()
    {
        var files = new TroubledFiles();
        var fault = new TradingFault();
        using var rig = new JournalRig(_folder, 1_024, files: files);
        files.IsFull = true;
        rig.AppendTimers(12);
        rig.Journal.Keeper.TakeTurn(0);
        Assert.That(rig.Journal.Trouble, Is.EqualTo(JournalTrouble.NoRoom));
        rig.Journal.Finish(fault);

        Assert.That(fault.First, Is.Null);
        AssertWhole(12);
    }

    [Test]
    public void ShouldTellOfTroubleAtOnceAndOfItsEndAfterAWhile()
    {
        var files = new TroubledFiles { IsFull = false };
        using var rig = new JournalRig(_folder, 1_024, files: files);
        var watch = new JournalWatch(rig.Journal);
        Assert.That(watch.IsDue, Is.False);
        files.IsFull = true;
        rig.AppendTimers(12);
        rig.Journal.Keeper.TakeTurn(0);
        Assert.That(watch.IsDue && watch.TryTake(5, out _), Is.True);
        Assert.That(watch.IsDue, Is.False);
        files.IsFull = false;
        rig.Journal.Keeper.TakeTurn(2_000);
        Assert.That(watch.TryTake(10, out _), Is.False);
        Assert.That(watch.TryTake(10 + JournalWatch.CalmNs, out var command), Is.True);
        Assert.That(
            (command.Kind, command.Reason), Is.EqualTo((CommandKind.JournalRestored, CommandReason.JournalWhole)));
    }

    [Test]
    public void ShouldBeginToWaitAnewWhenTheTroubleReturnsMeanwhile()
    {
        using var rig = new JournalRig(_folder, 1_024);
        var watch = new JournalWatch(rig.Journal);
        var e = JournalRig.Timer(1);
        while (rig.Journal.Trouble == JournalTrouble.None)
            rig.Journal.Append(in e);
        Assert.That(Tells(watch, 5), Is.EqualTo(CommandKind.JournalDegraded));
        rig.Journal.Keeper.TakeTurn(0);
        Assert.That(Tells(watch, 10), Is.Null, "it is whole since now");
        while (rig.Journal.Trouble == JournalTrouble.None)
            rig.Journal.Append(in e);
        Assert.That(Tells(watch, 10 + JournalWatch.CalmNs / 2), Is.Null, "it has been told of that");
        rig.Journal.Keeper.TakeTurn(0);
        Assert.That(Tells(watch, 10 + JournalWatch.CalmNs), Is.Null, "the trouble has just ended");
        Assert.That(Tells(watch, 10 + 2 * JournalWatch.CalmNs), Is.EqualTo(CommandKind.JournalRestored));
        Assert.That(watch.IsDue, Is.False);
    }

    /// <summary>What ingress would be told in a turn at a time.</summary>
    private static CommandKind? Tells(JournalWatch watch, long timeNs) =>
        watch.IsDue && watch.TryTake(timeNs, out var command) ? command.Kind : null;

    private void AssertWhole(long events)
    {
        using var reader = new JournalReader(_folder);
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
        }

        Assert.That((reader.Count, reader.End), Is.EqualTo((events, JournalEnd.Ordered)));
    }

    private void AssertCutOff()
    {
        using var reader = new JournalReader(_folder);
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
        }

        Assert.That(reader.End, Is.EqualTo(JournalEnd.CutOff));
    }

    /// <summary>The system's files on a disk that is full or fails when a test says so.</summary>
    internal sealed class TroubledFiles : ISegmentFiles
    {
        private const long MoreThanThereIs = 1L << 43;

        private readonly MappedSegmentFiles _files = new();
        private volatile bool _isFull;
        private volatile bool _isFailing;

        public bool IsFull { set => _isFull = value; }

        public bool IsFailing { set => _isFailing = value; }

        // The system itself says that there is no room.
        public ISegmentFile Create(string path, long bytes) =>
            new TroubledFile(_files.Create(path, _isFull ? MoreThanThereIs : bytes), this);

        private sealed class TroubledFile(ISegmentFile file, TroubledFiles owner) : ISegmentFile
        {
            public nint Address => file.Address;

            public void Sync(long offset, long bytes)
            {
                if (owner._isFailing)
                    throw new IOException("the disk did not take what was written: Input/output error");
                file.Sync(offset, bytes);
            }

            public void Dispose() => file.Dispose();
        }
    }

    /// <summary>So much passes from one reading to the next.</summary>
    private sealed class LeapingTime : TimeProvider
    {
        private long _ticks;

        public TimeSpan Leap { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks += Leap.Ticks;
    }
}
