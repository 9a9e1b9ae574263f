using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Owns the orders: an approved decision becomes one, reports change them, commands end them. The routing block is
/// written for signals, reports and commands, and left as it was for market updates and timers, for nobody reads it.
/// An order that could not be sent is answered by a rejection of the stage's own, on the same way as a venue's, so
/// that every stage hears of it.
/// </summary>
public sealed partial class RoutingStage
{
    private readonly InstrumentTable _instruments;
    private readonly OrderStore _orders;
    private readonly IVenueGateway _gateway;
    private readonly IReportSink _sink;
    private readonly long[] _outcomes = new long[Enum.GetValues<RoutingOutcome>().Length];

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="orders">From now on this stage's.</param>
    /// <param name="gateway">The way to the venue.</param>
    /// <param name="sink">The way back: the same queue that the gateway reports to.</param>
    public RoutingStage(
        InstrumentTable instruments,
        OrderStore orders,
        IVenueGateway gateway,
        IReportSink sink)
    {
        _instruments = instruments;
        _orders = orders;
        _gateway = gateway;
        _sink = sink;
    }

    /// <summary>The orders, to be read by the stage's own thread or at rest.</summary>
    public OrderStore Orders => _orders;

    /// <summary>Orders that left for the venue, operators' included.</summary>
    public long OrdersSent { get; private set; }

    /// <summary>Cancel requests that left for the venue.</summary>
    public long CancelsSent { get; private set; }

    /// <summary>Reports that something was executed, duplicates not counted.</summary>
    public long Fills { get; private set; }

    /// <summary>Contracts executed.</summary>
    public long FilledQuantity { get; private set; }

    /// <summary>Orders that ended as rejected.</summary>
    public long Rejected { get; private set; }

    /// <summary>Signals and commands that ended so.</summary>
    public long CountOf(RoutingOutcome outcome) => _outcomes[(int)outcome];

    public void OnEvent(ref PipelineEvent e)
    {
        var cancelsBefore = CancelsSent;
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified:
                e.Routing = default;
                Conclude(ref e, OnDecision(ref e));
                break;
            case EventKind.ExecutionReport:
                e.Routing = default;
                OnReport(ref e);
                e.Routing.WorkingOrders = _orders.WorkingOrders;
                break;
            case EventKind.Command:
                e.Routing = default;
                Conclude(ref e, OnCommand(ref e));
                break;
        }

        if ((e.Verdict.Changes & RiskChanges.Tripped) != 0)
            CancelEverything(e.Header.TimeNs);
        if (e.Header.Kind == EventKind.Command)
            e.Routing.CancelsSent = (int)(CancelsSent - cancelsBefore);
    }

    private void Conclude(ref PipelineEvent e, RoutingOutcome outcome)
    {
        e.Routing.Outcome = outcome;
        e.Routing.WorkingOrders = _orders.WorkingOrders;
        _outcomes[(int)outcome]++;
    }

    /// <summary>Keeps the order and sends it. False when there is no room for it: a rejection is on its way.</summary>
    private bool TrySend(in Order order)
    {
        if (!_orders.TryAdd(order, out var slot))
        {
            Refuse(order);
            return false;
        }

        OrdersSent++;
        _gateway.Submit(_orders[slot], order.SubmitTimeNs);
        return true;
    }

    private void Refuse(in Order order)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = ExecutionReportKind.Rejected,
            Side = order.Side,
            RejectReason = VenueRejectReason.TooManyOrders,
            InstrumentIndex = order.InstrumentIndex,
            ReleasedQuantity = order.Quantity,
            VenueTimeNs = order.SubmitTimeNs,
            OrderQuantity = order.Quantity,
        };
        _sink.OnReport(report);
    }

    private static void WriteOrder(ref RoutingResult result, in Order order)
    {
        result.OrderId = order.OrderId;
        result.SignalId = order.SignalId;
        result.Status = order.Status;
        result.Side = order.Side;
        result.Type = order.Type;
        result.TimeInForce = order.TimeInForce;
        result.Strategy = order.Strategy;
        result.Quantity = order.Quantity;
        result.CumulativeQuantity = order.CumulativeQuantity;
        result.LeavesQuantity = order.LeavesQuantity;
        result.LimitPriceE9 = order.LimitPriceE9;
        result.AveragePriceE9 = order.AveragePriceE9;
        result.StopPriceE9 = order.StopPriceE9;
        result.TargetPriceE9 = order.TargetPriceE9;
        result.ArrivalPriceE9 = order.ArrivalPriceE9;
    }

    /// <summary>Sends an order and writes it into the event.</summary>
    private RoutingOutcome Send(ref PipelineEvent e, ref Order order)
    {
        order.Status = OrderStatus.PendingNew;
        var isSent = TrySend(order);
        WriteOrder(ref e.Routing, order);
        if (isSent)
            return RoutingOutcome.OrderSent;

        e.Routing.Status = OrderStatus.Rejected;
        e.Routing.RejectReason = VenueRejectReason.TooManyOrders;
        e.Routing.LeavesQuantity = 0;
        return RoutingOutcome.NoCapacity;
    }
}
