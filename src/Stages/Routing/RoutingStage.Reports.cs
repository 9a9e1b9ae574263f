using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>Reports change orders; commands cancel and close.</summary>
public sealed partial class RoutingStage
{
    private void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        ref readonly var resolution = ref e.Resolution;
        var disposition = _orders.Apply(report, resolution, out var slot, out var previous);
        if (disposition == ReportDisposition.Unknown)
            WriteUnknown(ref e.Routing, report);
        else
            WriteOrder(ref e.Routing, _orders[slot]);

        e.Routing.PreviousStatus = previous;
        e.Routing.RejectReason = report.RejectReason;
        e.Routing.Disposition = disposition;
        Count(report.Kind, resolution);

        // A close that had waited for this report: its own reports will tell of it.
        if (e.Verdict.ApprovedQuantity > 0)
        {
            CreateClose(ref e, out var order);
            TrySend(order);
        }
    }

    private void Count(ExecutionReportKind kind, in ExecutionResolution resolution)
    {
        if (resolution.Booked > 0)
        {
            Fills++;
            FilledQuantity += resolution.Booked;
        }

        if (kind == ExecutionReportKind.Rejected && !resolution.IsRefused)
            Rejected++;
    }

    private RoutingOutcome OnCommand(ref PipelineEvent e)
    {
        var kind = e.Payload.Command.Kind;
        if (kind is CommandKind.Resume or CommandKind.Query)
            return RoutingOutcome.None;

        var cancels = CancelResting(e.Header.InstrumentIndex, e.Header.TimeNs);
        if (e.Verdict.ApprovedQuantity > 0)
        {
            CreateClose(ref e, out var order);
            return Send(ref e, ref order);
        }

        if (cancels > 0)
            return RoutingOutcome.CancelSent;

        var isWaiting = kind == CommandKind.CloseAll && _orders.IsWorking(e.Header.InstrumentIndex);
        return kind == CommandKind.Kill || isWaiting ? RoutingOutcome.None : RoutingOutcome.NothingToDo;
    }

    /// <summary>Orders that the venue ends at once by itself are left alone: their answers are on the way.</summary>
    private int CancelResting(int instrument, long timeNs)
    {
        var sent = 0;
        for (var slot = _orders.FirstWorking(instrument); slot >= 0; slot = _orders.NextWorking(slot))
        {
            if (_orders[slot].IsImmediate || !_orders.TryRequestCancel(slot))
                continue;

            _gateway.Cancel(_orders[slot], timeNs);
            sent++;
        }

        CancelsSent += sent;
        return sent;
    }

    /// <summary>The kill switch was tripped: what rests is cancelled with the same event, whatever that was.</summary>
    private void CancelEverything(long timeNs)
    {
        for (var instrument = 0; instrument < _instruments.Count; instrument++)
            CancelResting(instrument, timeNs);
    }

    private void CreateClose(ref PipelineEvent e, out Order order)
    {
        order = default;
        order.OrderId = e.Verdict.OrderId;
        order.InstrumentIndex = e.Header.InstrumentIndex;
        order.Side = e.Portfolio.Position > 0 ? Side.Sell : Side.Buy;
        order.Type = OrderType.Market;
        order.TimeInForce = TimeInForce.ImmediateOrCancel;
        order.Strategy = ExecutionStrategy.Immediate;
        order.Status = OrderStatus.PendingNew;
        order.Quantity = e.Verdict.ApprovedQuantity;
        order.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        order.SubmitTimeNs = e.Header.TimeNs;
    }

    private static void WriteUnknown(ref RoutingResult result, in ExecutionReport report)
    {
        result.OrderId = report.OrderId;
        result.Side = report.Side;
        result.CumulativeQuantity = report.CumulativeQuantity;
        result.LeavesQuantity = report.LeavesQuantity;
        result.Status = report.Kind switch
        {
            ExecutionReportKind.New => OrderStatus.New,
            ExecutionReportKind.Trade when report.LeavesQuantity == 0 => OrderStatus.Filled,
            ExecutionReportKind.Trade => OrderStatus.PartiallyFilled,
            ExecutionReportKind.Cancelled => OrderStatus.Cancelled,
            ExecutionReportKind.Rejected => OrderStatus.Rejected,
            ExecutionReportKind.Expired => OrderStatus.Expired,
            _ => OrderStatus.None,
        };
    }
}
