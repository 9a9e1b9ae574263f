using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The venue and the timers of a replay: takes every request and answers none, because what the venue answered and
/// which timers came due is part of the journal.
/// </summary>
public sealed class ReplayedVenue : IVenueGateway, IReportSink, ITimerSink
{
    /// <summary>As many ways as routing has venues, all of which lead here.</summary>
    public Venue WaysOf(RoutingOptions routing)
    {
        ArgumentNullException.ThrowIfNull(routing);
        return new Venue(this)
        {
            Others = [.. Enumerable.Repeat(this, Math.Max(0, routing.Venues.Count - 1))],
        };
    }

    public void Submit(in Order order, long timeNs)
    {
    }

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

    public void Set(TimerOwner owner, ulong subject, long dueNs)
    {
    }

    public void Remove(TimerOwner owner, ulong subject, long dueNs)
    {
    }

    public void OnReport(in ExecutionReport report)
    {
    }
}
