using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// The way to a venue. A request returns nothing: whatever came of it, a refusal by the gateway itself too, is an
/// execution report that the gateway hands to its <see cref="IReportSink"/>. So every answer is an event, which is
/// recorded and replayed.
/// </summary>
public interface IVenueGateway
{
    /// <summary>Sends an order. What cannot be sent is answered by a report that it was rejected.</summary>
    void Submit(in Order order, long timeNs);

    /// <summary>Asks for an order's end. What cannot be asked is answered by a report that the cancel was.</summary>
    void Cancel(in Order order, long timeNs);

    /// <summary>
    /// Asks for the end of every order that rests at the venue. Called outside the stages, once none of them runs any
    /// more, when a failure has ended trading.
    /// </summary>
    void CancelAll(long timeNs);
}

/// <summary>Is shown the market data in ring order: a simulated venue trades against them.</summary>
public interface IMarketListener
{
    /// <summary>Takes one market update of an instrument; <paramref name="timeNs"/> is the event's time.</summary>
    void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs);
}

/// <summary>Takes what venues report. It must take every report: one lost is a position that is wrong.</summary>
public interface IReportSink
{
    void OnReport(in ExecutionReport report);
}
