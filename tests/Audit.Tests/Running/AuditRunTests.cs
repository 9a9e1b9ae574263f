using System.Data.Common;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Audit.Tests.Support;
using ExecutionPipeline.Audit.Verification;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Routing;
using Microsoft.Data.Sqlite;

namespace ExecutionPipeline.Audit.Tests.Running;

[TestFixture]
public sealed class AuditRunTests
{
    private const int Inputs = 1_500;

    private TestJournal _journal = null!;
    private ChainHead _head;

    [OneTimeSetUp]
    public void RunOnce()
    {
        _journal = new TestJournal(TestSeed.Next());
        _journal.Add(Inputs);
        _journal.End();
        using var store = AuditStore.Of(_journal.StorePath);
        _head = new AuditRun(_journal.AuditOptions(), store).Run(CancellationToken.None).Head;
    }

    [OneTimeTearDown]
    public void Remove() => _journal.Dispose();

    [Test]
    public void ShouldHaveOneRecordForEveryDecisionWhenItHasRun()
    {
        using var store = AuditStore.Of(_journal.StorePath);
        var recorded = store.Read(new RecordFilter { Kind = AuditKind.Decision }).ToList();

        Assert.That(recorded, Has.Count.GreaterThan(Inputs / 4));
        Assert.That(
            recorded.Select(static record => record.Entry.SignalId),
            Is.EqualTo(_journal.Decisions.Select(static e => e.Payload.TradeQualified.SignalId)));
        Assert.That(
            recorded.Select(static record => record.Entry.Outcome).Distinct(),
            Is.SupersetOf(new[] { "order_sent", "risk_refused", "hold" }), "every kind of outcome is recorded");
    }

    [Test]
    public void ShouldRecordReportsEndsAndTradesWhenOrdersLive()
    {
        using var store = AuditStore.Of(_journal.StorePath);
        var counts = store.Read(new RecordFilter()).CountBy(static record => record.Entry.Kind).ToDictionary();
        var parents = _journal.Actions.Count(static one => one.Action.Kind == RoutingActionKind.ParentEnded);
        var trades = _journal.Actions.Count(static one => one.Action.Kind == RoutingActionKind.TradeClosed);
        var commands = _journal.Events.Count(static e => e.Header.Kind == EventKind.Command);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(trades, Is.Positive);
            Assert.That(counts[AuditKind.Parent], Is.EqualTo(parents));
            Assert.That(counts[AuditKind.Trade], Is.EqualTo(trades));
            Assert.That(counts[AuditKind.Command], Is.EqualTo(commands).And.Positive);
            Assert.That(counts[AuditKind.Order], Is.GreaterThan(parents));
            Assert.That(counts[AuditKind.Risk], Is.Positive);
            Assert.That(counts[AuditKind.Configuration], Is.EqualTo(1));
        }
    }

    [Test]
    public void ShouldWriteNothingTwiceWhenItRunsAgain([Values] bool hasSnapshots)
    {
        var path = Path.Combine(_journal.Folder, $"again-{hasSnapshots}.db");
        using var store = AuditStore.Of(path);
        var options = _journal.AuditOptions(snapshots: hasSnapshots ? path + ".snapshots" : null);
        new AuditRun(options, store).Run(CancellationToken.None);

        var again = new AuditRun(options, store).Run(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Records, Is.Zero);
            Assert.That(again.ResumedAt, Is.EqualTo(hasSnapshots ? _journal.Events.Count : 0));
            AssertSameChain(store);
        }
    }

    [Test]
    public void ShouldHaveTheSameChainWhenItIsKilledAtEveryWrite([Values] bool hasSnapshots, [Values] bool isCommitted)
    {
        var path = Path.Combine(_journal.Folder, $"killed-{hasSnapshots}-{isCommitted}.db");
        var options = _journal.AuditOptions(snapshots: hasSnapshots ? path + ".snapshots" : null, batch: 300);
        var rounds = 0;
        while (true)
        {
            using var store = new DyingStore(path, isCommitted);
            try
            {
                new AuditRun(options, store).Run(CancellationToken.None);
                break;
            }
            catch (DyingException)
            {
                rounds++;
            }
        }

        using var whole = AuditStore.Of(path);
        Assert.That(rounds, Is.Positive);
        AssertSameChain(whole);
    }

    [Test]
    public void ShouldGoOnAndWriteOnceWhenTheStoreIsDownOrItsAnswerIsLost()
    {
        var path = Path.Combine(_journal.Folder, "flaky.db");
        var notes = new List<string>();
        using var store = new FlakyStore(path);

        var figures = new AuditRun(_journal.AuditOptions(onNote: notes.Add), store).Run(CancellationToken.None);

        Assert.That(figures.Retries, Is.GreaterThan(2));
        Assert.That(notes, Has.Some.Contains("trying again"));
        using var whole = AuditStore.Of(path);
        AssertSameChain(whole);
    }

    [Test]
    public void ShouldStopWithAConflictWhenAnotherProcessWritesToTheStore()
    {
        var path = Path.Combine(_journal.Folder, "shared.db");
        using var store = AuditStore.Of(path);
        new AuditRun(_journal.AuditOptions(), store).Run(CancellationToken.None);

        Assert.That(
            () => store.Write(
                ChainHead.Start,
                [RecordChain.Append(ChainHead.Start, 1, TestJournal.Entry)],
                store.ReadJournals()[0],
                null),
            Throws.TypeOf<StoreConflictException>().With.Message.Contains("another process"));
    }

    [Test]
    public void ShouldGoOnBehindItWhenOldRecordsAreRemovedMeanwhile()
    {
        using var store = new RetainedStore(Path.Combine(_journal.Folder, "retained.db"));

        var figures = new AuditRun(_journal.AuditOptions(batch: 300), store).Run(CancellationToken.None);

        using var all = AuditStore.Of(_journal.StorePath);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(store.Removed, Is.Positive);
            Assert.That(figures.Head.Id, Is.EqualTo(_head.Id + 1));
            Assert.That(ChainVerifier.Verify(store, null, CancellationToken.None).Problems, Is.Empty);
            Assert.That(
                store.Read(new RecordFilter()).Select(static record => record.Entry)
                    .Where(static entry => entry.Kind != AuditKind.Retention),
                Is.EqualTo(all.Read(new RecordFilter()).Select(static record => record.Entry)
                    .Skip((int)store.Removed)));
        }
    }

    [Test]
    public void ShouldHaveOneRecordForEveryDecisionWhenThereAreSeveralVenues()
    {
        var routing = new RoutingOptions { Venues = [new() { Name = "first" }, new() { Name = "second", Fee = 0.5m }] };
        using var journal = new TestJournal(TestSeed.Next(), TestJournal.Options with { Routing = routing });
        using var store = Audited(journal);

        var recorded = store.Read(new RecordFilter { Kind = AuditKind.Decision }).ToList();
        Assert.That(recorded, Is.Not.Empty);
        Assert.That(
            recorded.Select(static record => record.Entry.SignalId),
            Is.EqualTo(journal.Decisions.Select(static e => e.Payload.TradeQualified.SignalId)));
    }

    /// <summary>A store of all that a journal of a hundred inputs leads to.</summary>
    private static AuditStore Audited(TestJournal journal)
    {
        journal.Add(100);
        journal.End();
        var store = AuditStore.Of(journal.StorePath);
        new AuditRun(journal.AuditOptions(), store).Run(CancellationToken.None);
        return store;
    }

    [TestCase(null)]
    [TestCase(1745296191, Description = "the last records of both are the same")]
    public void ShouldRefuseAJournalWhenItWasCutBehindWhatIsAuditedAndWentOnOtherwise(int? known)
    {
        var seed = known ?? TestSeed.Next();
        using var before = new TestJournal(seed);
        using var store = Audited(before);
        using var after = new TestJournal(seed);
        after.Add(80);
        var command = new Command
        {
            CommandId = 1,
            Kind = CommandKind.CancelAll,
            Reason = 1,
            SendTimeNs = after.Events[^1].Header.TimeNs,
        };
        after.Add(EventKind.Command, 0, new EventPayload { Command = command }, 1);
        after.Add(200);
        after.End();

        Assert.That(
            () => new AuditRun(after.AuditOptions(), store).Run(CancellationToken.None),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("was cut"));
        Assert.That(store.ReadJournals().Single().Position, Is.EqualTo(before.Events.Count));
    }

    [Test]
    public void ShouldRefuseAJournalWhenItEndsBeforeWhatIsAudited()
    {
        var seed = TestSeed.Next();
        using var before = new TestJournal(seed);
        using var store = Audited(before);
        using var after = new TestJournal(seed);
        after.Add(50);
        after.End();

        Assert.That(
            () => new AuditRun(after.AuditOptions(), store).Run(CancellationToken.None),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("was cut"));
    }

    /// <summary>Of another version, it would tell of a release that cannot go on with what the last one left.</summary>
    [Test]
    public void ShouldSayWhyItsSnapshotIsNotUsedWhenTheJournalsBeginningIsGone()
    {
        using var journal = new TestJournal(TestSeed.Next(), segmentMb: 1);
        for (var parts = 0; JournalFiles.In(journal.JournalFolder).Keys.Max() < 2; parts++)
        {
            Assert.That(parts, Is.LessThan(100), "the first segment is never full");
            journal.Add(500);
        }

        journal.End();
        using var store = AuditStore.Of(journal.StorePath);
        var options = journal.AuditOptions(snapshots: journal.StorePath + ".snapshots");
        new AuditRun(options, store).Run(CancellationToken.None);
        File.Delete(JournalFiles.PathOf(journal.JournalFolder, 0));
        var snapshots = Directory.GetFiles(options.SnapshotFolder!, "*.state", SearchOption.AllDirectories);
        Assert.That(snapshots, Is.Not.Empty);
        foreach (var path in snapshots)
            File.WriteAllText(path, "no snapshot");

        Assert.That(
            () => new AuditRun(options, store).Run(CancellationToken.None),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("there is no snapshot of what was before")
                .And.Message.Contains($"{snapshots[0]}: 11 bytes are no snapshot"));
    }

    /// <summary>Models and build are blamed for what a power failure did, else.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void ShouldSayThatTheJournalWasCutWhenItResumesFromASnapshotOfWhatIsGone(bool hasGoneOn)
    {
        var seed = TestSeed.Next();
        using var before = new TestJournal(seed);
        before.Add(100);
        before.End();
        using var store = AuditStore.Of(before.StorePath);
        var snapshots = before.StorePath + ".snapshots";
        new AuditRun(before.AuditOptions(snapshots: snapshots), store).Run(CancellationToken.None);
        using var after = new TestJournal(seed);
        after.Add(50);
        for (var id = 1UL; hasGoneOn && after.Events.Count < before.Events.Count; id++)
        {
            var command = new Command
            {
                CommandId = id,
                Kind = CommandKind.CancelAll,
                Reason = 1,
                SendTimeNs = after.Events[^1].Header.TimeNs,
            };
            after.Add(EventKind.Command, 0, new EventPayload { Command = command }, id);
        }

        after.Add(hasGoneOn ? 200 : 0);
        after.End();

        Assert.That(
            () => new AuditRun(after.AuditOptions(snapshots: snapshots), store).Run(CancellationToken.None),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("was cut"));
        Assert.That(store.ReadJournals().Single().Position, Is.EqualTo(before.Events.Count));
    }

    [Test]
    public void ShouldRefuseARunWhenTheConfigurationIsAnother()
    {
        using var store = AuditStore.Of(Path.Combine(_journal.Folder, "other.db"));
        var options = new AuditOptions
        {
            JournalFolder = _journal.JournalFolder,
            Pipeline = TestJournal.Options with { Account = new AccountOptions { StartingCash = 1m } },
            Policy = _journal.AuditOptions().Policy,
        };

        Assert.That(
            () => new AuditRun(options, store).Run(CancellationToken.None),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("another configuration"));
    }

    [Test]
    public void ShouldSayWhatChangedAndByWhomWhenTheNextJournalIsOfAnotherConfiguration()
    {
        var path = Path.Combine(_journal.Folder, "changed.db");
        using var store = AuditStore.Of(path);
        new AuditRun(_journal.AuditOptions(), store).Run(CancellationToken.None);
        var changed = TestJournal.Options with { Limits = TestJournal.Options.Limits with { MaxPosition = 9 } };
        using var next = new TestJournal(TestSeed.Next(), changed);
        next.Add(100);
        next.End();
        var options = new AuditOptions
        {
            JournalFolder = next.JournalFolder,
            Pipeline = changed,
            Policy = next.AuditOptions().Policy,
            Author = new("J. Doe", "the desk asked for less"),
        };

        new AuditRun(options, store).Run(CancellationToken.None);

        var record = store.Read(new RecordFilter { Kind = AuditKind.Configuration }).Last();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(record.Entry.Outcome, Is.EqualTo("changed"));
            Assert.That(record.Entry.Explanation, Does.Contain("limits.max_position from 12 to 9"));
            Assert.That(record.Entry.Explanation, Does.Contain("J. Doe").And.Contain("the desk asked for less"));
            Assert.That(ChainVerifier.Verify(store, null, CancellationToken.None).Problems, Is.Empty);
        }
    }

    [Test]
    public void ShouldHaveTheSameRecordsWhenItFollowsAJournalThatGrows()
    {
        var seed = TestSeed.Next();
        using var growing = new TestJournal(seed);
        var path = Path.Combine(growing.Folder, "followed.db");
        using var ended = new CancellationTokenSource();
        growing.Add(1);
        var run = Task.Factory.StartNew(
            () =>
            {
                using var store = AuditStore.Of(path);
                return new AuditRun(growing.AuditOptions(isFollowing: true), store).Run(ended.Token);
            },
            TaskCreationOptions.LongRunning);

        growing.Add(Inputs);
        growing.End();
        using var reading = AuditStore.Of(path);
        var events = growing.Events.Count;
        var isDone = SpinWait.SpinUntil(() => run.IsCompleted || IsAt(reading, events), TimeSpan.FromSeconds(60));
        ended.Cancel();

        Assert.That(isDone, Is.True);
        var figures = run.GetAwaiter().GetResult();
        using var whole = AuditStore.Of(growing.StorePath);
        var head = new AuditRun(growing.AuditOptions(), whole).Run(CancellationToken.None).Head;
        Assert.That(Convert.ToHexString(reading.ReadHead().Hash.Span), Is.EqualTo(Convert.ToHexString(head.Hash.Span)));
        Assert.That(figures.Head.IsAt(head), Is.True);
        Assert.That((figures.Records, figures.Position), Is.EqualTo((head.Id, (long)events)));
    }

    private static bool IsAt(AuditStore store, long position)
    {
        try
        {
            return store.ReadJournals() is [var journal] && journal.Position == position;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private void AssertSameChain(AuditStore store)
    {
        var head = store.ReadHead();
        Assert.That(head.Id, Is.EqualTo(_head.Id));
        Assert.That(Convert.ToHexString(head.Hash.Span), Is.EqualTo(Convert.ToHexString(_head.Hash.Span)));
        Assert.That(ChainVerifier.Verify(store, null, CancellationToken.None).Problems, Is.Empty);
    }

    private sealed class DyingException : Exception;

    /// <summary>The process ends behind its first transaction, or before its second one is carried out.</summary>
    private sealed class DyingStore(string path, bool isCommitted) : SqliteStore(path)
    {
        private int _writes;

        protected override void Commit(DbTransaction transaction)
        {
            var isDying = ++_writes == (isCommitted ? 1 : 2);
            if (isDying && !isCommitted)
                throw new DyingException();

            base.Commit(transaction);
            if (isDying)
                throw new DyingException();
        }
    }

    /// <summary>Behind its first transaction somebody removes the older half of the records.</summary>
    private sealed class RetainedStore(string path) : SqliteStore(path)
    {
        public long Removed { get; private set; }

        protected override void Commit(DbTransaction transaction)
        {
            base.Commit(transaction);
            if (Removed > 0)
                return;

            using var other = new SqliteStore(Name);
            var records = other.Read(new RecordFilter()).ToList();
            var middleUs = records[records.Count / 2].Entry.TimeUs;
            var now = DateTimeOffset.UnixEpoch.AddTicks(middleUs * TimeSpan.TicksPerMicrosecond).AddDays(10);
            Removed = Retention.RemoveOld(other, now, 10, null);
        }
    }

    /// <summary>Is busy at every third opening, and loses every second answer.</summary>
    private sealed class FlakyStore(string path) : SqliteStore(path)
    {
        private const int Busy = 5;

        private int _openings;
        private int _answers;

        protected override DbConnection Open() =>
            ++_openings % 3 == 0 ? throw new SqliteException("the store is down", Busy) : base.Open();

        protected override void Commit(DbTransaction transaction)
        {
            base.Commit(transaction);
            if (++_answers % 2 == 1)
                throw new SqliteException("the answer was lost", Busy);
        }
    }
}
