using System.Text;
using System.Text.Json;
using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Audit.Store;
using ExecutionPipeline.Audit.Verification;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Venues;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Cli.Tests.Crashes;

/// <summary>One execution, as either side knows it.</summary>
internal readonly record struct Execution(ulong OrderId, Side Side, int Quantity, long PriceE9, long FeeE6)
{
    public int Signed => Side == Side.Buy ? Quantity : -Quantity;

    public static Execution Of(in ExecutionReport report) =>
        new(report.OrderId, report.Side, report.LastQuantity, report.LastPriceE9, report.FeeE6);
}

/// <summary>What the venue did, from its journal alone.</summary>
internal sealed class VenueBooks : IReportSink
{
    private readonly VenueCore _core;

    private VenueBooks(PipelineOptions options) => _core = new VenueCore(
        new InstrumentTable(options.Instruments), new MatchingVenueOptions(), this, new ResultHash());

    /// <summary>By their ids.</summary>
    public Dictionary<ulong, Execution> Executions { get; } = [];

    /// <summary>Executions that were told again with other words.</summary>
    public int Contradictions { get; private set; }

    public int OpenOrders => _core.OpenOrders;

    public static VenueBooks Read(string folder, PipelineOptions options)
    {
        var books = new VenueBooks(options);
        using var reader = new JournalReader(folder, owner: JournalOwner.Venue);
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
            books._core.Handle(in e);
        return books;
    }

    public void OnReport(in ExecutionReport report)
    {
        if (report.Kind == ExecutionReportKind.Trade
            && !Executions.TryAdd(report.ExecutionId, Execution.Of(in report))
            && Executions[report.ExecutionId] != Execution.Of(in report))
            Contradictions++;
    }
}

/// <summary>What the pipeline took in and what it led to, from its journal alone.</summary>
internal sealed class PipelineBooks : IOutboundSink
{
    private readonly Dictionary<ulong, HashSet<ulong>> _parents = [];

    private PipelineBooks()
    {
    }

    /// <summary>Executions that the venue reported, by their ids.</summary>
    public Dictionary<ulong, Execution> Executions { get; } = [];

    /// <summary>How often each signal came.</summary>
    public Dictionary<ulong, int> Signals { get; } = [];

    /// <summary>The messages that were published, by their numbers.</summary>
    public Dictionary<long, ulong> Told { get; } = [];

    /// <summary>How often each outcome of a decision came, with the limits that it broke.</summary>
    public SortedDictionary<string, int> Outcomes { get; } = [];

    /// <summary>Signals that more than one parent order was made for.</summary>
    public IEnumerable<ulong> ExecutedTwice => _parents.Where(static pair => pair.Value.Count > 1).Select(p => p.Key);

    /// <summary>Signals that an order was made for.</summary>
    public int Executed => _parents.Count;

    public required JournalReplay Replay { get; init; }

    public static PipelineBooks Read(string folder, PipelineOptions options)
    {
        var sink = new Relay();
        var books = new PipelineBooks
        {
            Replay = new JournalReplay(options, new RuleBasedPolicy(new RuleBasedPolicyOptions()), sink),
        };
        sink.Target = books;
        using (var reader = new JournalReader(folder))
            books.Replay.Run(reader, CancellationToken.None);
        using (var reader = new JournalReader(folder))
            books.ReadInputs(reader);
        return books;
    }

    public bool TrySend(ReadOnlySpan<byte> message) => true;

    public bool TrySend(ReadOnlySpan<byte> message, long sequence)
    {
        Told.Add(sequence, OutboundWatch.HashOf(message));
        if (!DecisionDecoder.TryWrap(message, out var decision))
            return true;

        var outcome = $"{decision.Outcome} {decision.RiskViolations}";
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
        if (decision.ApprovedQuantity > 0 && !decision.IsRepeat)
        {
            if (!_parents.TryGetValue(decision.SignalId, out var parents))
                _parents.Add(decision.SignalId, parents = []);
            parents.Add(decision.ParentId);
        }

        return true;
    }

    private void ReadInputs(JournalReader reader)
    {
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
            if (e.Header.Kind == EventKind.TradeQualified)
                Signals[e.Payload.TradeQualified.SignalId] =
                    Signals.GetValueOrDefault(e.Payload.TradeQualified.SignalId) + 1;
            else if (e.Header.Kind == EventKind.ExecutionReport
                && e.Payload.ExecutionReport is { Kind: ExecutionReportKind.Trade } report)
                Executions.TryAdd(report.ExecutionId, Execution.Of(in report));
        }
    }

    private sealed class Relay : IOutboundSink
    {
        public PipelineBooks Target { get; set; } = null!;

        public bool TrySend(ReadOnlySpan<byte> message) => Target.TrySend(message);

        public bool TrySend(ReadOnlySpan<byte> message, long sequence) => Target.TrySend(message, sequence);
    }
}

/// <summary>The audit of the pipeline's journal, which is made in several goes.</summary>
internal sealed class AuditBooks(string folder, string journal, PipelineOptions options) : IDisposable
{
    private readonly AuditStore _store = AuditStore.Of(Path.Combine(folder, "audit.db"));

    /// <summary>Goes on to where the journal ends now.</summary>
    public void GoOn()
    {
        using var policy = LoadedPolicy.Rules();
        new AuditRun(
            new AuditOptions
            {
                JournalFolder = journal,
                Pipeline = options,
                Policy = policy,
                SnapshotFolder = Path.Combine(folder, "audit-snapshots"),
            },
            _store).Run(CancellationToken.None);
    }

    public ChainReport Verify() => ChainVerifier.Verify(_store, null, CancellationToken.None);

    /// <summary>Signals that a decision is recorded for.</summary>
    public HashSet<ulong> Signals() =>
        [.. _store.Read(new RecordFilter { Kind = AuditKind.Decision }).Select(static record => record.Entry.SignalId)];

    /// <summary>Contracts that are recorded as booked, by execution id, each booking once.</summary>
    public Dictionary<string, int> Booked()
    {
        var booked = new Dictionary<string, int>();
        foreach (var record in _store.Read(new RecordFilter { Kind = AuditKind.Order }))
        {
            using var document = JsonDocument.Parse(record.Entry.Document);
            if (!document.RootElement.TryGetProperty("report", out var report)
                || report.GetProperty("booked_quantity").GetInt32() is var quantity && quantity == 0)
                continue;

            var id = report.GetProperty("execution_id").ToString();
            booked[id] = booked.GetValueOrDefault(id) + quantity;
        }

        return booked;
    }

    public void Dispose() => _store.Dispose();
}
