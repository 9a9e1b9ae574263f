using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>A venue that takes nothing.</summary>
internal sealed class FullVenue : IVenueGateway
{
    public bool TrySubmit(in Order order, long timeNs) => false;

    public bool TryCancel(in Order order, long timeNs) => false;

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
    }
}
