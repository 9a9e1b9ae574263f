using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Faults;

/// <summary>An order that was sent to a venue, with the last that the venue said of it.</summary>
internal struct SentOrder
{
    public Order Order;
    public ExecutionReport Last;
    public bool HasReport;

    public bool HasLostRequest;
    public VenueMessageKind LostRequest;

    /// <summary>The word that its terms are new was lost: what came after does not say so.</summary>
    public bool HasLostTerms;
    public ExecutionReport Terms;

    /// <summary>Links of the orders of which something was lost, or of the free ones.</summary>
    public int Next;

    public bool IsListed;

    public readonly bool HasEnded => HasReport && Last.LeavesQuantity == 0;
}

/// <summary>
/// What a gateway keeps of the orders that it sent, so that it can tell of those of which something was lost. All
/// memory is taken at start.
/// </summary>
internal sealed class SentOrders : IStateful
{
    private readonly SentOrder[] _orders;
    private readonly IdIndex _index;
    private int _free;
    private int _used;
    private int _firstLost;
    private int _lastLost;

    public SentOrders(int capacity)
    {
        // Slot 0 stands for no order.
        _orders = new SentOrder[capacity + 1];
        _index = new IdIndex(capacity);
    }

    /// <summary>Orders kept now.</summary>
    public int Count => _index.Count;

    public bool TryAdd(in Order order)
    {
        if (_index.Count == _index.Capacity || _index.TryGet(order.OrderId, out _))
            return false;

        var slot = _free;
        if (slot == 0)
            slot = ++_used;
        else
            _free = _orders[slot].Next;

        _index.TryAdd(order.OrderId, slot);
        _orders[slot] = new SentOrder { Order = order };
        return true;
    }

    /// <summary>Keeps what the venue said last of an order. A refusal to change it says nothing of it.</summary>
    public void Note(in ExecutionReport report)
    {
        if (!TryFind(report.OrderId, out var slot)
            || report.IsRefusedRequest
            || report.Kind == ExecutionReportKind.Status
            || report.CumulativeQuantity < _orders[slot].Last.CumulativeQuantity)
            return;

        _orders[slot].Last = report;
        _orders[slot].HasReport = true;
    }

    /// <summary>
    /// A report has been told: an order that has ended by it is forgotten. So is one of which a status says that it has
    /// ended, or that the venue does not know it: nothing else may come of it.
    /// </summary>
    public void Tell(in ExecutionReport report)
    {
        if (!TryFind(report.OrderId, out var slot))
            return;

        ref var sent = ref _orders[slot];
        var isLastWord = report.Kind == ExecutionReportKind.Status
            ? report.IsUnknownOrder || report.LeavesQuantity == 0
            : sent.HasEnded && report.ExecutionId == sent.Last.ExecutionId;
        if (isLastWord && !sent.IsListed)
            Remove(report.OrderId);
    }

    /// <summary>A lost answer to a request is as a lost request, but for the new terms.</summary>
    public void LoseReport(in ExecutionReport report)
    {
        if (report.Kind == ExecutionReportKind.CancelRejected)
        {
            LoseRequest(VenueMessageKind.Cancel, report.OrderId);
        }
        else if (report.Kind == ExecutionReportKind.ReplaceRejected)
        {
            LoseRequest(VenueMessageKind.Replace, report.OrderId);
        }
        else if (report.Kind != ExecutionReportKind.Status && TryFind(report.OrderId, out var slot))
        {
            if (report.Kind == ExecutionReportKind.Replaced)
            {
                _orders[slot].HasLostTerms = true;
                _orders[slot].Terms = report;
            }

            List(slot);
        }
    }

    public void LoseRequest(VenueMessageKind kind, ulong orderId)
    {
        if (!TryFind(orderId, out var slot))
            return;

        // What the venue never heard of cannot be cancelled either: its end answers both. An order whose cancel was
        // asked for waits for no answer to a replacement any more.
        ref var sent = ref _orders[slot];
        var isCancelOfReplaced = kind == VenueMessageKind.Cancel && sent.LostRequest == VenueMessageKind.Replace;
        if (!sent.HasLostRequest || kind == VenueMessageKind.Submit || isCancelOfReplaced)
            sent.LostRequest = kind;
        sent.HasLostRequest = true;
        List(slot);
    }

    /// <summary>Takes the next order of which something was lost; it is forgotten when it has ended.</summary>
    public bool TryTakeLost(out SentOrder lost)
    {
        var slot = _firstLost;
        lost = _orders[slot];
        if (slot == 0)
            return false;

        _firstLost = lost.Next;
        if (_firstLost == 0)
            _lastLost = 0;
        ref var sent = ref _orders[slot];
        sent.IsListed = sent.HasLostRequest = sent.HasLostTerms = false;
        return true;
    }

    public void Remove(ulong orderId)
    {
        if (!TryFind(orderId, out var slot) || _orders[slot].IsListed)
            return;

        _index.TryRemove(orderId);
        _orders[slot].Next = _free;
        _free = slot;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_orders);
        _index.Transfer(state);
        state.Value(ref _free);
        state.Value(ref _used);
        state.Value(ref _firstLost);
        state.Value(ref _lastLost);
    }

    private bool TryFind(ulong orderId, out int slot) => _index.TryGet(orderId, out slot);

    /// <summary>Puts an order at the end of those to be told of anew, unless it is among them.</summary>
    private void List(int slot)
    {
        if (_orders[slot].IsListed)
            return;

        _orders[slot].IsListed = true;
        _orders[slot].Next = 0;
        if (_lastLost == 0)
            _firstLost = slot;
        else
            _orders[_lastLost].Next = slot;
        _lastLost = slot;
    }
}
