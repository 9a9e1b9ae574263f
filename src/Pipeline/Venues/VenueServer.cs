using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// A matching venue behind two Aeron streams: takes requests, sends reports, answers heartbeats, and keeps its book
/// supplied with a recorded, generated or published market. Reports that the stream has no room for wait in order; they
/// are dropped where nobody reads them, and who comes back asks for them. With a journal nothing is answered that is
/// not written there. One thread.
/// </summary>
public sealed class VenueServer : IReportSink, IFragmentHandler, IDisposable
{
    private const int FragmentsPerTurn = 64;

    private readonly InstrumentIds _instruments;
    private readonly VenueCore _core;
    private readonly VenueJournal? _journal;
    private readonly Subscription _requests;
    private readonly ExclusivePublication _publication;
    private readonly byte[] _bytes = GC.AllocateArray<byte>(VenueMessages.MaxBytes, pinned: true);
    private readonly UnsafeBuffer _buffer;
    private readonly byte[] _message = new byte[VenueMessages.MaxBytes];
    private readonly Queue<WaitingReport> _waiting = new();
    private readonly PipelineEvent[] _event = new PipelineEvent[1];
    private readonly ulong _session;
    private readonly bool _isRecovered;
    private ulong _lastReport;
    private ulong _clientSession;
    private uint _askedInstrumentId;
    private long _nowNs;

    /// <param name="aeron">Stays the caller's.</param>
    /// <param name="options">The link's streams.</param>
    /// <param name="table">What is traded.</param>
    /// <param name="ids">Of the same instruments.</param>
    /// <param name="matching">Of the books.</param>
    /// <param name="startNs">Now, in nanoseconds since the Unix epoch.</param>
    /// <param name="journal">Where everything is written down; null: nowhere.</param>
    /// <exception cref="InvalidDataException">The journal is another's, or leads to something else.</exception>
    /// <exception cref="IOException">The journal is damaged, or cannot be read or written.</exception>
    public VenueServer(
        AeronClient aeron,
        VenueOptions options,
        InstrumentTable table,
        InstrumentIds ids,
        MatchingVenueOptions matching,
        long startNs,
        VenueJournalOptions? journal = null)
    {
        ArgumentNullException.ThrowIfNull(aeron);
        options.Validate();
        _instruments = ids;
        _session = (ulong)startNs;
        _buffer = new UnsafeBuffer(_bytes);
        var results = new ResultHash();
        _core = new VenueCore(table, matching, this, results);
        if (journal is not null)
            _journal = VenueJournal.Open(journal, matching, _core, results);
        _isRecovered = true;
        _nowNs = Math.Max(startNs, _core.TimeNs);
        TakeTimer();
        _publication = aeron.AddExclusivePublication(options.Channel, options.ReportStream);
        _requests = aeron.AddSubscription(options.Channel, options.RequestStream);
    }

    /// <summary>What was put back from a journal; null: nothing was.</summary>
    public RecoveredVenue? Recovered => _journal?.Recovered;

    /// <summary>Its time, in nanoseconds since the Unix epoch: never before its journal's last event.</summary>
    public long TimeNs => _nowNs;

    /// <summary>What was asked for, sent and executed so far.</summary>
    public VenueFigures Figures { get; private set; } = new();

    /// <summary>One turn at a time, which must not go back. Returns how much was done.</summary>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public int DoWork(long nowNs)
    {
        _nowNs = Math.Max(_nowNs, nowNs);
        if (_core.NextNs <= _nowNs)
            TakeTimer();
        var work = _requests.Poll(this, FragmentsPerTurn);
        return work + SendWaiting();
    }

    /// <summary>Brings the book's other side to an update of the market.</summary>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public void OnMarket(int instrument, in MarketUpdate update)
    {
        ref var e = ref NewEvent(EventKind.MarketUpdate, instrument, correlation: 0);
        e.Payload.MarketUpdate = update;
        Take();
    }

    /// <summary>From the venue, to the pipeline.</summary>
    public void OnReport(in ExecutionReport report)
    {
        if (report.Kind == ExecutionReportKind.Trade)
        {
            var signed = report.Side == Side.Buy ? report.LastQuantity : -report.LastQuantity;
            Figures = Figures with
            {
                Executions = Figures.Executions + 1,
                Contracts = Figures.Contracts + report.LastQuantity,
                Position = Figures.Position + signed,
            };
        }

        // What the run before told or did not tell is asked for by whoever needs it.
        if (_isRecovered)
            _waiting.Enqueue(new WaitingReport(report, InstrumentIdOf(report)));
    }

    /// <summary>Ends the journal in order, when no turn is taken any more.</summary>
    /// <exception cref="IOException">It gets no end; says why.</exception>
    public void Finish() => _journal?.Finish();

    public void Dispose()
    {
        _requests.Dispose();
        _publication.Dispose();
        _journal?.Dispose();
    }

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        if (length > _message.Length)
        {
            Figures = Figures with { Unreadable = Figures.Unreadable + 1 };
            return;
        }

        buffer.GetBytes(offset, _message, 0, length);
        var message = _message.AsSpan(0, length);
        if (VenueRequestDecoder.TryWrap(message, out var request))
            OnRequest(request);
        else if (VenueHeartbeatDecoder.TryWrap(message, out var heartbeat))
            OnHeartbeat(heartbeat);
        else
            Figures = Figures with { Unreadable = Figures.Unreadable + 1 };
    }

    private void OnRequest(in VenueRequestDecoder request)
    {
        Figures = Figures with { Requests = Figures.Requests + 1 };
        if (!VenueCore.IsRequest(request.RequestKind))
        {
            Figures = Figures with { Unreadable = Figures.Unreadable + 1 };
            return;
        }

        if (_core.HasTaken(request.Session, request.Sequence))
        {
            Figures = Figures with { Repeated = Figures.Repeated + 1 };
            return;
        }

        _askedInstrumentId = request.InstrumentId;
        ref var e = ref NewEvent(
            EventKind.VenueRequest, _instruments.IndexOf(request.InstrumentId), request.OrderId);
        e.Payload.VenueRequest = VenueMessages.RequestOf(request);
        Take();
    }

    /// <summary>What the pipeline calls it by: where it is unknown here, the report answers the last request.</summary>
    private uint InstrumentIdOf(in ExecutionReport report) =>
        report.InstrumentIndex >= 0 ? _instruments[report.InstrumentIndex] : _askedInstrumentId;

    private void TakeTimer()
    {
        var dueNs = _core.NextNs;
        ref var e = ref NewEvent(EventKind.Timer, instrument: 0, correlation: 0);
        e.Payload.Timer = new TimerTick { DueTimeNs = Math.Min(dueNs, _nowNs) };
        Take();
    }

    private ref PipelineEvent NewEvent(EventKind kind, int instrument, ulong correlation)
    {
        ref var e = ref _event[0];
        e.Header = new EventHeader
        {
            Kind = kind,
            InstrumentIndex = instrument,
            TimeNs = _nowNs,
            CorrelationId = correlation,
        };
        return ref e;
    }

    private void Take()
    {
        try
        {
            _journal?.Append(in _event[0]);
            _core.Handle(in _event[0]);
        }
        catch
        {
            _journal?.Abandon();
            throw;
        }
    }

    /// <summary>Answers at once, behind every report before it.</summary>
    private void OnHeartbeat(in VenueHeartbeatDecoder heartbeat)
    {
        if (heartbeat.Session != _clientSession)
            Figures = Figures with { Sessions = Figures.Sessions + 1 };
        _clientSession = heartbeat.Session;
        SendWaiting();
        if (_waiting.Count == 0)
            _publication.TryOffer(
                _buffer, VenueMessages.WriteHeartbeat(_bytes, _session, _lastReport, _nowNs));
    }

    private int SendWaiting()
    {
        var sent = 0;
        if (_waiting.Count > 0)
            _journal?.SyncBeforeAnswer();
        while (_waiting.TryPeek(out var waiting) && TrySend(waiting))
        {
            _waiting.Dequeue();
            sent++;
        }

        return sent;
    }

    /// <summary>Whether a report needs no more care: it was sent, or nobody is there who would read it.</summary>
    private bool TrySend(in WaitingReport waiting)
    {
        var length = VenueMessages.WriteReport(_bytes, waiting.Report, _lastReport + 1, waiting.InstrumentId);
        if (_publication.TryOffer(_buffer, length))
        {
            _lastReport++;
            Figures = Figures with { Reports = Figures.Reports + 1 };
            return true;
        }

        if (_publication.IsConnected)
            return false;

        // The number is used up, so that whoever comes back sees that something was said meanwhile.
        _lastReport++;
        Figures = Figures with { ReportsUnread = Figures.ReportsUnread + 1 };
        return true;
    }

    private readonly record struct WaitingReport(ExecutionReport Report, uint InstrumentId);
}

/// <summary>What a venue's process has done.</summary>
public sealed record VenueFigures
{
    public long Requests { get; init; }

    /// <summary>Requests that came a second time, and were passed over.</summary>
    public long Repeated { get; init; }

    /// <summary>Messages that could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>Pipelines that came, one after the other.</summary>
    public long Sessions { get; init; }

    /// <summary>Reports sent.</summary>
    public long Reports { get; init; }

    /// <summary>Reports that nobody was there to read.</summary>
    public long ReportsUnread { get; init; }

    /// <summary>Executions of the pipeline's orders, those too that the journal of earlier runs has.</summary>
    public long Executions { get; init; }

    /// <summary>Contracts executed, likewise.</summary>
    public long Contracts { get; init; }

    /// <summary>What the executions add up to: bought less sold.</summary>
    public long Position { get; init; }
}
