using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>Writes what a venue reports, numbers its executions and counts.</summary>
/// <param name="instruments">For the fees.</param>
/// <param name="sink">Takes the reports.</param>
/// <param name="venue">The venue's number.</param>
internal sealed class VenueReports(InstrumentTable instruments, IReportSink sink, byte venue) : IStateful
{
    private readonly OrderHistory _history = new();
    private ulong _lastExecutionId;

    public long Executions { get; private set; }

    /// <summary>Requests refused.</summary>
    public long Rejections { get; private set; }

    /// <summary>
    /// Whether an order was here before, or was asked for and not here: the venue takes no other one of its id.
    /// </summary>
    public bool Knows(ulong orderId) => _history.Knows(orderId);

    /// <summary>Says that an order works, or has other terms, or was touched.</summary>
    public void Tell(ExecutionReportKind kind, in VenueOrder order, long timeNs)
    {
        Begin(out var report, kind, order, timeNs);
        report.LeavesQuantity = order.Leaves;
        if (kind == ExecutionReportKind.Replaced)
            report.LimitPriceE9 = order.LimitE9;
        _history.Note(order, kind == ExecutionReportKind.Suspended ? OrderStatus.Suspended : WorkingStatus(order));
        sink.OnReport(report);
    }

    /// <summary>Says that what was left of an order was taken off the market.</summary>
    public void End(ExecutionReportKind kind, in VenueOrder order, long timeNs)
    {
        Begin(out var report, kind, order, timeNs);
        report.ReleasedQuantity = order.Leaves;
        _history.Note(
            order, kind == ExecutionReportKind.Expired ? OrderStatus.Expired : OrderStatus.Cancelled);
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
        _history.Note(order, order.Leaves == 0 ? OrderStatus.Filled : OrderStatus.PartiallyFilled);
        _history.NoteExecution(report);
        sink.OnReport(report);
    }

    /// <summary>Refuses a new order.</summary>
    public void Reject(in VenueOrder order, VenueRejectReason reason, long timeNs)
    {
        Rejections++;
        Begin(out var report, ExecutionReportKind.Rejected, order, timeNs);
        report.ReleasedQuantity = order.Leaves;
        report.RejectReason = reason;
        // Another order of the same id is none of this one's business.
        if (!_history.Knows(order.OrderId))
            _history.Note(order, OrderStatus.Rejected);
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

    /// <summary>Answers for an order that is open: what it has executed, and how it stands.</summary>
    public void TellStatus(in VenueOrder order, long timeNs)
    {
        _history.Repeat(order.OrderId, sink);
        List(order, timeNs);
    }

    /// <summary>Answers for an order that is not open: it has ended, or was never here.</summary>
    public void TellStatus(in Order order, long timeNs)
    {
        ref readonly var known = ref _history.Find(order.OrderId);
        if (known.Order.OrderId == 0)
            _history.Note(new VenueOrder(order), OrderStatus.None);

        if (known.Status == OrderStatus.None)
        {
            Begin(out var report, ExecutionReportKind.Status, new VenueOrder(order), timeNs);
            report.ReleasedQuantity = order.Quantity;
            report.RejectReason = VenueRejectReason.UnknownOrder;
            sink.OnReport(report);
            return;
        }

        _history.Repeat(order.OrderId, sink);
        TellStatus(known.Order, known.Status, leaves: 0, timeNs);
    }

    /// <summary>Says how an open order stands.</summary>
    public void List(in VenueOrder order, long timeNs)
    {
        ref readonly var known = ref _history.Find(order.OrderId);
        var isSuspended = known.Status == OrderStatus.Suspended;
        TellStatus(order, isSuspended ? OrderStatus.Suspended : WorkingStatus(order), order.Leaves, timeNs);
    }

    /// <summary>Ends a list of open orders.</summary>
    public void EndList(int count, long timeNs) => sink.OnReport(new ExecutionReport
    {
        Kind = ExecutionReportKind.OpenOrdersEnd,
        Venue = venue,
        OrderQuantity = count,
        VenueTimeNs = timeNs,
    });

    private static OrderStatus WorkingStatus(in VenueOrder order) =>
        order.Cumulative > 0 ? OrderStatus.PartiallyFilled : OrderStatus.New;

    private void TellStatus(in VenueOrder order, OrderStatus status, int leaves, long timeNs)
    {
        Begin(out var report, ExecutionReportKind.Status, order, timeNs);
        report.Status = status;
        report.LeavesQuantity = leaves;
        report.ReleasedQuantity = order.Leaves - leaves;
        report.LimitPriceE9 = order.LimitE9;
        report.TriggerPriceE9 = order.TriggerE9;
        report.ExpireNs = order.ExpireNs;
        report.PeakQuantity = order.Peak;
        report.Type = order.Type;
        report.TimeInForce = order.TimeInForce;
        sink.OnReport(report);
    }

    public void Transfer(StateStream state)
    {
        _history.Transfer(state);
        state.Value(ref _lastExecutionId);
        Executions = state.Next(Executions);
        Rejections = state.Next(Rejections);
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
