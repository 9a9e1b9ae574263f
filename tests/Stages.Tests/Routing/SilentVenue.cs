using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>A venue that takes everything and says nothing.</summary>
internal sealed class SilentVenue : IVenueGateway
{
    public List<Order> Orders { get; } = [];

    public bool TrySubmit(in Order order, long timeNs)
    {
        Orders.Add(order);
        return true;
    }

    public bool TryCancel(in Order order, long timeNs) => true;

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
    }
}
