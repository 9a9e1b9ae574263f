using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Venues;

namespace ExecutionPipeline.Pipeline.Tests.Venues;

/// <summary>One run of a venue on a journal, driven by events: what its process does between its streams.</summary>
internal sealed class VenueRun : IReportSink, IDisposable
{
    private readonly VenueCore _core;
    private readonly VenueJournal _journal;
    private readonly bool _isRecovered;

    /// <param name="folder">Of the journal.</param>
    /// <param name="matching">Of the venue; null: without latency.</param>
    /// <param name="results">What the run begins with; null: nothing.</param>
    /// <param name="files">Of a disk that is synced before each answer; null: the system's, which is not.</param>
    public VenueRun(
        string folder, MatchingVenueOptions? matching = null, ResultHash? results = null, ISegmentFiles? files = null)
    {
        results ??= new ResultHash();
        matching ??= new MatchingVenueOptions();
        _core = new VenueCore(new InstrumentTable(Pipeline.Instruments), matching, this, results);
        _journal = VenueJournal.Open(
            new VenueJournalOptions
            {
                Folder = folder,
                Journal = Pipeline.Journal with { Sync = files is null ? JournalSync.None : JournalSync.Batch },
                Pipeline = Pipeline,
            },
            matching, _core, results, files);
        _isRecovered = true;
    }

    public static PipelineOptions Pipeline { get; } = new()
    {
        Instruments = [new InstrumentOptions { Id = 7, Symbol = "ES", TickSize = 0.25m, Multiplier = 50 }],
        Journal = new JournalOptions { SegmentMb = 1 },
    };

    /// <summary>What was told since the start.</summary>
    public List<ExecutionReport> Told { get; } = [];

    /// <summary>What was told again, to nobody, as the journal was replayed.</summary>
    public List<ExecutionReport> Replayed { get; } = [];

    public RecoveredVenue? Recovered => _journal.Recovered;

    public void Take(ref readonly PipelineEvent e)
    {
        _journal.Append(in e);
        _core.Handle(in e);
    }

    /// <summary>What a venue's process does before it sends what was told.</summary>
    public void SyncBeforeAnswer() => _journal.SyncBeforeAnswer();

    public void OnReport(in ExecutionReport report) => (_isRecovered ? Told : Replayed).Add(report);

    /// <summary>Ends as a killed process does: the files stay as they are.</summary>
    public void Kill()
    {
        _journal.Abandon();
        _journal.Dispose();
    }

    public void Dispose() => _journal.Dispose();
}

/// <summary>Events of a venue, drawn by a seed: market, timers, and requests on a few hundred orders.</summary>
internal sealed class VenueInput(Random random)
{
    private const long E9 = 1_000_000_000;
    private const long TickE9 = E9 / 4;
    private long _timeNs = 1_700_000_000 * E9;
    private ulong _lastOrder;

    /// <summary>An update that quotes 5,000 and some ticks.</summary>
    public PipelineEvent Market(long ticks = 0) => New(EventKind.MarketUpdate, new EventPayload
    {
        MarketUpdate = new MarketUpdate
        {
            BidPriceE9 = 5_000 * E9 + ticks * TickE9,
            AskPriceE9 = 5_000 * E9 + (ticks + 1) * TickE9,
            BidQuantity = 3,
            AskQuantity = 3,
            BidOrders = 1,
            AskOrders = 1,
        },
    });

    public PipelineEvent Timer() => New(EventKind.Timer, default);

    /// <summary>A limit order, some ticks away from 5,000.</summary>
    public PipelineEvent Order(ulong id, Side side, int quantity, long ticks) => Request(new VenueRequest
    {
        Kind = VenueRequestKind.NewOrder,
        OrderId = id,
        Side = side,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        Quantity = quantity,
        LimitPriceE9 = 5_000 * E9 + ticks * TickE9,
    });

    /// <summary>A request on an order, or on none.</summary>
    public PipelineEvent Request(VenueRequestKind kind, ulong id = 0) => Request(new VenueRequest
    {
        Kind = kind,
        OrderId = id,
        Side = Side.Buy,
        Quantity = 2,
        LimitPriceE9 = 5_000 * E9,
    });

    /// <summary>Any event.</summary>
    public PipelineEvent Next()
    {
        var id = (ulong)random.NextInt64(1, (long)_lastOrder + 2);
        return random.Next(12) switch
        {
            < 3 => Market(random.Next(-8, 9)),
            3 => Timer(),
            4 => Request(VenueRequestKind.Cancel, id),
            5 => Request(VenueRequestKind.Replace, id),
            6 => Request(VenueRequestKind.Status, id),
            7 => Request(random.Next(20) == 0 ? VenueRequestKind.CancelAll : VenueRequestKind.OpenOrders),
            _ => Order(
                ++_lastOrder, random.Next(2) == 0 ? Side.Buy : Side.Sell, random.Next(1, 6), random.Next(-9, 10)),
        };
    }

    private PipelineEvent Request(VenueRequest request) =>
        New(EventKind.VenueRequest, new EventPayload { VenueRequest = request });

    private PipelineEvent New(EventKind kind, EventPayload payload)
    {
        _timeNs += random.Next(1_000_000);
        return new PipelineEvent
        {
            Header = { Kind = kind, TimeNs = _timeNs, CorrelationId = payload.VenueRequest.OrderId },
            Payload = payload,
        };
    }
}
