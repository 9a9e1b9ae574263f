using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// Stands between routing and the venue from the moment a kill is asked for until routing has handled the kill
/// command on the ring, from which event on risk refuses by itself. So a kill waits for nothing that is on the ring
/// already, however full that is. What only takes risk off passes, as under the kill switch: exits and closes, too. To
/// entries it closes for good when a stage fails. Ingress announces the commands, routing's thread handles them and
/// asks; a request may come from any thread.
/// </summary>
public sealed class KillGate(TradingFault fault)
{
    private int _requestedReason;
    private long _announced;
    private long _handled;

    /// <summary>Whether an order of a signal that adds risk must not leave. Any thread.</summary>
    // Paired with the exchanges in Request and TryTakeRequest, and with the write in Announce.
    public bool IsClosed => Volatile.Read(ref _requestedReason) != 0
        || Volatile.Read(ref _announced) != Volatile.Read(ref _handled)
        || fault.IsLatched;

    /// <summary>In trouble, it closes the gate to entries at once; null: there is none.</summary>
    public EventJournal? Journal { get; set; }

    /// <summary>Whether somebody asks for a kill command. Ingress, each turn.</summary>
    public bool HasRequest => Volatile.Read(ref _requestedReason) != 0;

    /// <summary>Closes the gate and asks ingress for a kill command. Of several at a time the first counts.</summary>
    /// <param name="reason">Not 0; see <see cref="CommandReason"/>.</param>
    public void Request(int reason) => Interlocked.CompareExchange(ref _requestedReason, reason, 0);

    /// <summary>Takes the request over: ingress is about to announce <paramref name="events"/> kill events.</summary>
    internal int TakeRequest(int events)
    {
        // Announced first, so that the gate is closed throughout.
        Announce(events);
        return Interlocked.Exchange(ref _requestedReason, 0);
    }

    /// <summary>So many kill events will be on the ring. Ingress.</summary>
    // Paired with the read of IsClosed.
    internal void Announce(int events) => Volatile.Write(ref _announced, _announced + events);

    /// <summary>Whether an order must not leave, nor one at the venue become larger or dearer. Routing's thread.
    /// </summary>
    internal bool Stops(in Order order) =>
        order.Purpose == OrderPurpose.Entry
        && ((IsClosed && (!order.IsReducing || fault.IsLatched))
            || (!order.IsReducing && Journal is { Trouble: not JournalTrouble.None }));

    /// <summary>Routing has handled an event.</summary>
    internal void OnRouted(ref readonly PipelineEvent e)
    {
        if (e.Header.Kind == EventKind.Command && e.Payload.Command.Kind == CommandKind.Kill)
            Volatile.Write(ref _handled, _handled + 1);
    }
}

/// <summary>
/// A venue behind the kill gate. An order that the gate stops is answered by a report that it was rejected, and so is a
/// replacement by which one that the gate would stop becomes larger or dearer. So stages, recording and replay see the
/// same.
/// </summary>
internal sealed class GatedVenue(IVenueGateway venue, KillGate gate, IReportSink refusals) : IVenueGateway
{
    /// <summary>Where requests go: to the venue, but while a journal is replayed.</summary>
    public IVenueGateway Target { get; set; } = venue;

    public void Submit(in Order order, long timeNs)
    {
        if (gate.Stops(in order))
            Refuse(order, ExecutionReportKind.Rejected, timeNs);
        else
            Target.Submit(order, timeNs);
    }

    public void Cancel(in Order order, long timeNs) => Target.Cancel(order, timeNs);

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        if (gate.Stops(in order) && terms.IsMoreThan(in order))
            Refuse(order, ExecutionReportKind.ReplaceRejected, timeNs);
        else
            Target.Replace(order, terms, timeNs);
    }

    public bool TryCancelAll(long timeNs) => Target.TryCancelAll(timeNs);

    public void RequestStatus(in Order order, long timeNs) => Target.RequestStatus(order, timeNs);

    public void RequestOpenOrders(long timeNs) => Target.RequestOpenOrders(timeNs);

    private void Refuse(in Order order, ExecutionReportKind kind, long timeNs) => refusals.OnReport(new ExecutionReport
    {
        OrderId = order.OrderId,
        Kind = kind,
        Side = order.Side,
        RejectReason = gate.IsClosed ? VenueRejectReason.KillSwitch : VenueRejectReason.JournalDegraded,
        InstrumentIndex = order.InstrumentIndex,
        CumulativeQuantity = order.CumulativeQuantity,
        LeavesQuantity = kind == ExecutionReportKind.Rejected ? 0 : order.LeavesQuantity,
        ReleasedQuantity = kind == ExecutionReportKind.Rejected ? order.Quantity : 0,
        OrderQuantity = order.Quantity,
        Venue = ExecutionReport.OwnVenue,
        VenueTimeNs = timeNs,
    });
}
