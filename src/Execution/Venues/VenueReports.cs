using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>Writes what a venue reports, numbers its executions and counts.</summary>
/// <param name="instruments">For the fees.</param>
/// <param name="sink">Takes the reports.</param>
/// <param name="venue">The venue's number.</param>
internal sealed class VenueReports(InstrumentTable instruments, IReportSink sink, byte venue)
{
    private ulong _lastExecutionId;

    public long Executions { get; private set; }

    /// <summary>Requests refused.</summary>
    public long Rejections { get; private set; }

    /// <summary>Says that an order works, or has other terms, or was touched.</summary>
    public void Tell(ExecutionReportKind kind, in VenueOrder order, long timeNs)
    {
        Begin(out var report, kind, order, timeNs);
        report.LeavesQuantity = order.Leaves;
        if (kind == ExecutionReportKind.Replaced)
            report.LimitPriceE9 = order.LimitE9;
        sink.OnReport(report);
    }

    /// <summary>Says that what was left of an order was taken off the market.</summary>
    public void End(ExecutionReportKind kind, in VenueOrder order, long timeNs)
    {
        Begin(out var report, kind, order, timeNs);
        report.ReleasedQuantity = order.Leaves;
        sink.OnReport(report);
    }

    /// <summary>Says that an order was executed; its cumulative quantity includes the execution.</summary>
    public void Trade(in VenueOrder order, int quantity, long priceE9, long timeNs)
    {
        Executions++;
        Begin(out var report, ExecutionReportKind.Trade, order, timeNs);
        report.LeavesQuantity = order.Leaves;
        report.LastQuantity = quantity;
        report.LastPriceE9 = priceE9;
        report.FeeE6 = instruments[order.Instrument].FeePerContractE6 * quantity;
        sink.OnReport(report);
    }

    /// <summary>Refuses a new order.</summary>
    public void Reject(in VenueOrder order, VenueRejectReason reason, long timeNs)
    {
        Rejections++;
        Begin(out var report, ExecutionReportKind.Rejected, order, timeNs);
        report.ReleasedQuantity = order.Leaves;
        report.RejectReason = reason;
        sink.OnReport(report);
    }

    /// <summary>Refuses to cancel or replace an order that works, which stands as it was.</summary>
    public void Refuse(ExecutionReportKind kind, in VenueOrder order, VenueRejectReason reason, long timeNs)
    {
        Rejections++;
        Begin(out var report, kind, order, timeNs);
        report.LeavesQuantity = order.Leaves;
        report.RejectReason = reason;
        sink.OnReport(report);
    }

    /// <summary>Refuses to cancel or replace an order that does not work: nothing of it is open.</summary>
    public void RefuseUnknown(ExecutionReportKind kind, in Order order, long timeNs)
    {
        Rejections++;
        Begin(out var report, kind, new VenueOrder(order), timeNs);
        report.RejectReason = VenueRejectReason.UnknownOrder;
        sink.OnReport(report);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(out ExecutionReport report, ExecutionReportKind kind, in VenueOrder order, long timeNs)
    {
        report = default;
        report.OrderId = order.OrderId;
        report.ExecutionId = ++_lastExecutionId;
        report.Kind = kind;
        report.Side = order.Side;
        report.Venue = venue;
        report.InstrumentIndex = order.Instrument;
        report.CumulativeQuantity = order.Cumulative;
        report.OrderQuantity = order.Quantity;
        report.VenueTimeNs = timeNs;
    }
}
