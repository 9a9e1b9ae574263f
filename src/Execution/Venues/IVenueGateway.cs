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
    /// Asks for other terms of a working order. It keeps its id; it loses its place in the queue when it grows or its
    /// price moves. What cannot be asked is answered by a report that the replacement was refused, and the order stands
    /// as it was. What is executed meanwhile counts.
    /// </summary>
    /// <param name="order">As it stands.</param>
    /// <param name="terms">What it shall be.</param>
    /// <param name="timeNs">The event's.</param>
    void Replace(in Order order, in OrderTerms terms, long timeNs);

    /// <summary>
    /// Asks for the end of every order that rests at the venue. Called outside the stages, once none of them runs any
    /// more, when a failure has ended trading. Returns whether that is on its way; if not, it may be asked for again.
    /// </summary>
    bool TryCancelAll(long timeNs);

    /// <summary>
    /// Asks what became of an order. The venue reports each execution that it holds of it again, under the execution's
    /// own id, and then the order's status. An order that it does not know has the status of none and the reason
    /// UnknownOrder: it never arrived, and the venue does not take it any more. No answer may come.
    /// </summary>
    void RequestStatus(in Order order, long timeNs);

    /// <summary>
    /// Asks for the status of every open order, which the venue ends by
    /// <see cref="ExecutionReportKind.OpenOrdersEnd"/>. No answer may come.
    /// </summary>
    void RequestOpenOrders(long timeNs);
}

/// <summary>What of an order can be replaced.</summary>
/// <param name="Quantity">Contracts ordered in all, those that have been executed included.</param>
/// <param name="LimitPriceE9">In 1e-9; 0 for an order without a limit.</param>
/// <param name="TriggerPriceE9">In 1e-9; 0 for an order that is no stop.</param>
public readonly record struct OrderTerms(int Quantity, long LimitPriceE9, long TriggerPriceE9)
{
    /// <summary>Whether an order would be larger or dearer with them; without a limit it costs whatever is asked.
    /// </summary>
    /// <param name="order">As it stands.</param>
    public bool IsMoreThan(in Order order)
    {
        if (Quantity > order.Quantity)
            return true;
        if (LimitPriceE9 == 0 || order.LimitPriceE9 == 0)
            return LimitPriceE9 == 0 && order.LimitPriceE9 != 0;

        return order.Sign * (LimitPriceE9 - order.LimitPriceE9) > 0;
    }
}

/// <summary>Is shown the market data in ring order: a simulated venue trades against them.</summary>
public interface IMarketListener
{
    /// <summary>Takes one market update of an instrument; <paramref name="timeNs"/> is the event's time.</summary>
    void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs);
}

/// <summary>Shows several venues the same market.</summary>
/// <param name="listeners">In the order in which they see it.</param>
public sealed class MarketFan(IReadOnlyList<IMarketListener> listeners) : IMarketListener
{
    private readonly IMarketListener[] _listeners = [.. listeners];

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
        foreach (var listener in _listeners)
            listener.OnMarket(instrumentIndex, update, timeNs);
    }
}

/// <summary>Takes what venues report. It must take every report: one lost is a position that is wrong.</summary>
public interface IReportSink
{
    void OnReport(in ExecutionReport report);
}
