using System.Numerics;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// A matching venue and the rest of its market, driven by events alone: requests, updates of the market, and timers for
/// what falls due by itself. Equal events give equal reports, so a journal of them gives the venue back. One thread.
/// </summary>
internal sealed class VenueCore : IReportSink
{
    /// <summary>An execution's id is the venue's number of it above the first event's time in seconds.</summary>
    private const int ExecutionIdBits = 32;

    private const long SecondNs = 1_000_000_000;

    private readonly MatchingVenue _venue;
    private readonly IVenueGateway _client;
    private readonly BookSupply _supply;
    private readonly IReportSink _reports;
    private readonly ResultHash _results;
    private ulong _executionIdBase;
    private ulong _session;
    private ulong _lastNumber;
    private uint _outcome;

    /// <param name="table">What is traded.</param>
    /// <param name="matching">Of the books.</param>
    /// <param name="reports">Takes what the pipeline is told.</param>
    /// <param name="results">Takes in what each event led to.</param>
    public VenueCore(InstrumentTable table, MatchingVenueOptions matching, IReportSink reports, ResultHash results)
    {
        _venue = new MatchingVenue(table, matching);
        _client = _venue.Connect(this);
        _supply = new BookSupply(_venue, table);
        _reports = reports;
        _results = results;
    }

    /// <summary>Of the last event, in nanoseconds since the Unix epoch.</summary>
    public long TimeNs { get; private set; }

    /// <summary>When a timer must come at the latest, in nanoseconds since the Unix epoch.</summary>
    public long NextNs => _venue.NextNs;

    /// <summary>Orders of the pipeline that are open.</summary>
    public int OpenOrders => _venue.CountOpen(_client);

    /// <summary>
    /// Whether a request was taken before, by its sender's session and number: whoever subscribes to a stream that a
    /// killed process has read is given again what that had not acknowledged yet.
    /// </summary>
    public bool HasTaken(ulong session, ulong number) => session == _session && number <= _lastNumber;

    /// <summary>Does what an event asks for. Times must not go back.</summary>
    /// <exception cref="InvalidDataException">It is none of a venue's.</exception>
    public void Handle(ref readonly PipelineEvent e)
    {
        // Two journals have no execution's id in common, and a journal that is gone on with goes on with its ids.
        if (_executionIdBase == 0)
            _executionIdBase = (ulong)(e.Header.TimeNs / SecondNs) << ExecutionIdBits;
        TimeNs = e.Header.TimeNs;
        _outcome = 0;
        switch (e.Header.Kind)
        {
            case EventKind.Timer:
                _venue.OnTime(TimeNs);
                break;
            case EventKind.MarketUpdate:
                _supply.OnMarket(e.Header.InstrumentIndex, in e.Payload.MarketUpdate, TimeNs);
                break;
            case EventKind.VenueRequest:
                Do(in e.Payload.VenueRequest, e.Header.InstrumentIndex);
                break;
            default:
                throw new InvalidDataException($"{e.Header.Kind} is no event of a venue");
        }

        _results.Fold(_outcome);
    }

    /// <summary>From the venue, to the pipeline.</summary>
    public void OnReport(in ExecutionReport report)
    {
        var told = report;
        if (told.ExecutionId != 0)
            told.ExecutionId += _executionIdBase;
        _outcome = OutcomeOf(in told, _outcome);
        _reports.OnReport(told);
    }

    /// <summary>Whether a venue is asked for this: nothing comes of what it is not.</summary>
    public static bool IsRequest(VenueRequestKind kind) =>
        kind is >= VenueRequestKind.NewOrder and <= VenueRequestKind.CancelAll;

    private void Do(in VenueRequest request, int instrument)
    {
        (_session, _lastNumber) = (request.Session, request.Number);
        if (instrument < 0 && IsOnOrder(request.Kind))
        {
            Refuse(request, instrument);
            return;
        }

        var order = VenueMessages.OrderOf(request, instrument);
        switch (request.Kind)
        {
            case VenueRequestKind.NewOrder:
                _client.Submit(order, TimeNs);
                break;
            case VenueRequestKind.Cancel:
                _client.Cancel(order, TimeNs);
                break;
            case VenueRequestKind.Replace:
                _client.Replace(order, VenueMessages.TermsOf(request), TimeNs);
                break;
            case VenueRequestKind.Status:
                _client.RequestStatus(order, TimeNs);
                break;
            case VenueRequestKind.OpenOrders:
                _client.RequestOpenOrders(TimeNs);
                break;
            case VenueRequestKind.CancelAll:
                _client.TryCancelAll(TimeNs);
                break;
        }
    }

    /// <summary>
    /// The venue has no order in an instrument that it does not know. It is answered here and at once, so that whoever
    /// sends the answer still knows by which id the instrument was asked with.
    /// </summary>
    private void Refuse(in VenueRequest request, int instrument)
    {
        var isNew = request.Kind == VenueRequestKind.NewOrder;
        OnReport(new ExecutionReport
        {
            OrderId = request.OrderId,
            // Two refusals of one order at the same time are told apart by it.
            ExecutionId = request.Number,
            Kind = VenueMessages.RefusalOf(request.Kind),
            Side = request.Side,
            RejectReason = isNew ? VenueRejectReason.UnknownInstrument : VenueRejectReason.UnknownOrder,
            InstrumentIndex = instrument,
            ReleasedQuantity = isNew || request.Kind == VenueRequestKind.Status ? request.Quantity : 0,
            OrderQuantity = request.Quantity,
            VenueTimeNs = TimeNs,
        });
    }

    private static bool IsOnOrder(VenueRequestKind kind) =>
        kind is VenueRequestKind.NewOrder or VenueRequestKind.Cancel or VenueRequestKind.Replace
            or VenueRequestKind.Status;

    private static uint OutcomeOf(in ExecutionReport report, uint seed)
    {
        var crc = BitOperations.Crc32C(seed, report.OrderId);
        crc = BitOperations.Crc32C(crc, report.ExecutionId);
        crc = BitOperations.Crc32C(crc, (ulong)report.LastPriceE9);
        crc = BitOperations.Crc32C(crc, (ulong)report.FeeE6);
        crc = BitOperations.Crc32C(crc, (ulong)report.VenueTimeNs);
        crc = BitOperations.Crc32C(crc, (ulong)(uint)report.LastQuantity << 32 | (uint)report.CumulativeQuantity);
        crc = BitOperations.Crc32C(crc, (ulong)(uint)report.LeavesQuantity << 32 | (uint)report.ReleasedQuantity);
        var words = (uint)report.Kind | (uint)report.RejectReason << 8 | (uint)report.Status << 16;
        return BitOperations.Crc32C(crc, words);
    }
}
