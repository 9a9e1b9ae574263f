using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>How reports change orders, and the lists that hold them.</summary>
public sealed partial class OrderStore
{
    /// <summary>Applies a report to the order that it names.</summary>
    /// <param name="report">Validated at the edge.</param>
    /// <param name="resolution">What it amounts to, by the ledger.</param>
    /// <param name="slot">Of the order; -1 when it is unknown.</param>
    /// <param name="previous">The order's state before.</param>
    /// <returns>The ledger's word, or that the report is of no order of the store or contradicts it.</returns>
    public ReportDisposition Apply(
        in ExecutionReport report, in ExecutionResolution resolution, out int slot, out OrderStatus previous)
    {
        previous = OrderStatus.None;
        if (!_index.TryGet(report.OrderId, out slot))
        {
            UnknownReports++;
            return ReportDisposition.Unknown;
        }

        ref var order = ref _orders[slot];
        previous = order.Status;
        var disposition = DispositionOf(order, report, resolution);
        Count(disposition);
        if (disposition is not (ReportDisposition.Duplicate or ReportDisposition.Illegal))
            Advance(ref order, slot, report.Kind, resolution);
        return disposition;
    }

    /// <summary>What the ledger cannot know: the order as it was sent, and whether its cancel was asked for.</summary>
    private static ReportDisposition DispositionOf(
        in Order order, in ExecutionReport report, in ExecutionResolution resolution)
    {
        if (report.InstrumentIndex != order.InstrumentIndex || report.Side != order.Side)
            return ReportDisposition.Illegal;
        if (resolution.Booked > 0 && order.CumulativeQuantity + resolution.Booked > order.Quantity)
            return ReportDisposition.Overfill;

        var isUnasked = report.Kind == ExecutionReportKind.CancelRejected
            && resolution.Booked == 0
            && order.IsWorking
            && order.Status != OrderStatus.PendingCancel;
        return isUnasked ? ReportDisposition.Illegal : resolution.Disposition;
    }

    private void Count(ReportDisposition disposition)
    {
        DuplicateReports += disposition == ReportDisposition.Duplicate ? 1 : 0;
        LateReports += disposition == ReportDisposition.Late ? 1 : 0;
        IllegalReports += disposition == ReportDisposition.Illegal ? 1 : 0;
    }

    private void Advance(ref Order order, int slot, ExecutionReportKind kind, in ExecutionResolution resolution)
    {
        var leaves = order.LeavesQuantity;
        var wasWorking = order.IsWorking;
        order.CumulativeQuantity += resolution.Booked;
        order.ExecutedSumE9 += (Int128)resolution.PriceE9 * resolution.Booked;
        order.Status = OrderLifecycle.After(order, kind);
        ChangeWorking(order, order.LeavesQuantity - leaves);
        if (!wasWorking || order.IsWorking)
            return;

        WorkingOrders--;
        Unlink(slot, order.InstrumentIndex);
        Remember(slot);
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
