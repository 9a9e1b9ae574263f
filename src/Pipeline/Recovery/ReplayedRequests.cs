using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// The way to a venue of this process during a replay. It gets what it got in the run: an order that the gate stopped
/// then, as the journal says, does not reach it now.
/// </summary>
internal sealed class ReplayedRequests(IVenueGateway venue, IReadOnlySet<ulong> stopped) : IVenueGateway
{
    /// <summary>The orders that a journal says were stopped on their way to a venue.</summary>
    public static void AddStopped(JournalReader input, HashSet<ulong> stopped)
    {
        var e = default(PipelineEvent);
        while (input.TryRead(ref e))
        {
            if (e.Header.Kind != EventKind.ExecutionReport)
                continue;

            ref readonly var report = ref e.Payload.ExecutionReport;
            if (report is { Kind: ExecutionReportKind.Rejected, Venue: ExecutionReport.OwnVenue, IsOfParent: false }
                && report.RejectReason is VenueRejectReason.KillSwitch or VenueRejectReason.JournalDegraded)
                stopped.Add(report.OrderId);
        }
    }

    public IVenueGateway Venue => venue;

    public void Submit(in Order order, long timeNs)
    {
        if (!stopped.Contains(order.OrderId))
            venue.Submit(order, timeNs);
    }

    public void Cancel(in Order order, long timeNs) => venue.Cancel(order, timeNs);

    public void Replace(in Order order, in OrderTerms terms, long timeNs) => venue.Replace(order, terms, timeNs);

    public void CancelAll(long timeNs) => venue.CancelAll(timeNs);

    public void RequestStatus(in Order order, long timeNs) => venue.RequestStatus(order, timeNs);

    public void RequestOpenOrders(long timeNs) => venue.RequestOpenOrders(timeNs);
}
