using System.Text;
using System.Text.Json.Nodes;
using ExecutionPipeline.Audit.Reading;
using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Audit.Tests.Support;
using ExecutionPipeline.Messages.Events;
using Parquet;

namespace ExecutionPipeline.Audit.Tests.Reading;

[TestFixture]
public sealed class ExportTests
{
    private TestJournal _journal = null!;
    private AuditStore _store = null!;
    private List<AuditRecord> _records = [];

    [OneTimeSetUp]
    public void RunOnce()
    {
        _journal = new TestJournal(TestSeed.Next());
        _journal.Add(1_000);
        _journal.End();
        _store = AuditStore.Of(_journal.StorePath);
        new AuditRun(_journal.AuditOptions(), _store).Run(CancellationToken.None);
        _records = [.. _store.Read(new RecordFilter())];
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _store.Dispose();
        _journal.Dispose();
    }

    [Test]
    public async Task ShouldReadBackWhatWasWrittenWhenItIsParquet()
    {
        using var file = new MemoryStream();
        await ParquetExport.WriteAsync(_records, file, CancellationToken.None);
        file.Position = 0;

        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);
        var ids = new long[_records.Count];
        var urgencies = new float?[_records.Count];
        await group.ReadAsync<long>(reader.Schema.FindDataField("id"), ids);
        await group.ReadAsync<float>(reader.Schema.FindDataField("feature_urgency_factor"), urgencies.AsMemory());

        Assert.That(ids, Is.EqualTo(_records.Select(static record => record.Id)));
        Assert.That(
            urgencies.OfType<float>(),
            Is.EqualTo(_journal.Decisions.Select(static e => e.Features[Feature.UrgencyFactor])));
    }

    [Test]
    public async Task ShouldHoldTheGreatestSignalWhenItIsParquet()
    {
        var record = _records[0] with { Entry = _records[0].Entry with { SignalId = ulong.MaxValue } };
        using var file = new MemoryStream();
        await ParquetExport.WriteAsync([record], file, CancellationToken.None);
        file.Position = 0;

        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);
        var signals = new ulong[1];
        await group.ReadAsync<ulong>(reader.Schema.FindDataField("signal"), signals);

        Assert.That(signals, Is.EqualTo(new[] { ulong.MaxValue }));
    }

    [Test]
    public void ShouldHaveOneJsonObjectALineWhenItIsJson()
    {
        using var file = new MemoryStream();
        RecordExport.WriteJson(_records, file, CancellationToken.None);

        var lines = Encoding.UTF8.GetString(file.ToArray()).TrimEnd('\n').Split('\n');
        Assert.That(
            lines.Select(static line => JsonNode.Parse(line)!["hash"]!.GetValue<string>()),
            Is.EqualTo(_records.Select(static record => Convert.ToHexStringLower(record.Hash.Span))));
    }

    [Test]
    public void ShouldQuoteTextsWhenItIsCsv()
    {
        using var file = new MemoryStream();
        RecordExport.WriteCsv(_records.Take(3), file, CancellationToken.None);

        var lines = Encoding.UTF8.GetString(file.ToArray()).Split("\r\n");
        Assert.That(lines, Has.Length.EqualTo(5));
        Assert.That(lines[1], Does.StartWith("1,1,0,2023-").And.Contain("{\"\"timestamp\"\":"));
    }

    [Test]
    public void ShouldHoldTheWholeLifeInOneObjectWhenATradeIsClosed()
    {
        var trade = _journal.Actions
            .First(static one => one.Action is { Kind: RoutingActionKind.TradeClosed, Trade.SignalId: > 0 })
            .Action.Trade;

        var whole = WholeDecision.Read(_store, new RecordFilter { SignalId = trade.SignalId }).First();

        var net = (trade.GrossPnlE6 - trade.EntryFeesE6 - trade.ExitFeesE6) / 1_000_000m;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(whole["trades_closed"]![0]!["pnl_net"]!.GetValue<decimal>(), Is.EqualTo(net));
            Assert.That(whole["execution_result"]!["status"]!.GetValue<string>(), Is.AnyOf("filled", "partial"));
            Assert.That(whole["order_life"]!.AsArray(), Has.Count.GreaterThan(2));
            Assert.That(
                whole["human_explanation"]!.GetValue<string>(), Does.StartWith($"Signal {trade.SignalId} asked"));
            Assert.That(
                whole.Select(static pair => pair.Key), Is.SupersetOf(
                    new[]
                    {
                        "execution_id", "timestamp", "regulatory_version", "input_context", "ai_decisions",
                        "risk_validation", "execution_result", "performance_metrics", "human_explanation",
                        "model_version", "configuration_hash",
                    }));
        }

        var told = WholeDecision.Explain(_store, trade.SignalId).Select(static one => one.Sentence).ToList();
        Assert.That(told, Has.Some.StartsWith($"Trade {trade.TradeId} is closed"));
    }
}
