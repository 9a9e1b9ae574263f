using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// Which report may follow which state, after FIX 4.4 volume 4, appendix D. An execution or an end may come before
/// the acknowledgement: venues report them so when both happen at once.
/// <code>
/// PendingNew      New, Trade, Cancelled, Rejected, Expired
/// New             Trade, Cancelled, Expired
/// PartiallyFilled Trade, Cancelled, Expired
/// PendingCancel   Trade, Cancelled, Expired, CancelRejected
/// </code>
/// </summary>
internal static class OrderLifecycle
{
    /// <summary>
    /// Judges a report against the order it names and gives the state it leads to. The order is not changed.
    /// </summary>
    public static ReportDisposition Judge(in Order order, in ExecutionReport report, out OrderStatus next)
    {
        next = order.Status;
        if (report.InstrumentIndex != order.InstrumentIndex)
            return ReportDisposition.Illegal;

        return report.Kind switch
        {
            ExecutionReportKind.New => JudgeNew(order, out next),
            ExecutionReportKind.Trade => JudgeTrade(order, report, out next),
            ExecutionReportKind.Cancelled => JudgeEnd(order, OrderStatus.Cancelled, out next),
            ExecutionReportKind.Expired => JudgeEnd(order, OrderStatus.Expired, out next),
            ExecutionReportKind.Rejected => JudgeRejected(order, out next),
            ExecutionReportKind.CancelRejected => JudgeCancelRejected(order, out next),
            _ => ReportDisposition.Illegal,
        };
    }

    /// <summary>The state of a working order that no cancel is asked for.</summary>
    public static OrderStatus WorkingStatus(in Order order) =>
        order.CumulativeQuantity > 0 ? OrderStatus.PartiallyFilled : OrderStatus.New;

    private static ReportDisposition JudgeNew(in Order order, out OrderStatus next)
    {
        next = order.Status;
        switch (order.Status)
        {
            case OrderStatus.PendingNew:
                next = OrderStatus.New;
                return ReportDisposition.Applied;
            case OrderStatus.New:
                return ReportDisposition.Duplicate;
            default:
                return ReportDisposition.Late;
        }
    }

    private static ReportDisposition JudgeTrade(in Order order, in ExecutionReport report, out OrderStatus next)
    {
        next = order.Status;
        if (report.LastQuantity <= 0 || report.CumulativeQuantity > order.Quantity || report.Side != order.Side)
            return ReportDisposition.Illegal;

        if (report.CumulativeQuantity <= order.CumulativeQuantity)
            return ReportDisposition.Duplicate;

        // Some of it is known already and some not: it cannot be told which.
        if (report.CumulativeQuantity - report.LastQuantity < order.CumulativeQuantity)
            return ReportDisposition.Illegal;

        if (!order.IsWorking)
            return ReportDisposition.Late;

        if (report.CumulativeQuantity == order.Quantity)
            next = OrderStatus.Filled;
        else if (order.Status != OrderStatus.PendingCancel)
            next = OrderStatus.PartiallyFilled;
        return ReportDisposition.Applied;
    }

    private static ReportDisposition JudgeEnd(in Order order, OrderStatus end, out OrderStatus next)
    {
        next = order.Status;
        if (order.Status == end)
            return ReportDisposition.Duplicate;

        if (!order.IsWorking)
            return ReportDisposition.Illegal;

        next = end;
        return ReportDisposition.Applied;
    }

    private static ReportDisposition JudgeRejected(in Order order, out OrderStatus next)
    {
        next = order.Status;
        if (order.Status == OrderStatus.Rejected)
            return ReportDisposition.Duplicate;

        // A cancel may be asked for before the venue has answered the order; it may still refuse it.
        var isUnanswered = order.Status == OrderStatus.PendingNew
            || (order.Status == OrderStatus.PendingCancel && order.CumulativeQuantity == 0);
        if (!isUnanswered)
            return ReportDisposition.Illegal;

        next = OrderStatus.Rejected;
        return ReportDisposition.Applied;
    }

    private static ReportDisposition JudgeCancelRejected(in Order order, out OrderStatus next)
    {
        next = order.Status;
        if (order.Status != OrderStatus.PendingCancel)
            return order.IsWorking ? ReportDisposition.Illegal : ReportDisposition.Late;

        next = WorkingStatus(order);
        return ReportDisposition.Applied;
    }
}
