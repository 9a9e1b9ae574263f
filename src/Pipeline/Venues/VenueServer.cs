using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// A matching venue behind two Aeron streams: takes requests, sends reports, answers heartbeats, and keeps its book
/// supplied with a recorded, generated or published market. Reports that the stream has no room for wait in order; they
/// are dropped where nobody reads them, and who comes back asks for them. One thread.
/// </summary>
public sealed class VenueServer : IReportSink, IFragmentHandler, IDisposable
{
    private const int FragmentsPerTurn = 64;

    /// <summary>An execution's id is the venue's number of it above this run's start in seconds.</summary>
    private const int ExecutionIdBits = 32;

    private const long SecondNs = 1_000_000_000;

    private readonly InstrumentIds _instruments;
    private readonly MatchingVenue _venue;
    private readonly IVenueGateway _client;
    private readonly BookSupply _supply;
    private readonly Subscription _requests;
    private readonly ExclusivePublication _publication;
    private readonly byte[] _bytes = GC.AllocateArray<byte>(VenueMessages.MaxBytes, pinned: true);
    private readonly UnsafeBuffer _buffer;
    private readonly byte[] _message = new byte[VenueMessages.MaxBytes];
    private readonly Queue<ExecutionReport> _waiting = new();
    private readonly ulong _session;
    private readonly ulong _executionIdBase;
    private ulong _lastReport;
    private ulong _clientSession;
    private long _nowNs;

    /// <param name="aeron">Stays the caller's.</param>
    /// <param name="options">The link's streams.</param>
    /// <param name="table">What is traded.</param>
    /// <param name="ids">Of the same instruments.</param>
    /// <param name="matching">Of the books.</param>
    /// <param name="startNs">Now, in nanoseconds since the Unix epoch.</param>
    public VenueServer(
        AeronClient aeron,
        VenueOptions options,
        InstrumentTable table,
        InstrumentIds ids,
        MatchingVenueOptions matching,
        long startNs)
    {
        ArgumentNullException.ThrowIfNull(aeron);
        options.Validate();
        _instruments = ids;
        _venue = new MatchingVenue(table, matching);
        _client = _venue.Connect(this);
        _supply = new BookSupply(_venue, table);
        _session = (ulong)startNs;
        _executionIdBase = (ulong)(startNs / SecondNs) << ExecutionIdBits;
        _nowNs = startNs;
        _buffer = new UnsafeBuffer(_bytes);
        _publication = aeron.AddExclusivePublication(options.Channel, options.ReportStream);
        _requests = aeron.AddSubscription(options.Channel, options.RequestStream);
    }

    /// <summary>What was asked for, sent and executed so far.</summary>
    public VenueFigures Figures { get; private set; } = new();

    /// <summary>One turn at a time, which must not go back. Returns how much was done.</summary>
    public int DoWork(long nowNs)
    {
        _nowNs = Math.Max(_nowNs, nowNs);
        _venue.OnTime(_nowNs);
        var work = _requests.Poll(this, FragmentsPerTurn);
        return work + SendWaiting();
    }

    /// <summary>Brings the book's other side to an update of the market.</summary>
    public void OnMarket(int instrument, in MarketUpdate update) => _supply.OnMarket(instrument, update, _nowNs);

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

        if (_waiting.Count > 0 || !TrySend(report))
            _waiting.Enqueue(report);
    }

    public void Dispose()
    {
        _requests.Dispose();
        _publication.Dispose();
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
        var order = VenueMessages.OrderOf(request, _instruments);
        switch (request.RequestKind)
        {
            case VenueRequestKind.NewOrder:
                _client.Submit(order, _nowNs);
                break;
            case VenueRequestKind.Cancel:
                _client.Cancel(order, _nowNs);
                break;
            case VenueRequestKind.Replace:
                _client.Replace(order, VenueMessages.TermsOf(request), _nowNs);
                break;
            case VenueRequestKind.Status:
                _client.RequestStatus(order, _nowNs);
                break;
            case VenueRequestKind.OpenOrders:
                _client.RequestOpenOrders(_nowNs);
                break;
            case VenueRequestKind.CancelAll:
                _client.CancelAll(_nowNs);
                break;
            default:
                Figures = Figures with { Unreadable = Figures.Unreadable + 1 };
                break;
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
            Offer(VenueMessages.WriteHeartbeat(_bytes, _session, _lastReport, _nowNs));
    }

    private int SendWaiting()
    {
        var sent = 0;
        while (_waiting.TryPeek(out var report) && TrySend(report))
        {
            _waiting.Dequeue();
            sent++;
        }

        return sent;
    }

    /// <summary>Whether a report needs no more care: it was sent, or nobody is there who would read it.</summary>
    private bool TrySend(in ExecutionReport report)
    {
        if (Offer(VenueMessages.WriteReport(_bytes, report, _lastReport + 1, _executionIdBase, _instruments)))
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

    private bool Offer(int length)
    {
        var position = _publication.Offer(_buffer, 0, length);
        if (position == Publication.ADMIN_ACTION)
            position = _publication.Offer(_buffer, 0, length);
        return position > 0;
    }
}

/// <summary>What a venue's process has done.</summary>
public sealed record VenueFigures
{
    public long Requests { get; init; }

    /// <summary>Messages that could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>Pipelines that came, one after the other.</summary>
    public long Sessions { get; init; }

    /// <summary>Reports sent.</summary>
    public long Reports { get; init; }

    /// <summary>Reports that nobody was there to read.</summary>
    public long ReportsUnread { get; init; }

    /// <summary>Executions of the pipeline's orders.</summary>
    public long Executions { get; init; }

    /// <summary>Contracts executed.</summary>
    public long Contracts { get; init; }

    /// <summary>What the executions add up to: bought less sold.</summary>
    public long Position { get; init; }
}
