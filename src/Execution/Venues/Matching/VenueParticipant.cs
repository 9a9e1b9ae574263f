using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>One who trades at a matching venue: the way there and back, and the orders' own ids.</summary>
internal sealed class VenueParticipant : IVenueGateway, IReportSink, IStateful
{
    private readonly MatchingVenue _venue;
    private readonly VenueWire _wire;
    private readonly IReportSink _sink;

    public VenueParticipant(
        MatchingVenue venue, VenueWire wire, InstrumentTable instruments, IReportSink sink, int number, byte venueId)
    {
        _venue = venue;
        _wire = wire;
        _sink = sink;
        Number = number;
        Reports = new VenueReports(instruments, this, venueId);
        Working = new IdIndex(wire.MaxOrders);
    }

    public int Number { get; }

    /// <summary>Writes what the participant is told.</summary>
    public VenueReports Reports { get; }

    /// <summary>The slots of its orders by their ids.</summary>
    public IdIndex Working { get; }

    /// <summary>When the last message arrived: none on the same way overtakes it.</summary>
    public long LastThereNs { get; set; }

    public long LastBackNs { get; set; }

    public void Submit(in Order order, long timeNs) =>
        _venue.Send(this, VenueMessageKind.Submit, order, default, timeNs);

    public void Cancel(in Order order, long timeNs) =>
        _venue.Send(this, VenueMessageKind.Cancel, order, default, timeNs);

    public void Replace(in Order order, in OrderTerms terms, long timeNs) =>
        _venue.Send(this, VenueMessageKind.Replace, order, terms, timeNs);

    public bool TryCancelAll(long timeNs)
    {
        _venue.CancelAll(Number, timeNs);
        return true;
    }

    public void RequestStatus(in Order order, long timeNs) =>
        _venue.Send(this, VenueMessageKind.Status, order, default, timeNs);

    public void RequestOpenOrders(long timeNs) =>
        _venue.Send(this, VenueMessageKind.OpenOrders, default, default, timeNs);

    /// <summary>From the venue: the report is on its way.</summary>
    public void OnReport(in ExecutionReport report)
    {
        if (!_wire.TrySendBack(this, report))
            _sink.OnReport(report);
    }

    /// <summary>The report has arrived.</summary>
    public void Deliver(in ExecutionReport report) => _sink.OnReport(report);

    public void Transfer(StateStream state)
    {
        Reports.Transfer(state);
        Working.Transfer(state);
        LastThereNs = state.Next(LastThereNs);
        LastBackNs = state.Next(LastBackNs);
    }
}

/// <summary>The ways between participants and venue, which take a constant time and a seeded one.</summary>
internal sealed class VenueWire(MatchingVenueOptions options) : IStateful
{
    private readonly TimedQueue<VenueMessage> _messages = new(options.MessageCapacity);
    private readonly bool _isInstant = options.LatencyNs == 0 && options.JitterNs == 0;
    private VenueDice _dice = new(options.Seed);

    public int MaxOrders => options.MaxOrders;

    public long NextNs => _messages.NextNs;

    /// <summary>The venue's time, at which reports leave.</summary>
    public long NowNs { get; set; }

    /// <summary>False when the request is there at once.</summary>
    public bool TrySend(
        VenueParticipant from, VenueMessageKind kind, in Order order, in OrderTerms terms, long timeNs)
    {
        if (_isInstant || _messages.IsFull)
            return false;

        from.LastThereNs = Math.Max(from.LastThereNs, ArrivalNs(timeNs));
        ref var message = ref _messages.Add(from.LastThereNs);
        message.Kind = kind;
        message.Participant = from.Number;
        message.Order = order;
        message.Terms = terms;
        return true;
    }

    /// <summary>False when the report is there at once.</summary>
    public bool TrySendBack(VenueParticipant to, in ExecutionReport report)
    {
        if (_isInstant || _messages.IsFull)
            return false;

        to.LastBackNs = Math.Max(to.LastBackNs, ArrivalNs(NowNs));
        ref var message = ref _messages.Add(to.LastBackNs);
        message.Kind = VenueMessageKind.Report;
        message.Participant = to.Number;
        message.Report = report;
        return true;
    }

    public bool TryTake(long timeNs, out VenueMessage message, out long dueNs) =>
        _messages.TryTake(timeNs, out message, out dueNs);

    public void Transfer(StateStream state)
    {
        _messages.Transfer(state);
        state.Value(ref _dice);
        NowNs = state.Next(NowNs);
    }

    private long ArrivalNs(long timeNs) => timeNs + options.LatencyNs + _dice.UpToNs(options.JitterNs);
}
