using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// The way to a venue. Answers come as execution reports through an <see cref="IReportSink"/>, never as a return
/// value: a request that was taken is only on its way.
/// </summary>
public interface IVenueGateway
{
    /// <summary>Sends an order. False when the gateway cannot take it now; then no report follows.</summary>
    bool TrySubmit(in Order order, long timeNs);

    /// <summary>Asks for an order's end. False when the gateway cannot take it now; then no report follows.</summary>
    bool TryCancel(in Order order, long timeNs);

    /// <summary>Market data: what a simulated venue trades against. Others ignore it.</summary>
    void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs);
}
