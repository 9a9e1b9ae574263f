using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Faults;

/// <summary>
/// Stands between a pipeline and any venue and lets go wrong what can: requests and reports are refused, lost and late,
/// reports are doubled and out of order, and the connection breaks. Requests arrive in the order in which they were
/// made, as any session has it: a status that is asked for behind a late replacement tells what came of that.
/// Everything follows from the seed and the events, by event time: <see cref="OnTime"/> must be called as time passes.
/// When the connection returns, the orders of which something was lost are told of anew, as a session does that
/// resends; or, as set, loss and return of the connection are told, so that what was lost can be asked for. Nothing is
/// allocated.
/// </summary>
/// <remarks>
/// A request made while the connection is known to be down is refused at once (Disconnected). One that is lost on its
/// way is not answered until <see cref="Reconcile"/>: then a lost order is rejected as unknown to the venue, and a lost
/// cancel or replacement is refused.
/// </remarks>
public sealed class FaultyVenue : IVenueGateway, IReportSink, IMarketListener, IStateful
{
    private readonly IReportSink _sink;
    private readonly IVenueGateway _venue;
    private readonly IMarketListener? _market;
    private readonly FaultOptions _options;
    private readonly TimedQueue<VenueMessage> _onTheWay;
    private readonly SentOrders _sent;
    private readonly VenueLink _link;
    private readonly byte _number;
    private VenueDice _dice;
    private FaultCounts _counts;
    private ExecutionReport _held;
    private bool _isHolding;
    private bool _isCancellingAll;

    /// <summary>The venue's clock, which does not go back where a sender's does.</summary>
    private long _timeNs = long.MinValue;

    /// <summary>When the last request that is on its way arrives; those behind it come later.</summary>
    private long _requestsUntilNs = long.MinValue;

    /// <param name="sink">Takes what gets through.</param>
    /// <param name="venue">Makes the venue, with the sink that it reports to.</param>
    /// <param name="options">Validated here.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <param name="number">The venue's, for what is told of its connection.</param>
    public FaultyVenue(
        IReportSink sink, Func<IReportSink, IVenueGateway> venue, FaultOptions options, byte number = 0)
    {
        options.Validate();
        _number = number;
        _sink = sink;
        _options = options;
        _onTheWay = new TimedQueue<VenueMessage>(options.MessageCapacity);
        _sent = new SentOrders(options.OrderCapacity);
        _link = new VenueLink(options);
        _dice = new VenueDice(options.Seed);
        _venue = venue(this);
        _market = _venue as IMarketListener;
    }

    public bool IsConnected => _link.IsUp;

    /// <summary>Requests and reports that are on their way.</summary>
    public int OnTheWay => _onTheWay.Count + (_isHolding ? 1 : 0);

    public FaultCounts Counts
    {
        get
        {
            var counts = _counts;
            counts.Disconnects = _link.Disconnects;
            counts.FailedReconnects = _link.FailedReconnects;
            return counts;
        }
    }

    public void Submit(in Order order, long timeNs)
    {
        OnTime(timeNs);
        if (_sent.TryAdd(order))
            Request(VenueMessageKind.Submit, order, default);
        else
            Refuse(VenueMessageKind.Submit, order, VenueRejectReason.TooManyOrders);
    }

    public void Cancel(in Order order, long timeNs)
    {
        OnTime(timeNs);
        Request(VenueMessageKind.Cancel, order, default);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        OnTime(timeNs);
        Request(VenueMessageKind.Replace, order, terms);
    }

    /// <summary>Goes through at once, or when the connection has returned.</summary>
    public bool TryCancelAll(long timeNs)
    {
        OnTime(timeNs);
        if (_link.IsUp)
            return _venue.TryCancelAll(_timeNs);

        _isCancellingAll = true;
        return false;
    }

    /// <summary>What cannot be asked is not answered.</summary>
    public void RequestStatus(in Order order, long timeNs)
    {
        OnTime(timeNs);
        Request(VenueMessageKind.Status, order, default);
    }

    /// <summary>What cannot be asked is not answered.</summary>
    public void RequestOpenOrders(long timeNs)
    {
        OnTime(timeNs);
        Request(VenueMessageKind.OpenOrders, default, default);
    }

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
        OnTime(timeNs);
        _market?.OnMarket(instrumentIndex, update, _timeNs);
    }

    /// <summary>Does what is due by a time: messages arrive, and the connection breaks and returns.</summary>
    public void OnTime(long timeNs)
    {
        if (timeNs < _timeNs)
            return;

        while (Math.Min(_link.NextNs, _onTheWay.NextNs) <= timeNs)
        {
            if (_link.NextNs <= _onTheWay.NextNs)
                ChangeLink(timeNs);
            else if (_onTheWay.TryTake(timeNs, out var message, out var dueNs))
                Arrive(message, dueNs);
        }

        _timeNs = timeNs;
        if (_isHolding)
            ReleaseHeld();
    }

    /// <summary>Tells anew of every order of which a request or a report was lost.</summary>
    public void Reconcile()
    {
        while (_sent.TryTakeLost(out var lost))
        {
            _counts.Reconciled++;
            if (lost.HasLostTerms)
                Deliver(lost.Terms);
            if (lost.HasLostRequest)
                Refuse(lost.LostRequest, lost.Order, LostReason(lost), lost.HasReport ? lost.Last : default);
            if (lost.HasReport)
                Deliver(lost.Last);
        }
    }

    /// <summary>From the venue: what it says of an order, which may not get through.</summary>
    public void OnReport(in ExecutionReport report)
    {
        _sent.Note(report);
        if (!_link.IsUp || _dice.Hits(_options.DropReportBps))
        {
            _counts.ReportsDropped++;
            LoseReport(report);
            return;
        }

        if (_dice.Hits(_options.DuplicateReportBps) && TryDelay(report))
            _counts.ReportsDuplicated++;
        if (_dice.Hits(_options.DelayReportBps) && TryDelay(report))
            _counts.ReportsDelayed++;
        else if (!_isHolding && _dice.Hits(_options.ReorderReportBps))
            Hold(report);
        else
            Deliver(report);
    }

    public void Transfer(StateStream state)
    {
        if (_venue is not IStateful venue)
            throw new NotSupportedException($"the state of {_venue.GetType().Name} cannot be saved.");

        state.Section("faulty venue");
        _onTheWay.Transfer(state);
        _sent.Transfer(state);
        _link.Transfer(state);
        state.Value(ref _dice);
        state.Value(ref _counts);
        state.Value(ref _held);
        state.Value(ref _isHolding);
        state.Value(ref _isCancellingAll);
        state.Value(ref _timeNs);
        state.Value(ref _requestsUntilNs);
        venue.Transfer(state);
    }

    private static VenueRejectReason LostReason(in SentOrder lost) =>
        lost.LostRequest == VenueMessageKind.Submit ? VenueRejectReason.UnknownOrder : VenueRejectReason.Disconnected;

    private void Request(VenueMessageKind kind, in Order order, in OrderTerms terms)
    {
        var isQuery = kind is VenueMessageKind.Status or VenueMessageKind.OpenOrders;
        if (isQuery && !_link.IsUp)
        {
            _counts.RequestsDropped++;
        }
        else if (!isQuery && (!_link.IsUp || _dice.Hits(_options.RejectBps)))
        {
            _counts.RequestsRejected++;
            Refuse(kind, order, _link.IsUp ? VenueRejectReason.Unstated : VenueRejectReason.Disconnected);
        }
        else if (_dice.Hits(_options.DropRequestBps))
        {
            LoseRequest(kind, order);
        }
        else if (_dice.Hits(_options.DelayRequestBps) && !_onTheWay.IsFull)
        {
            _counts.RequestsDelayed++;
            Delay(kind, order, terms, _timeNs + 1 + _dice.UpToNs(_options.DelayMaxNs));
        }
        else if (_timeNs >= _requestsUntilNs)
        {
            Send(kind, order, terms, _timeNs);
        }
        else if (_onTheWay.IsFull)
        {
            LoseRequest(kind, order);
        }
        else
        {
            Delay(kind, order, terms, _timeNs);
        }
    }

    private void Delay(VenueMessageKind kind, in Order order, in OrderTerms terms, long dueNs)
    {
        _requestsUntilNs = Math.Max(dueNs, _requestsUntilNs + 1);
        ref var message = ref _onTheWay.Add(_requestsUntilNs);
        message.Kind = kind;
        message.Order = order;
        message.Terms = terms;
    }

    private void Send(VenueMessageKind kind, in Order order, in OrderTerms terms, long timeNs)
    {
        if (kind == VenueMessageKind.Submit)
            _venue.Submit(order, timeNs);
        else if (kind == VenueMessageKind.Cancel)
            _venue.Cancel(order, timeNs);
        else if (kind == VenueMessageKind.Status)
            _venue.RequestStatus(order, timeNs);
        else if (kind == VenueMessageKind.OpenOrders)
            _venue.RequestOpenOrders(timeNs);
        else
            _venue.Replace(order, terms, timeNs);
    }

    private void LoseRequest(VenueMessageKind kind, in Order order)
    {
        _counts.RequestsDropped++;
        if (!_options.TellsConnection && kind is not (VenueMessageKind.Status or VenueMessageKind.OpenOrders))
            _sent.LoseRequest(kind, order.OrderId);
    }

    /// <summary>Who is told of the connection asks by itself.</summary>
    private void LoseReport(in ExecutionReport report)
    {
        if (!_options.TellsConnection)
            _sent.LoseReport(report);
    }

    /// <summary>What is on its way when the connection breaks does not arrive.</summary>
    private void Arrive(in VenueMessage message, long dueNs)
    {
        if (message.Kind != VenueMessageKind.Report)
        {
            if (_link.IsUp)
                Send(message.Kind, message.Order, message.Terms, dueNs);
            else
                LoseRequest(message.Kind, message.Order);
        }
        else if (_link.IsUp)
        {
            Deliver(message.Report);
        }
        else
        {
            _counts.ReportsDropped++;
            LoseReport(message.Report);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ChangeLink(long timeNs)
    {
        var dueNs = Math.Max(_link.NextNs, _timeNs);
        var wasUp = _link.IsUp;
        if (!_link.TryReturn(timeNs))
        {
            if (wasUp && !_link.IsUp)
                TellConnection(ExecutionReportKind.VenueLost, dueNs);
            return;
        }

        if (_isCancellingAll)
            _venue.TryCancelAll(dueNs);
        _isCancellingAll = false;
        if (_options.TellsConnection)
            TellConnection(ExecutionReportKind.VenueBack, dueNs);
        else
            Reconcile();
    }

    private void TellConnection(ExecutionReportKind kind, long timeNs)
    {
        if (_options.TellsConnection)
            _sink.OnReport(new ExecutionReport { Kind = kind, Venue = _number, VenueTimeNs = timeNs });
    }

    private bool TryDelay(in ExecutionReport report)
    {
        if (_onTheWay.IsFull)
            return false;

        ref var message = ref _onTheWay.Add(Math.Max(_timeNs, 0) + 1 + _dice.UpToNs(_options.DelayMaxNs));
        message.Kind = VenueMessageKind.Report;
        message.Report = report;
        return true;
    }

    private void Hold(in ExecutionReport report)
    {
        _counts.ReportsReordered++;
        _held = report;
        _isHolding = true;
    }

    private void Deliver(in ExecutionReport report)
    {
        _sink.OnReport(report);
        _sent.Tell(report);
        if (_isHolding)
            ReleaseHeld();
    }

    private void ReleaseHeld()
    {
        _isHolding = false;
        _sink.OnReport(_held);
        _sent.Tell(_held);
    }

    /// <summary>Answers a request that the venue does not answer; what is known of the order stays.</summary>
    private void Refuse(
        VenueMessageKind kind, in Order order, VenueRejectReason reason, in ExecutionReport last = default)
    {
        var isSubmit = kind == VenueMessageKind.Submit;
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = isSubmit ? ExecutionReportKind.Rejected
                : kind == VenueMessageKind.Cancel ? ExecutionReportKind.CancelRejected
                : ExecutionReportKind.ReplaceRejected,
            Side = order.Side,
            RejectReason = reason,
            Venue = last.Venue,
            InstrumentIndex = order.InstrumentIndex,
            CumulativeQuantity = isSubmit ? 0 : last.CumulativeQuantity,
            LeavesQuantity = isSubmit ? 0 : last.LeavesQuantity,
            ReleasedQuantity = isSubmit ? order.Quantity : 0,
            VenueTimeNs = _timeNs,
            OrderQuantity = order.Quantity,
        };
        if (isSubmit)
            _sent.Remove(order.OrderId);
        _sink.OnReport(report);
    }
}
