using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// Which state a report leads to, after FIX 4.4 volume 4, appendix D. An execution or an end may come before the
/// acknowledgement: venues report them so when both happen at once. Whether the report tells anything new is for
/// <see cref="ExecutionLedger"/> to say.
/// <code>
/// PendingNew      New, Trade, Cancelled, Rejected, Expired, Suspended
/// New             Trade, Cancelled, Rejected, Expired, Suspended, Triggered, Restated
/// PartiallyFilled Trade, Cancelled, Rejected, Expired, Suspended, Restated
/// PendingCancel   Trade, Cancelled, Rejected, Expired, CancelRejected
/// PendingReplace  Trade, Cancelled, Rejected, Expired, Replaced, ReplaceRejected
/// Suspended       Trade, Cancelled, Rejected, Expired, Restated
/// </code>
/// A restatement leads from Suspended to New or PartiallyFilled, answers no request, and may tell a quantity that the
/// venue has reduced. A status leads from PendingCancel or PendingReplace only where the venue was asked for it, for
/// another one may be older than the request. A replacement leads to New or PartiallyFilled; one by
/// no more than is executed, to Filled.
/// </summary>
internal static class OrderLifecycle
{
    /// <summary>The state after a report. An order that has ended stays as it is.</summary>
    /// <param name="order">With what the report has booked.</param>
    /// <param name="report">What the venue says.</param>
    public static OrderStatus After(in Order order, in ExecutionReport report)
    {
        if (!order.IsWorking)
            return order.Status;

        // An execution may come before the word that the order has grown: then the venue says what is left.
        var isGrowing = order.Status == OrderStatus.PendingReplace && report.LeavesQuantity > 0;
        if (order.CumulativeQuantity >= order.Quantity && !isGrowing)
            return OrderStatus.Filled;

        return report.Kind switch
        {
            ExecutionReportKind.Status => AfterStatus(order, report),
            ExecutionReportKind.Cancelled => OrderStatus.Cancelled,
            ExecutionReportKind.Expired => OrderStatus.Expired,
            ExecutionReportKind.Rejected => OrderStatus.Rejected,
            ExecutionReportKind.CancelRejected => WorkingStatus(order),
            _ when order.Status == OrderStatus.PendingCancel => OrderStatus.PendingCancel,
            ExecutionReportKind.Replaced or ExecutionReportKind.ReplaceRejected => WorkingStatus(order),
            _ when order.Status == OrderStatus.PendingReplace => OrderStatus.PendingReplace,
            ExecutionReportKind.Suspended => OrderStatus.Suspended,
            _ => WorkingStatus(order),
        };
    }

    /// <summary>An order that never arrived, or has ended with something left, works no more.</summary>
    private static OrderStatus AfterStatus(in Order order, in ExecutionReport report)
    {
        if (report.LeavesQuantity > 0)
        {
            var isSettled = order.Status == OrderStatus.PendingNew || order.Inquiries > 0 || !order.IsPending;
            return !isSettled ? order.Status
                : report.Status == OrderStatus.Suspended ? OrderStatus.Suspended
                : WorkingStatus(order);
        }

        return report.Status switch
        {
            OrderStatus.Expired or OrderStatus.Rejected => report.Status,
            OrderStatus.None when order.CumulativeQuantity == 0 => OrderStatus.Rejected,
            _ => OrderStatus.Cancelled,
        };
    }

    /// <summary>
    /// Whether nothing more can come of a replacement: it was answered, or the venue was asked how the order stands.
    /// </summary>
    /// <param name="order">In the state after the report.</param>
    /// <param name="report">What the venue says.</param>
    public static bool SettlesReplace(in Order order, in ExecutionReport report) =>
        report.Kind is ExecutionReportKind.Replaced or ExecutionReportKind.ReplaceRejected
        || (report.Kind == ExecutionReportKind.Status && !order.IsPending);

    /// <summary>The state of a working order that no cancel is asked for.</summary>
    public static OrderStatus WorkingStatus(in Order order) =>
        order.CumulativeQuantity > 0 ? OrderStatus.PartiallyFilled : OrderStatus.New;
}
