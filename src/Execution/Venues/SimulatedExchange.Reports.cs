using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>What the exchange says.</summary>
public sealed partial class SimulatedExchange
{
    private void Report(
        ExecutionReportKind kind,
        in Order order,
        int leaves,
        int released,
        long timeNs,
        VenueRejectReason reason = VenueRejectReason.None,
        int cumulative = 0)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            ExecutionId = ++_lastExecutionId,
            Kind = kind,
            Side = order.Side,
            RejectReason = reason,
            InstrumentIndex = order.InstrumentIndex,
            CumulativeQuantity = cumulative,
            LeavesQuantity = leaves,
            ReleasedQuantity = released,
            VenueTimeNs = timeNs,
            OrderQuantity = order.Quantity,
        };
        _sink.OnReport(report);
    }

    private void Report(ExecutionReportKind kind, int instrument, in RestingOrder order, long timeNs)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            ExecutionId = ++_lastExecutionId,
            Kind = kind,
            Side = order.Side,
            InstrumentIndex = instrument,
            CumulativeQuantity = order.CumulativeQuantity,
            ReleasedQuantity = order.LeavesQuantity,
            VenueTimeNs = timeNs,
            OrderQuantity = order.Quantity,
        };
        _sink.OnReport(report);
    }

    private void ReportTrade(in Order order, int quantity, int cumulative, long priceE9, long timeNs)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            Side = order.Side,
            InstrumentIndex = order.InstrumentIndex,
            CumulativeQuantity = cumulative,
            LeavesQuantity = order.Quantity - cumulative,
            OrderQuantity = order.Quantity,
        };
        SendTrade(ref report, quantity, priceE9, timeNs);
    }

    private void ReportTrade(int instrument, in RestingOrder order, int quantity, long timeNs)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            Side = order.Side,
            InstrumentIndex = instrument,
            CumulativeQuantity = order.CumulativeQuantity,
            LeavesQuantity = order.LeavesQuantity,
            OrderQuantity = order.Quantity,
        };
        SendTrade(ref report, quantity, order.LimitPriceE9, timeNs);
    }

    private void SendTrade(ref ExecutionReport report, int quantity, long priceE9, long timeNs)
    {
        Executions++;
        report.ExecutionId = ++_lastExecutionId;
        report.Kind = ExecutionReportKind.Trade;
        report.LastQuantity = quantity;
        report.LastPriceE9 = priceE9;
        report.FeeE6 = _instruments[report.InstrumentIndex].FeePerContractE6 * quantity;
        report.VenueTimeNs = timeNs;
        _sink.OnReport(report);
    }
}
