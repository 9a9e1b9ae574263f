using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Audit.Tests.Support;
using ExecutionPipeline.Audit.Verification;

namespace ExecutionPipeline.Audit.Tests.Store;

[TestFixture]
public sealed class PostgresStoreTests
{
    private PostgresServer _server = null!;
    private TestJournal _journal = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = PostgresServer.StartOrSkip();
        _journal = new TestJournal(TestSeed.Next());
        _journal.Add(500);
        _journal.End();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _journal?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public void ShouldHoldTheSameChainAsSqliteThoughTheServerWasDown()
    {
        using var sqlite = AuditStore.Of(_journal.StorePath);
        var expected = new AuditRun(_journal.AuditOptions(), sqlite).Run(CancellationToken.None);
        using var postgres = AuditStore.Of(_server.ConnectionString);
        _server.Stop();
        var isStarted = false;
        var options = _journal.AuditOptions(onNote: _ =>
        {
            if (!isStarted)
                _server.Start();
            isStarted = true;
        });

        var figures = new AuditRun(options, postgres).Run(CancellationToken.None);
        var again = new AuditRun(_journal.AuditOptions(), postgres).Run(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(figures.Retries, Is.Positive);
            Assert.That(figures.Records, Is.EqualTo(expected.Records));
            Assert.That(again.Records, Is.Zero);
            Assert.That(
                Convert.ToHexString(figures.Head.Hash.Span), Is.EqualTo(Convert.ToHexString(expected.Head.Hash.Span)));
            Assert.That(ChainVerifier.Verify(postgres, null, CancellationToken.None).Problems, Is.Empty);
        }

        AssertSameAnswers(sqlite, postgres);
        var now = DateTimeOffset.UtcNow;
        Assert.That(Retention.RemoveOld(postgres, now, 1, null), Is.EqualTo(expected.Records));
        Assert.That(ChainVerifier.Verify(postgres, null, CancellationToken.None).Problems, Is.Empty);
    }

    /// <summary>Years of records take longer than a driver waits for an answer by itself.</summary>
    [Test]
    public void ShouldRemoveOldRecordsWhenThatTakesLongerThanACommandMay()
    {
        const string database = "slow";
        _server.Execute($"CREATE DATABASE {database}");
        var connection = _server.ConnectionString.Replace(
            "Database=postgres", $"Database={database};Command Timeout=1", StringComparison.Ordinal);
        using var store = AuditStore.Of(connection);
        var written = new AuditRun(_journal.AuditOptions(), store).Run(CancellationToken.None).Records;
        _server.Execute(
            "CREATE FUNCTION wait() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(2); RETURN NULL; END' LANGUAGE plpgsql; "
                + "CREATE TRIGGER wait BEFORE DELETE ON audit_record FOR EACH STATEMENT EXECUTE FUNCTION wait()",
            database);

        Assert.That(Retention.RemoveOld(store, DateTimeOffset.UtcNow, 1, null), Is.EqualTo(written));
    }

    private static void AssertSameAnswers(AuditStore sqlite, AuditStore postgres)
    {
        var middle = sqlite.Read(new RecordFilter()).ElementAt(200).Entry.TimeUs;
        RecordFilter[] filters =
        [
            new(), new() { Kind = AuditKind.Decision }, new() { FromUs = middle }, new() { UntilUs = middle },
            new() { InstrumentId = 7, Outcome = "filled" }, new() { Newest = 5 },
            new() { Oldest = 5 }, new() { FromId = 100, Newest = 3 },
            new() { SignalId = sqlite.Read(new RecordFilter { Kind = AuditKind.Trade }).First().Entry.SignalId },
        ];
        foreach (var filter in filters)
        {
            Assert.That(
                postgres.Read(filter).Select(static record => (record.Id, record.Entry)),
                Is.EqualTo(sqlite.Read(filter).Select(static record => (record.Id, record.Entry))), $"{filter}");
        }
    }
}
