using System.Data.Common;
using System.Security.Cryptography;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Audit.Tests.Support;
using ExecutionPipeline.Audit.Verification;
using Microsoft.Data.Sqlite;

namespace ExecutionPipeline.Audit.Tests.Verification;

[TestFixture]
public sealed class ChainVerifierTests
{
    private static readonly string[] Changes =
    [
        "journal = 9", "sequence = sequence + 1", "time_us = time_us - 1", "instrument = 99", "signal = 77777",
        "kind = 'venue'", "kind = 'no such kind'", "outcome = 'x'", "explanation = explanation || ' '",
        "document = replace(document, ':', ': ')", "previous = hash", "hash = zeroblob(32)",
        // What reads as the same value, and hides the record from whoever asks for it.
        "instrument = instrument + 4294967296", "time_us = time_us + 0.5", "outcome = CAST(outcome AS BLOB)",
        "kind = CAST(kind AS BLOB)", "hash = lower(hex(hash))",
    ];

    private TestJournal _journal = null!;
    private long _last;
    private string _path = "";

    [OneTimeSetUp]
    public void RunOnce()
    {
        _journal = new TestJournal(TestSeed.Next());
        _journal.Add(60);
        _journal.End();
        using var store = AuditStore.Of(_journal.StorePath);
        _last = new AuditRun(_journal.AuditOptions(), store).Run(CancellationToken.None).Head.Id;
        Assert.That(_last, Is.GreaterThan(20));
        Execute(_journal.StorePath, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    [OneTimeTearDown]
    public void Remove() => _journal.Dispose();

    [SetUp]
    public void Copy()
    {
        _path = Path.Combine(_journal.Folder, $"{Guid.NewGuid():N}.db");
        File.Copy(_journal.StorePath, _path);
    }

    [Test]
    public void ShouldFindNothingWhenNothingWasChanged()
    {
        var report = Verify();

        Assert.That(report.Problems, Is.Empty);
        Assert.That((report.Records, report.FirstId, report.Head.Id), Is.EqualTo((_last, 1L, _last)));
    }

    [TestCaseSource(nameof(Changes))]
    public void ShouldNameTheRecordWhenOneIsChanged(string change)
    {
        foreach (var id in SomeIds())
        {
            Copy();
            Execute(_path, $"UPDATE audit_record SET {change} WHERE id = {id}");

            Assert.That(
                Verify().Problems.Select(static one => (one.Fault, one.FirstId)),
                Has.Member((ChainFault.Changed, id)), $"{change} in record {id}");
        }
    }

    [Test]
    public void ShouldNameTheRecordsWhenSomeAreDeleted([Values(1, 3)] int count)
    {
        foreach (var id in SomeIds().Where(id => id + count - 1 <= _last))
        {
            Copy();
            Execute(_path, $"DELETE FROM audit_record WHERE id BETWEEN {id} AND {id + count - 1}");

            var problem = Verify().Problems.First();
            Assert.That(
                (problem.Fault, problem.FirstId, problem.LastId),
                Is.EqualTo((ChainFault.Missing, id, id + count - 1)));
        }
    }

    [Test]
    public void ShouldNameBothRecordsWhenTheyAreSwapped()
    {
        foreach (var (first, second) in new[] { (1L, 2L), (5L, 6L), (5L, 12L), (3L, _last), (_last - 1, _last) })
        {
            Copy();
            Execute(
                _path,
                $"UPDATE audit_record SET id = -1 WHERE id = {first}; "
                    + $"UPDATE audit_record SET id = {first} WHERE id = {second}; "
                    + $"UPDATE audit_record SET id = {second} WHERE id = -1");

            var problems = Verify().Problems;
            Assert.That(
                problems.Where(static one => one.Fault == ChainFault.Reordered).Select(static one => one.FirstId),
                Is.EqualTo(new[] { first, second }), $"{first} and {second}");
            Assert.That(problems[0].Message, Does.Contain($"written as record {second}"));
        }
    }

    [Test]
    public void ShouldNameARecordThatStandsAtAnothersPlaceWhenOneIsDeletedAndTheRestAreRenumbered()
    {
        Execute(
            _path,
            "DELETE FROM audit_record WHERE id = 5; UPDATE audit_record SET id = -id WHERE id > 5; "
                + "UPDATE audit_record SET id = -id - 1 WHERE id < 0");

        var problem = Verify().Problems.First();
        Assert.That((problem.Fault, problem.FirstId), Is.EqualTo((ChainFault.Reordered, 5L)));
    }

    [Test]
    public void ShouldFindItByTheHeadWhenTheLastRecordIsWorkedOutAnew()
    {
        using var store = AuditStore.Of(_path);
        var record = store.Read(new RecordFilter { FromId = _last }).Single();
        var changed = record.Entry with { Outcome = "forged" };
        var hash = RecordChain.HashOf(record.Id, record.Journal, changed, record.Previous.Span);
        Execute(
            _path,
            $"UPDATE audit_record SET outcome = 'forged', hash = x'{Convert.ToHexString(hash)}' WHERE id = {_last}");

        Assert.That(Verify().Problems.Single().Fault, Is.EqualTo(ChainFault.Head));
    }

    [Test]
    public void ShouldFindItByTheSignatureWhenTheWholeChainIsWorkedOutAnew()
    {
        var pem = Path.Combine(_journal.Folder, "key.pem");
        using (var made = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            File.WriteAllText(pem, made.ExportECPrivateKeyPem());
        using var key = HeadKey.Read(pem);
        var path = Path.Combine(_journal.Folder, "signed.db");
        using var store = AuditStore.Of(path);
        var options = new AuditOptions
        {
            JournalFolder = _journal.JournalFolder,
            Pipeline = _journal.Configured,
            Policy = _journal.AuditOptions().Policy,
            Key = key,
        };
        new AuditRun(options, store).Run(CancellationToken.None);
        var before = ChainVerifier.Verify(store, key, CancellationToken.None);

        var forged = new byte[32];
        var head = store.ReadHead();
        var record = store.Read(new RecordFilter { FromId = head.Id }).Single();
        forged = RecordChain.HashOf(
            record.Id, record.Journal, record.Entry with { Outcome = "forged" }, record.Previous.Span);
        Execute(
            path, $"UPDATE audit_record SET outcome = 'forged', hash = x'{Convert.ToHexString(forged)}' "
                + $"WHERE id = {head.Id}; UPDATE audit_head SET hash = x'{Convert.ToHexString(forged)}'");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Problems, Is.Empty);
            Assert.That(before.IsSignatureChecked, Is.True);
            Assert.That(ChainVerifier.Verify(store, null, CancellationToken.None).Problems, Is.Empty);
            Assert.That(
                ChainVerifier.Verify(store, key, CancellationToken.None).Problems.Single().Message,
                Does.Contain("signature is not of the key"));
        }
    }

    [Test]
    public void ShouldFindNothingWhenTheHeadGoesOnWhileItIsVerified()
    {
        using var key = NewKey();
        using (var store = AuditStore.Of(_path))
            Append(store, key);
        using var growing = new GrowingStore(_path, other => Append(other, key));

        var report = ChainVerifier.Verify(growing, key, CancellationToken.None);

        Assert.That(growing.IsGrown, Is.True);
        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.IsSignatureChecked, Is.True);
    }

    [Test]
    public void ShouldFindNothingWhenOldRecordsAreRemovedWhileItIsVerified([Values] bool areAllOld)
    {
        using var store = AuditStore.Of(_path);
        var oldest = areAllOld
            ? DateTimeOffset.UtcNow
            : TimeOf(store.Read(new RecordFilter()).ElementAt((int)_last / 2));
        using var growing = new GrowingStore(
            _path, other => Assert.That(Retention.RemoveOld(other, oldest.AddDays(10), 10, null), Is.Positive));

        var report = ChainVerifier.Verify(growing, null, CancellationToken.None);

        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.Head.Id, Is.EqualTo(_last + 1));
    }

    [Test]
    public void ShouldMissTheNotedRecordWhenAnOlderSignedHeadIsPutBack()
    {
        using var key = NewKey();
        using var store = AuditStore.Of(_path);
        Append(store, key);
        var (older, signed) = store.ReadSignedHead();
        Append(store, key);
        var noted = store.ReadHead();
        Assert.That(Verify(key, noted, older), Is.Empty);

        Execute(
            _path,
            $"DELETE FROM audit_record WHERE id > {older.Id}; UPDATE audit_head SET id = {older.Id}, "
                + $"hash = x'{Convert.ToHexString(older.Hash.Span)}', "
                + $"signature = x'{Convert.ToHexString(signed!.Value.Signature)}'");

        Assert.That(Verify(key, older), Is.Empty, "a signature alone does not show it");
        var problem = Verify(key, noted).Single();
        Assert.That((problem.Fault, problem.FirstId), Is.EqualTo((ChainFault.Missing, noted.Id)));
        Assert.That(problem.Message, Does.Contain($"the chain ends with record {older.Id}"));
    }

    [Test]
    public void ShouldNameTheNotedRecordWhenItHasAnotherHash()
    {
        var problem = Verify(null, new ChainHead(5, new byte[32])).Single();

        Assert.That((problem.Fault, problem.FirstId), Is.EqualTo((ChainFault.Changed, 5)));
        Assert.That(problem.Message, Does.Contain("has not the hash that was noted"));
    }

    [Test]
    public void ShouldTakeANotedRecordForRemovedOnlyWhenRetentionSaysSo()
    {
        using var store = AuditStore.Of(_path);
        var records = store.Read(new RecordFilter()).ToList();
        var removed = Retention.RemoveOld(store, TimeOf(records[(int)_last / 2]).AddDays(10), 10, null);
        var last = records[(int)removed - 1];

        Assert.That(
            Verify(null, new ChainHead(1, records[0].Hash), new ChainHead(last.Id, last.Hash)), Is.Empty);
        Assert.That(
            Verify(null, new ChainHead(last.Id, new byte[32])).Single().Message,
            Does.Contain($"record {last.Id} has not the hash that was noted"));

        Execute(_path, $"DELETE FROM audit_record WHERE id <= {removed + 1}");
        Assert.That(
            Verify(null, new ChainHead(removed + 1, records[(int)removed].Hash)).Select(static one => one.FirstId),
            Has.Member(removed + 1), "one more is missing");
    }

    [Test]
    public void ShouldRefuseToWriteUnsignedWhenTheHeadIsSigned()
    {
        Execute(_path, "UPDATE audit_head SET signature = x'00', key_id = 'abc'");
        using var store = AuditStore.Of(_path);
        var head = store.ReadHead();

        Assert.That(
            () => store.Write(head, [RecordChain.Append(head, 1, TestJournal.Entry)], store.ReadJournals()[0], null),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("--sign-key"));
    }

    [Test]
    public void ShouldStayWholeWhenOldRecordsAreRemovedByAge()
    {
        using var store = AuditStore.Of(_path);
        var middle = store.Read(new RecordFilter()).ElementAt((int)_last / 2).Entry.TimeUs;
        var now = DateTimeOffset.UnixEpoch.AddTicks(middle * TimeSpan.TicksPerMicrosecond).AddDays(10);

        var removed = Retention.RemoveOld(store, now, 10, null);

        var report = Verify();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(removed, Is.Positive.And.LessThan(_last));
            Assert.That(report.Problems, Is.Empty);
            Assert.That(report.FirstId, Is.EqualTo(removed + 1));
            Assert.That(store.Read(new RecordFilter()).First().Entry.TimeUs, Is.GreaterThanOrEqualTo(middle));
            Assert.That(Retention.RemoveOld(store, now, 10, null), Is.Zero, "a second time there is nothing to do");
        }

        Execute(_path, $"DELETE FROM audit_record WHERE id = {removed + 1}");
        Assert.That(Verify().Problems.First().LastId, Is.EqualTo(removed + 1), "one more is missing");
    }

    [Test]
    public void ShouldNotTakeForMissingWhatItHasNotReadWhenTooMuchIsWrong()
    {
        using (var store = AuditStore.Of(_path))
        {
            var (head, records) = (store.ReadHead(), new List<AuditRecord>());
            for (var end = head; records.Count < 300; end = new ChainHead(records[^1].Id, records[^1].Hash))
                records.Add(RecordChain.Append(end, 1, TestJournal.Entry));
            store.Write(head, records, store.ReadJournals()[0], null);
        }

        Execute(_path, "UPDATE audit_record SET outcome = 'changed' WHERE id % 2 = 0 AND id <= 240");

        var report = Verify();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Problems.Select(static one => one.Fault), Is.All.EqualTo(ChainFault.Changed));
            Assert.That(report.Problems, Has.Count.EqualTo(100));
            Assert.That(report.UnreadBehind, Is.EqualTo(200));
            Assert.That(report.Records, Is.EqualTo(200));
        }

        Copy();
        Execute(_path, "UPDATE audit_record SET outcome = 'changed' WHERE id = 5");
        Assert.That(Verify().UnreadBehind, Is.Null, "all were read");
    }

    /// <summary>All were read, so that nothing may be left out.</summary>
    [Test]
    public void ShouldHoldAgainstWhatWasNotedWhenTheLastRecordIsTheLastOfTooManyProblems()
    {
        using var store = AuditStore.Of(_path);
        var (head, records) = (store.ReadHead(), new List<AuditRecord>());
        for (var end = head; records.Count < 300; end = new ChainHead(records[^1].Id, records[^1].Hash))
            records.Add(RecordChain.Append(end, 1, TestJournal.Entry));
        store.Write(head, records, store.ReadJournals()[0], null);
        var last = store.ReadHead();
        Execute(_path, $"UPDATE audit_record SET outcome = 'changed' WHERE id > {last.Id - ChainVerifier.MaxProblems}");
        Assert.That(Verify().Problems, Has.Count.EqualTo(ChainVerifier.MaxProblems));
        Assert.That(Verify().UnreadBehind, Is.Null);

        var noted = last with { Id = last.Id + 1 };

        Assert.That(
            Verify(key: null, noted).Skip(ChainVerifier.MaxProblems).Select(static one => (one.Fault, one.FirstId)),
            Is.EqualTo(new[] { (ChainFault.Missing, noted.Id) }));
    }

    [Test]
    public void ShouldRemoveOldRecordsWhenOthersAreWrittenMeanwhile([Values(1, 3)] int times)
    {
        using var key = NewKey();
        using (var store = AuditStore.Of(_path))
            Append(store, key);
        using var busy = new BusyStore(_path, other => Append(other, key), times);
        var records = busy.Read(new RecordFilter()).ToList();

        var removed = Retention.RemoveOld(busy, TimeOf(records[records.Count / 2]).AddDays(10), 10, key);

        Assert.That(busy.Writes, Is.EqualTo(times));
        Assert.That(removed, Is.Positive.And.LessThan(records.Count));
        var report = ChainVerifier.Verify(busy, key, CancellationToken.None);
        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.FirstId, Is.EqualTo(removed + 1));
        Assert.That(report.Head.Id, Is.EqualTo(_last + 1 + times + 1));
    }

    [Test]
    public void ShouldGiveUpWhenEveryTimeSomebodyElseIsFirst()
    {
        using var key = NewKey();
        using (var store = AuditStore.Of(_path))
            Append(store, key);
        using var busy = new BusyStore(_path, other => Append(other, key), int.MaxValue);
        var middle = busy.Read(new RecordFilter()).ElementAt((int)_last / 2);

        Assert.That(
            () => Retention.RemoveOld(busy, TimeOf(middle).AddDays(10), 10, key),
            Throws.TypeOf<StoreConflictException>());
        Assert.That(busy.Read(new RecordFilter()).First().Id, Is.EqualTo(1), "nothing was removed");
    }

    private IEnumerable<long> SomeIds() => [1, 2, 7, _last / 2, _last - 1, _last];

    private ChainReport Verify()
    {
        using var store = AuditStore.Of(_path);
        return ChainVerifier.Verify(store, null, CancellationToken.None);
    }

    private IReadOnlyList<ChainProblem> Verify(HeadKey? key, params ChainHead[] noted)
    {
        using var store = AuditStore.Of(_path);
        return ChainVerifier.Verify(store, key, CancellationToken.None, noted).Problems;
    }

    private static DateTimeOffset TimeOf(AuditRecord record) =>
        DateTimeOffset.UnixEpoch.AddTicks(record.Entry.TimeUs * TimeSpan.TicksPerMicrosecond);

    private static void Append(AuditStore store, HeadKey key)
    {
        var head = store.ReadHead();
        store.Write(head, [RecordChain.Append(head, 1, TestJournal.Entry)], store.ReadJournals()[0], key);
    }

    private HeadKey NewKey()
    {
        var pem = Path.Combine(_journal.Folder, $"{Guid.NewGuid():N}.pem");
        using (var made = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            File.WriteAllText(pem, made.ExportECPrivateKeyPem());
        return HeadKey.Read(pem);
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Another process writes to it behind the first thing that is read.</summary>
    private sealed class GrowingStore(string path, Action<AuditStore> write) : SqliteStore(path)
    {
        private readonly string _path = path;
        private int _openings;

        public bool IsGrown { get; private set; }

        protected override DbConnection Open()
        {
            if (++_openings == 2)
            {
                using var other = AuditStore.Of(_path);
                write(other);
                IsGrown = true;
            }

            return base.Open();
        }
    }

    /// <summary>Another process writes to it between what is read and the transaction, so many times.</summary>
    private sealed class BusyStore(string path, Action<AuditStore> write, int times) : SqliteStore(path)
    {
        private readonly string _path = path;

        public int Writes { get; private set; }

        public override void RemoveTo(long lastId, AuditRecord record, HeadKey? key)
        {
            if (Writes < times)
            {
                Writes++;
                using var other = AuditStore.Of(_path);
                write(other);
            }

            base.RemoveTo(lastId, record, key);
        }
    }
}
