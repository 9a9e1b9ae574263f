using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// The way to a venue of this process during a replay. It gets what it got in the run: an order or a replacement that
/// the gate stopped then, as the journal says, does not reach it now.
/// </summary>
internal sealed class ReplayedRequests(IVenueGateway venue, StoppedRequests stopped) : IVenueGateway
{
    public IVenueGateway Venue => venue;

    public void Submit(in Order order, long timeNs)
    {
        if (!stopped.HasOrder(order.OrderId))
            venue.Submit(order, timeNs);
    }

    public void Cancel(in Order order, long timeNs) => venue.Cancel(order, timeNs);

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        if (!stopped.HasReplacement(order.OrderId, timeNs))
            venue.Replace(order, terms, timeNs);
    }

    public bool TryCancelAll(long timeNs) => venue.TryCancelAll(timeNs);

    public void RequestStatus(in Order order, long timeNs) => venue.RequestStatus(order, timeNs);

    public void RequestOpenOrders(long timeNs) => venue.RequestOpenOrders(timeNs);
}

/// <summary>
/// What a journal says was stopped on its way to a venue. An order can be replaced many times, so a replacement is
/// known by its time, too.
/// </summary>
internal sealed class StoppedRequests
{
    private readonly HashSet<ulong> _orders = [];
    private readonly HashSet<(ulong OrderId, long TimeNs)> _replacements = [];

    /// <summary>Takes in all that a journal still holds.</summary>
    public void Add(JournalReader input)
    {
        var e = default(PipelineEvent);
        while (input.TryRead(ref e))
        {
            if (e.Header.Kind == EventKind.ExecutionReport)
                Add(in e.Payload.ExecutionReport);
        }
    }

    /// <summary>Takes in a report, if it is the gate's.</summary>
    public void Add(in ExecutionReport report)
    {
        if (report is not { Venue: ExecutionReport.OwnVenue, IsOfParent: false }
            || report.RejectReason is not (VenueRejectReason.KillSwitch or VenueRejectReason.JournalDegraded))
            return;

        if (report.Kind == ExecutionReportKind.Rejected)
            _orders.Add(report.OrderId);
        else if (report.Kind == ExecutionReportKind.ReplaceRejected)
            _replacements.Add((report.OrderId, report.VenueTimeNs));
    }

    /// <summary>Whether an order was stopped.</summary>
    public bool HasOrder(ulong orderId) => _orders.Contains(orderId);

    /// <summary>Whether the replacement of an order that was asked for at a time was stopped.</summary>
    public bool HasReplacement(ulong orderId, long timeNs) => _replacements.Contains((orderId, timeNs));
}
