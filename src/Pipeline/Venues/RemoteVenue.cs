using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// A venue in another process. Requests go to a publication in the call, without waiting and without allocating; what
/// cannot be sent is answered by a report. A thread of its own reads the venue's reports, keeps up the heartbeats, and
/// tells the pipeline when the venue is lost and when it is back; what became of the orders meanwhile is then for the
/// pipeline to ask. Nothing is read before the start, so that nothing is told to a pipeline that is not there yet.
/// </summary>
public sealed class RemoteVenue : IVenueGateway, IDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    private readonly byte _number;
    private readonly InstrumentIds _instruments;
    private readonly Publication _publication;
    private readonly VenueStream _requests;
    private readonly IReportSink _refusals;
    private readonly VenueLinkAgent _link;
    private readonly Thread _thread;
    private readonly ulong _session;
    private bool _isEnding;
    private ulong _lastRequest;

    /// <param name="aeron">Stays the caller's.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="instruments">Of the orders' indices.</param>
    /// <param name="reports">Takes the venue's reports and those of this gateway.</param>
    /// <param name="fault">Is told of what the link's thread throws.</param>
    /// <param name="number">The venue's number, which every report states.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public RemoteVenue(
        AeronClient aeron,
        VenueOptions options,
        InstrumentIds instruments,
        ReportInbox reports,
        TradingFault fault,
        byte number = 0)
    {
        ArgumentNullException.ThrowIfNull(aeron);
        options.Validate();
        _number = number;
        _instruments = instruments;
        _session = (ulong)NanoClock.NowNs();
        _publication = aeron.AddPublication(options.Channel, options.RequestStream);
        _requests = new VenueStream(_publication);
        _refusals = reports.OpenQueue();
        _link = new VenueLinkAgent(
            options,
            aeron.AddSubscription(options.Channel, options.ReportStream),
            new VenueStream(_publication),
            reports.OpenQueue(),
            instruments,
            number,
            _session);
        _thread = new Thread(() => Run(fault)) { Name = "venue link", IsBackground = true };
    }

    /// <summary>Whether the venue's heartbeats come. Any thread may ask.</summary>
    public bool IsUp => _link.IsUp;

    /// <summary>Requests that were answered here, since they could not be sent.</summary>
    public long Refused { get; private set; }

    /// <summary>
    /// Begins to look for the venue. Once, when the pipeline is where its journal ended: what is told before that would
    /// be taken for what the run before was told.
    /// </summary>
    public void Start() => _thread.Start();

    public void Submit(in Order order, long timeNs) => Ask(VenueRequestKind.NewOrder, order, default, timeNs);

    public void Cancel(in Order order, long timeNs) => Ask(VenueRequestKind.Cancel, order, default, timeNs);

    public void Replace(in Order order, in OrderTerms terms, long timeNs) =>
        Ask(VenueRequestKind.Replace, order, terms, timeNs);

    /// <summary>Is sent in any case; but only a venue whose heartbeats come has got it.</summary>
    public bool TryCancelAll(long timeNs) =>
        TrySend(VenueRequestKind.CancelAll, default, default, timeNs) && _link.IsUp;

    public void RequestStatus(in Order order, long timeNs) =>
        TrySend(VenueRequestKind.Status, order, default, timeNs);

    public void RequestOpenOrders(long timeNs) => TrySend(VenueRequestKind.OpenOrders, default, default, timeNs);

    /// <summary>Ends the link's thread and closes the streams. Orders at the venue stay as they are.</summary>
    public void Dispose()
    {
        // Paired with the read in Run.
        Volatile.Write(ref _isEnding, true);
        if (_thread.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted) || _thread.Join(EndTimeout))
            _link.Dispose();
        _publication.Dispose();
    }

    private void Run(TradingFault fault)
    {
        var idle = new BackoffIdleStrategy(10, 10, 1_000, 200_000);
        try
        {
            // Paired with the write in Dispose.
            while (!Volatile.Read(ref _isEnding))
                idle.Idle(_link.DoWork(Volatile.Read(ref _lastRequest)));
        }
        catch (Exception problem)
        {
            fault.Latch("the venue's link", problem);
        }
    }

    private void Ask(VenueRequestKind kind, in Order order, in OrderTerms terms, long timeNs)
    {
        if (!_link.IsUp || !TrySend(kind, order, terms, timeNs))
            Refuse(kind, order);
    }

    private bool TrySend(VenueRequestKind kind, in Order order, in OrderTerms terms, long timeNs)
    {
        var stamp = new RequestStamp(_lastRequest + 1, _session, timeNs);
        var length = VenueMessages.WriteRequest(
            _requests.Message, stamp, kind, order, terms, _instruments[order.InstrumentIndex]);
        if (!_requests.TrySend(length))
            return false;

        // Paired with the read in Run.
        Volatile.Write(ref _lastRequest, _lastRequest + 1);
        return true;
    }

    /// <summary>The venue has said nothing, so no time of its clock is told: ours may be another.</summary>
    private void Refuse(VenueRequestKind kind, in Order order)
    {
        Refused++;
        var isSubmit = kind == VenueRequestKind.NewOrder;
        _refusals.OnReport(new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = VenueMessages.RefusalOf(kind),
            Side = order.Side,
            RejectReason = VenueRejectReason.Disconnected,
            Venue = _number,
            InstrumentIndex = order.InstrumentIndex,
            CumulativeQuantity = order.CumulativeQuantity,
            LeavesQuantity = isSubmit ? 0 : order.Quantity - order.CumulativeQuantity,
            ReleasedQuantity = isSubmit ? order.Quantity : 0,
            OrderQuantity = order.Quantity,
        });
    }
}
