using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>What routing tells beside its orders: actions, reports of its own, and timers.</summary>
/// <param name="log">Of the actions.</param>
/// <param name="reports">The way back: a queue to ingress of routing's own.</param>
/// <param name="timers">Timers that come back as events.</param>
internal sealed class RoutingOutputs(ActionLog log, IReportSink reports, ITimerSink timers)
{
    private bool _isOwnOrderNext;

    public ITimerSink Timers => timers;

    /// <summary>The next order that is sent is the event's own: it is told in the event itself and not in the log.
    /// </summary>
    public void ExpectOwnOrder() => _isOwnOrderNext = true;

    /// <summary>Whether the event's own order has been sent; none is expected any more.</summary>
    public bool TakeOwnOrder()
    {
        var isSent = !_isOwnOrderNext;
        _isOwnOrderNext = false;
        return isSent;
    }

    /// <summary>An order has left.</summary>
    public void TellSent(in Order order, ref PipelineEvent e)
    {
        if (_isOwnOrderNext)
        {
            _isOwnOrderNext = false;
            Write(ref e.Routing.Order, order);
            return;
        }

        ref var action = ref log.Add();
        action.Kind = RoutingActionKind.OrderSent;
        Write(ref action.Order, order);
    }

    /// <summary>A venue was asked for an order whose request it had not answered.</summary>
    public void TellUnanswered(in Order order)
    {
        ref var action = ref log.Add();
        action.Kind = RoutingActionKind.Unanswered;
        action.Inquiry = new Inquiry
        {
            OrderId = order.OrderId,
            InstrumentIndex = order.InstrumentIndex,
            Count = order.Inquiries,
        };
    }

    /// <summary>A parent order has ended.</summary>
    public void TellEnd(in ParentOrder parent) => Tell(RoutingActionKind.ParentEnded, parent);

    /// <summary>An operator asked for the parent orders.</summary>
    public void TellListed(in ParentOrder parent) => Tell(RoutingActionKind.ParentListed, parent);

    private void Tell(RoutingActionKind kind, in ParentOrder parent)
    {
        ref var action = ref log.Add();
        action.Kind = kind;
        action.Parent = new ParentState
        {
            ParentId = parent.ParentId,
            SignalId = parent.SignalId,
            StartTimeNs = parent.StartNs,
            ArrivalPriceE9 = parent.ArrivalPriceE9,
            AveragePriceE9 = parent.AveragePriceE9,
            Quantity = parent.Quantity,
            Executed = parent.Executed,
            Children = parent.Children,
            InstrumentIndex = parent.InstrumentIndex,
            Side = parent.Side,
            Strategy = parent.Strategy,
            Purpose = parent.Purpose,
            State = parent.IsPaused && parent.Status == ParentStatus.Working
                ? ParentOrderState.Paused
                : (ParentOrderState)parent.Status,
            EndReason = parent.Remaining == 0 ? ParentEndReason.Executed : parent.EndReason,
        };
    }

    /// <summary>A trade was closed by the execution of a report.</summary>
    public void TellClosed(in Trade trade, Instrument instrument, in PipelineEvent e)
    {
        var summary = new TradeSummary(trade, instrument);
        ref var action = ref log.Add();
        action.Kind = RoutingActionKind.TradeClosed;
        action.Trade = new ClosedTrade
        {
            TradeId = summary.TradeId,
            SignalId = summary.SignalId,
            OrderId = e.Payload.ExecutionReport.OrderId,
            EntryTimeNs = summary.EntryTimeNs,
            ExitTimeNs = summary.ExitTimeNs,
            EntryPriceE9 = summary.EntryPriceE9,
            ExitPriceE9 = summary.ExitPriceE9,
            ArrivalPriceE9 = trade.ArrivalPriceE9,
            GrossPnlE6 = summary.GrossPnlE6,
            EntryFeesE6 = summary.EntryFeesE6,
            ExitFeesE6 = summary.ExitFeesE6,
            SlippageE6 = summary.SlippageE6,
            ExitSlippageE6 = summary.ExitSlippageE6,
            FavourableE9 = summary.FavourableE9,
            AdverseE9 = summary.AdverseE9,
            FillRate = (float)summary.FillRate,
            QualityScore = (float)summary.QualityScore,
            Quantity = summary.Quantity,
            InstrumentIndex = summary.InstrumentIndex,
            Side = summary.Side,
            Strategy = summary.Strategy,
            ExitReason = summary.ExitReason,
        };
    }

    /// <summary>Reports to risk, by way of the ring, that a parent has ended with something left.</summary>
    public void Report(in ParentOrder parent, ExecutionReportKind kind, long timeNs)
    {
        reports.OnReport(new ExecutionReport
        {
            OrderId = OrderIds.Of(parent.ParentId, 0),
            Kind = kind,
            Side = parent.Side,
            RejectReason = kind == ExecutionReportKind.Rejected
                ? VenueRejectReason.TooManyOrders
                : VenueRejectReason.None,
            Venue = ExecutionReport.OwnVenue,
            InstrumentIndex = parent.InstrumentIndex,
            CumulativeQuantity = parent.Executed,
            ReleasedQuantity = parent.Reserved,
            OrderQuantity = parent.Quantity,
            VenueTimeNs = timeNs,
        });
    }

    /// <summary>Reports to risk, by way of the ring, that an order was adopted.</summary>
    /// <param name="status">What the venue says of it.</param>
    /// <param name="timeNs">The event's.</param>
    public void ReportAdopted(in ExecutionReport status, long timeNs) => reports.OnReport(new ExecutionReport
    {
        OrderId = status.OrderId,
        Kind = ExecutionReportKind.Adopted,
        Side = status.Side,
        Venue = ExecutionReport.OwnVenue,
        InstrumentIndex = status.InstrumentIndex,
        CumulativeQuantity = status.CumulativeQuantity,
        LeavesQuantity = status.LeavesQuantity,
        OrderQuantity = status.OrderQuantity,
        VenueTimeNs = timeNs,
    });

    /// <summary>Writes an order as it stands. The stop of a stop order is the price that triggers it.</summary>
    public static void Write(ref OrderState state, in Order order)
    {
        state.OrderId = order.OrderId;
        state.SignalId = order.SignalId;
        state.Status = order.Status;
        state.PreviousStatus = OrderStatus.None;
        state.Side = order.Side;
        state.Type = order.Type;
        state.TimeInForce = order.TimeInForce;
        state.Strategy = order.Strategy;
        state.RejectReason = VenueRejectReason.None;
        state.Purpose = order.Purpose;
        state.Quantity = order.Quantity;
        state.CumulativeQuantity = order.CumulativeQuantity;
        state.LeavesQuantity = order.LeavesQuantity;
        state.InstrumentIndex = order.InstrumentIndex;
        state.LimitPriceE9 = order.LimitPriceE9;
        state.AveragePriceE9 = order.AveragePriceE9;
        state.StopPriceE9 = order.TriggerPriceE9 != 0 ? order.TriggerPriceE9 : order.StopPriceE9;
        state.TargetPriceE9 = order.TargetPriceE9;
        state.ArrivalPriceE9 = order.ArrivalPriceE9;
    }

    /// <summary>Writes what a report says of an order that is not known.</summary>
    public static void WriteUnknown(ref OrderState state, in ExecutionReport report)
    {
        state.OrderId = report.OrderId;
        state.Side = report.Side;
        state.InstrumentIndex = report.InstrumentIndex;
        state.CumulativeQuantity = report.CumulativeQuantity;
        state.LeavesQuantity = report.LeavesQuantity;
        state.Status = report.Kind switch
        {
            ExecutionReportKind.New => OrderStatus.New,
            ExecutionReportKind.Trade when report.LeavesQuantity == 0 => OrderStatus.Filled,
            ExecutionReportKind.Trade => OrderStatus.PartiallyFilled,
            ExecutionReportKind.Cancelled => OrderStatus.Cancelled,
            ExecutionReportKind.Rejected => OrderStatus.Rejected,
            ExecutionReportKind.Expired => OrderStatus.Expired,
            ExecutionReportKind.Status => report.Status,
            _ => OrderStatus.None,
        };
    }

    /// <summary>The stage's own word to risk, or a venue's of itself, comes by: there is no order to tell of.</summary>
    public static void WriteOwnWord(ref PipelineEvent e)
    {
        WriteUnknown(ref e.Routing.Order, e.Payload.ExecutionReport);
        e.Routing.Order.RejectReason = e.Payload.ExecutionReport.RejectReason;
        e.Routing.Disposition = e.Resolution.Disposition;
    }
}
