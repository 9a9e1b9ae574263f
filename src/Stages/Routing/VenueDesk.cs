using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Follows the connections to the venues. What works at a venue that is lost has an unknown fate: it is set aside,
/// stays reserved, and is asked for when the venue is back. What is certain not to be there can be worked elsewhere.
/// So nothing can be executed twice, whatever the lost venue did meanwhile.
/// </summary>
internal sealed class VenueDesk(
    VenueTable venues, OrderStore orders, OrderSender sender, ParentDesk desk, ChildDesk children, int instruments)
{
    /// <summary>A venue tells of its connection.</summary>
    public void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        if (report.Venue >= venues.Count)
            return;

        ref var venue = ref venues[report.Venue];
        if (report.Kind == ExecutionReportKind.VenueLost && venue.IsUp)
        {
            venue.IsUp = false;
            SetAside(report.Venue, e.Header.TimeNs);
            WorkAll(ref e);
        }
        else if (report.Kind == ExecutionReportKind.VenueBack && !venue.IsUp)
        {
            venue.IsUp = true;
            AskAll(report.Venue, e.Header.TimeNs);
            WorkAll(ref e);
        }
    }

    private void SetAside(byte venue, long timeNs)
    {
        for (var instrument = 0; instrument < instruments; instrument++)
        {
            for (var slot = orders.FirstWorking(instrument); slot >= 0; slot = orders.NextWorking(slot))
            {
                if (orders[slot].Venue != venue)
                    continue;

                orders.Doubt(slot, timeNs);
                children.SetAside(slot);
            }
        }
    }

    private void AskAll(byte venue, long timeNs)
    {
        for (var place = orders.AwaitedOrders - 1; place >= 0; place--)
        {
            var slot = orders.AwaitedAt(place);
            if (orders[slot].Venue == venue && orders[slot].IsDoubted)
                sender.TryAsk(slot, timeNs);
        }
    }

    private void WorkAll(ref PipelineEvent e)
    {
        for (var instrument = 0; instrument < instruments; instrument++)
            desk.OnTouch(instrument, ref e);
    }
}
