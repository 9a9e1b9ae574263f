using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>A line to a venue on which the test lets requests or reports be lost.</summary>
internal sealed class DeafLine(IReportSink sink) : IVenueGateway, IReportSink, IMarketListener
{
    public IVenueGateway Venue { get; set; } = null!;

    public bool LosesRequests { get; set; }

    public bool LosesReports { get; set; }

    /// <summary>How often the venue was asked for an order.</summary>
    public int Questions { get; private set; }

    /// <summary>Contracts sent, lost ones included.</summary>
    public int Submitted { get; private set; }

    public void Submit(in Order order, long timeNs)
    {
        Submitted += order.Quantity;
        if (!LosesRequests)
            Venue.Submit(order, timeNs);
    }

    public void Cancel(in Order order, long timeNs)
    {
        if (!LosesRequests)
            Venue.Cancel(order, timeNs);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        if (!LosesRequests)
            Venue.Replace(order, terms, timeNs);
    }

    public bool TryCancelAll(long timeNs) => Venue.TryCancelAll(timeNs);

    public void RequestStatus(in Order order, long timeNs)
    {
        Questions++;
        if (!LosesRequests)
            Venue.RequestStatus(order, timeNs);
    }

    public void RequestOpenOrders(long timeNs) => Venue.RequestOpenOrders(timeNs);

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs) =>
        ((IMarketListener)Venue).OnMarket(instrumentIndex, update, timeNs);

    public void OnReport(in ExecutionReport report)
    {
        if (!LosesReports)
            sink.OnReport(report);
    }
}
