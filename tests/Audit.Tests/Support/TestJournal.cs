using ExecutionPipeline.Audit.Records;
using ExecutionPipeline.Audit.Running;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Backtest;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Audit.Tests.Support;

/// <summary>
/// A journal of a run on a virtual clock, whose events are kept as the stages left them: what records are held against.
/// </summary>
internal sealed class TestJournal : IEventObserver, IDisposable
{
    private readonly EventJournal _journal;
    private readonly VirtualRun _run;
    private readonly SignalMix _mix;
    private bool _hasEnded;

    /// <summary>What may stand in a store, of no journal.</summary>
    public static AuditEntry Entry { get; } = new()
    {
        Sequence = 1,
        TimeUs = 1,
        Kind = AuditKind.Venue,
        Outcome = "x",
        Explanation = "x",
        Document = "{}",
    };

    /// <param name="seed">Of the inputs.</param>
    /// <param name="options">Null: <see cref="Options"/>.</param>
    /// <param name="segmentMb">Of the journal's segments.</param>
    public TestJournal(int seed, PipelineOptions? options = null, int segmentMb = 4)
    {
        Configured = options ?? Options;
        Folder = Directory.CreateTempSubdirectory($"xp-audit-{seed}-").FullName;
        _journal = new EventJournal(
            Path.Combine(Folder, "journal"), new JournalOptions { SegmentMb = segmentMb },
            PipelineConfiguration.HashOf(Configured));
        _mix = new SignalMix(seed, Configured.Instruments.Count);
        _run = new VirtualRun(Configured, LoadedPolicy.Rules().Backend, new NullSink(), _mix.TimeNs)
        {
            Observer = this,
        };
    }

    /// <summary>Two instruments, and limits that some orders break.</summary>
    public static PipelineOptions Options { get; } = new()
    {
        Account = new AccountOptions { StartingCash = 5_000_000m },
        Limits = new RiskLimits
        {
            MaxPosition = 12,
            MaxNotional = 15_000_000m,
            MaxDailyVar = 500_000,
            MaxWeeklyVar = 1_000_000,
            MaxDailyTrades = 100_000,
            MaxOrderValue = 2_000_000m,
            MaxPositionShare = 0.6,
            MaxSectorShare = 0.9,
            MaxCorrelation = 1,
        },
        Instruments =
        [
            new InstrumentOptions { Id = 1, Symbol = "ES" },
            new InstrumentOptions { Id = 7, Symbol = "MES", Multiplier = 5, MarginPerContract = 2_000m },
        ],
        Correlations = [new InstrumentCorrelation { First = 1, Second = 7, Correlation = 0.95 }],
    };

    public PipelineOptions Configured { get; }

    /// <summary>Holds the journal, and what a test puts beside it.</summary>
    public string Folder { get; }

    public string JournalFolder => _journal.Folder;

    public StageChain Chain => _run.Chain;

    /// <summary>Every event, by its number, as the stages left it.</summary>
    public List<PipelineEvent> Events { get; } = [];

    /// <summary>What routing did beside the events' own orders, with the event's number.</summary>
    public List<(long Sequence, RoutingAction Action)> Actions { get; } = [];

    public IEnumerable<PipelineEvent> Decisions => Events.Where(static e => e.Header.Kind == EventKind.TradeQualified);

    public string StorePath => Path.Combine(Folder, "audit.db");

    /// <summary>Takes so many inputs; their reports and timers come beside.</summary>
    public void Add(int inputs)
    {
        for (var i = 0; i < inputs; i++)
        {
            _mix.Next(out var header, out var payload);
            _run.Take(in header, in payload);
        }
    }

    /// <summary>One more input, at the time of the last one.</summary>
    public void Add(EventKind kind, int instrument, EventPayload payload, ulong correlationId)
    {
        var header = new EventHeader
        {
            Kind = kind,
            InstrumentIndex = instrument,
            TimeNs = _run.TimeNs,
            CorrelationId = correlationId,
        };
        Assert.That(_run.Take(in header, in payload), "the input is not admitted");
    }

    /// <summary>Writes the journal's end.</summary>
    public void End()
    {
        _hasEnded = true;
        _journal.Dispose();
    }

    public AuditOptions AuditOptions(
        bool isFollowing = false, string? snapshots = null, Action<string>? onNote = null, int batch = 50) => new()
        {
            JournalFolder = JournalFolder,
            Pipeline = Configured,
            Policy = LoadedPolicy.Rules(),
            IsFollowing = isFollowing,
            SnapshotFolder = snapshots,
            SnapshotInterval = 500,
            BatchRecords = batch,
            PauseMs = 1,
            RetryMs = 1,
            OnNote = onNote,
        };

    public void OnHandled(ref readonly PipelineEvent e, ActionLog actions)
    {
        _journal.AwaitRoom();
        _journal.Append(in e);
        _journal.Results.Fold(in e);
        for (var i = 0; i < e.Routing.ActionCount; i++)
            Actions.Add((Events.Count, actions[e.Routing.FirstAction + i]));
        Events.Add(e);
    }

    public void Dispose()
    {
        if (!_hasEnded)
            End();
        Directory.Delete(Folder, recursive: true);
    }
}
