using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>How reports change orders, and the lists that hold them.</summary>
public sealed partial class OrderStore
{
    /// <summary>Applies a report to the order that it names.</summary>
    /// <param name="report">Validated at the edge.</param>
    /// <param name="slot">Of the order; -1 when it is unknown.</param>
    /// <param name="previous">The order's state before.</param>
    public ReportDisposition Apply(in ExecutionReport report, out int slot, out OrderStatus previous)
    {
        previous = OrderStatus.None;
        if (!_index.TryGet(report.OrderId, out slot))
        {
            UnknownReports++;
            return ReportDisposition.Unknown;
        }

        ref var order = ref _orders[slot];
        previous = order.Status;
        var disposition = OrderLifecycle.Judge(order, report, out var next);
        switch (disposition)
        {
            case ReportDisposition.Applied:
                Advance(ref order, slot, report, next);
                break;
            case ReportDisposition.Late:
                LateReports++;
                if (report.Kind == ExecutionReportKind.Trade)
                    Execute(ref order, report);
                break;
            case ReportDisposition.Duplicate:
                DuplicateReports++;
                break;
            default:
                IllegalReports++;
                break;
        }

        return disposition;
    }

    private void Advance(ref Order order, int slot, in ExecutionReport report, OrderStatus next)
    {
        var leaves = order.LeavesQuantity;
        if (report.Kind == ExecutionReportKind.Trade)
            Execute(ref order, report);

        order.Status = next;
        ChangeWorking(order, order.LeavesQuantity - leaves);
        if (order.IsWorking)
            return;

        WorkingOrders--;
        Unlink(slot, order.InstrumentIndex);
        Remember(slot);
    }

    private void Execute(ref Order order, in ExecutionReport report)
    {
        MissedQuantity += report.CumulativeQuantity - order.CumulativeQuantity - report.LastQuantity;
        order.CumulativeQuantity = report.CumulativeQuantity;
        order.ExecutedQuantity += report.LastQuantity;
        order.ExecutedSumE9 += (Int128)report.LastPriceE9 * report.LastQuantity;
    }

    private void ChangeWorking(in Order order, int change)
    {
        if (order.Side == Side.Buy)
            _workingBuy[order.InstrumentIndex] += change;
        else
            _workingSell[order.InstrumentIndex] += change;
    }

    private void Link(int slot, int instrument)
    {
        var first = _firstWorking[instrument];
        _next[slot] = first;
        _previous[slot] = None;
        if (first != None)
            _previous[first] = slot;
        _firstWorking[instrument] = slot;
    }

    private void Unlink(int slot, int instrument)
    {
        var next = _next[slot];
        var previous = _previous[slot];
        if (next != None)
            _previous[next] = previous;
        if (previous != None)
            _next[previous] = next;
        else
            _firstWorking[instrument] = next;
    }

    /// <summary>Remembers an ended order; the oldest one beyond the number remembered gives its slot up.</summary>
    private void Remember(int slot)
    {
        _next[slot] = None;
        if (_lastEnded == None)
            _firstEnded = slot;
        else
            _next[_lastEnded] = slot;
        _lastEnded = slot;
        if (++_endedCount <= _remembered)
            return;

        var oldest = TakeOldestEnded();
        _next[oldest] = _firstFree;
        _firstFree = oldest;
    }

    /// <summary>A free slot, the one used last first; else the oldest ended order's.</summary>
    private bool TryTakeSlot(out int slot)
    {
        slot = _firstFree;
        if (slot != None)
            _firstFree = _next[slot];
        else if (_endedCount > 0)
            slot = TakeOldestEnded();
        return slot != None;
    }

    private int TakeOldestEnded()
    {
        var oldest = _firstEnded;
        _firstEnded = _next[oldest];
        if (_firstEnded == None)
            _lastEnded = None;
        _endedCount--;
        return oldest;
    }
}
