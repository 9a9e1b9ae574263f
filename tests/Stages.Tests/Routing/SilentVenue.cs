using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>A venue that takes everything and says nothing.</summary>
internal sealed class SilentVenue : IVenueGateway
{
    public List<Order> Orders { get; } = [];

    public void Submit(in Order order, long timeNs) => Orders.Add(order);

    public void Cancel(in Order order, long timeNs)
    {
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
    }

    public bool TryCancelAll(long timeNs) => true;

    public void RequestStatus(in Order order, long timeNs)
    {
    }

    public void RequestOpenOrders(long timeNs)
    {
    }
}
