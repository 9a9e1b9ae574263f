using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Recording;

/// <summary>
/// The venue of a replay: takes every request and answers none, because what the venue answered is part of the
/// recorded input.
/// </summary>
public sealed class RecordedVenue : IVenueGateway, IReportSink
{
    public bool TrySubmit(in Order order, long timeNs) => true;

    public bool TryCancel(in Order order, long timeNs) => true;

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
    }

    public void OnReport(in ExecutionReport report)
    {
    }
}
