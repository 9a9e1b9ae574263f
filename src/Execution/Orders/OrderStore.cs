using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// The orders that are working and the last that have ended, all memory taken at start. So many ended orders are
/// remembered, so that a late report still finds them; the slots of older ones are used again first, which keeps the
/// memory in use small and in the cache. Everything is O(1); one thread.
/// </summary>
public sealed class OrderStore : IStateful
{
    /// <summary>Orders kept where nothing else is set.</summary>
    public const int DefaultCapacity = 16_384;

    /// <summary>Ended orders remembered where nothing else is set.</summary>
    public const int DefaultRemembered = 1_024;

    private const int None = -1;

    private readonly Order[] _orders;

    /// <summary>What a slot's order shall be, while a replacement is asked for.</summary>
    private readonly OrderTerms[] _asked;
    private readonly IdIndex _index;
    private readonly SlotSet _awaited;

    /// <summary>Links of the lists that a slot is in: an instrument's working orders, the ended, or the free.</summary>
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _firstWorking;
    private readonly int[] _workingBuy;
    private readonly int[] _workingSell;
    private readonly int _remembered;
    private int _firstFree;
    private int _firstEnded = None;
    private int _lastEnded = None;
    private int _endedCount;

    /// <param name="instruments">Number of instruments.</param>
    /// <param name="capacity">The most orders working at a time.</param>
    /// <param name="remembered">Ended orders that are remembered while there is room for them.</param>
    public OrderStore(int instruments, int capacity = DefaultCapacity, int remembered = DefaultRemembered)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(instruments);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegative(remembered);
        _remembered = remembered;
        _orders = new Order[capacity];
        _asked = new OrderTerms[capacity];
        _index = new IdIndex(capacity);
        _awaited = new SlotSet(capacity);
        _next = new int[capacity];
        _previous = new int[capacity];
        _firstWorking = new int[instruments];
        _workingBuy = new int[instruments];
        _workingSell = new int[instruments];
        Array.Fill(_firstWorking, None);
        for (var slot = 0; slot < capacity; slot++)
            _next[slot] = slot + 1 < capacity ? slot + 1 : None;
    }

    public int Capacity => _orders.Length;

    /// <summary>Orders at the venue, over all instruments.</summary>
    public int WorkingOrders { get; private set; }

    /// <summary>Orders of which the venue still has to say something.</summary>
    public int AwaitedOrders => _awaited.Count;

    /// <summary>Reports that told nothing new.</summary>
    public long DuplicateReports { get; private set; }

    /// <summary>Reports that came after the order's end, or an acknowledgement after an execution.</summary>
    public long LateReports { get; private set; }

    /// <summary>Reports refused because the order cannot go where they say.</summary>
    public long IllegalReports { get; private set; }

    /// <summary>Reports that name no order of the store.</summary>
    public long UnknownReports { get; private set; }

    /// <summary>Signed contracts that working orders may still execute.</summary>
    public int NetWorkingQuantity(int instrument) => _workingBuy[instrument] - _workingSell[instrument];

    /// <summary>Contracts that working buys may still execute.</summary>
    public int WorkingBuyQuantity(int instrument) => _workingBuy[instrument];

    /// <summary>Contracts that working sales may still execute.</summary>
    public int WorkingSellQuantity(int instrument) => _workingSell[instrument];

    /// <summary>Whether the instrument has an order at the venue.</summary>
    public bool IsWorking(int instrument) => _firstWorking[instrument] != None;

    /// <summary>
    /// Takes an order in as <see cref="OrderStatus.PendingNew"/>. False when every slot holds a working order or the id
    /// is there already.
    /// </summary>
    /// <param name="order">With an id of its own, not 0, and a positive quantity.</param>
    /// <param name="slot">Where it is.</param>
    /// <param name="executed">
    /// Contracts that were executed before it was known here, less than its quantity; at its limit, as far as is known.
    /// </param>
    public bool TryAdd(in Order order, out int slot, int executed = 0)
    {
        slot = None;
        if (order.Quantity <= executed || _index.TryGet(order.OrderId, out _) || !TryTakeSlot(out slot))
            return false;

        ref var stored = ref _orders[slot];
        if (stored.OrderId != 0)
            _index.TryRemove(stored.OrderId);
        stored = order;
        _asked[slot] = default;
        stored.Status = OrderStatus.PendingNew;
        stored.CumulativeQuantity = executed;
        stored.ExecutedSumE9 = (Int128)order.LimitPriceE9 * executed;
        stored.AskedNs = stored.HeardNs = order.SubmitTimeNs;
        _awaited.Set(slot, isIn: true);
        _index.TryAdd(order.OrderId, slot);
        Link(slot, order.InstrumentIndex);
        ChangeWorking(stored, stored.LeavesQuantity);
        WorkingOrders++;
        return true;
    }

    /// <summary>The slot of the awaited order at a place below their count.</summary>
    public int AwaitedAt(int place) => _awaited[place];

    public bool TryFind(ulong orderId, out int slot) => _index.TryGet(orderId, out slot);

    /// <summary>The order in a slot.</summary>
    public ref readonly Order this[int slot] => ref _orders[slot];

    /// <summary>The first working order of an instrument, or -1; newest first.</summary>
    public int FirstWorking(int instrument) => _firstWorking[instrument];

    /// <summary>The working order after one, or -1.</summary>
    public int NextWorking(int slot) => _next[slot];

    /// <summary>Marks a cancel as asked for. False when the order has ended or one is asked for already.</summary>
    /// <param name="slot">Of the order.</param>
    /// <param name="timeNs">The event's.</param>
    public bool TryRequestCancel(int slot, long timeNs)
    {
        ref var order = ref _orders[slot];
        if (!order.IsWorking || order.Status == OrderStatus.PendingCancel)
            return false;

        order.Status = OrderStatus.PendingCancel;
        Await(ref order, slot, timeNs);
        return true;
    }

    /// <summary>
    /// Marks a replacement as asked for. False when the order has ended, is not yet acknowledged, or waits for another
    /// answer.
    /// </summary>
    /// <param name="slot">Of the order.</param>
    /// <param name="terms">What it shall be: they are its own when the venue says so.</param>
    /// <param name="timeNs">The event's.</param>
    public bool TryRequestReplace(int slot, in OrderTerms terms, long timeNs)
    {
        ref var order = ref _orders[slot];
        if (!order.IsWorking || order.IsPending)
            return false;

        order.Status = OrderStatus.PendingReplace;
        _asked[slot] = terms;
        Await(ref order, slot, timeNs);
        return true;
    }

    /// <summary>The venue of a working order is lost: what becomes of it is to be asked.</summary>
    public void Doubt(int slot, long timeNs)
    {
        Await(ref _orders[slot], slot, timeNs);
        _orders[slot].IsDoubted = true;
    }

    /// <summary>
    /// What may still be executed of an order at most: of a replacement without an answer, all that it asks for.
    /// </summary>
    public int MostLeaves(int slot)
    {
        ref readonly var order = ref _orders[slot];
        return order.Status is OrderStatus.PendingReplace or OrderStatus.PendingCancel
            ? Math.Max(order.LeavesQuantity, _asked[slot].Quantity - order.CumulativeQuantity)
            : order.LeavesQuantity;
    }

    /// <summary>Counts what may still be executed of an order as set aside by its parent, or no more.</summary>
    public void SetAside(int slot, bool isAside)
    {
        ref var order = ref _orders[slot];
        order.IsAside = isAside;
        order.AsideQuantity = isAside ? MostLeaves(slot) : 0;
    }

    /// <summary>An order that only took risk off adds some now: what it was to close, another one has closed.</summary>
    public void AddRisk(int slot) => _orders[slot].IsReducing = false;

    /// <summary>The end of a working order is wanted, which is awaited from now on.</summary>
    public void Unwant(int slot)
    {
        _orders[slot].IsUnwanted = true;
        _awaited.Set(slot, isIn: true);
    }

    /// <summary>The venue is asked what became of a working order.</summary>
    public void NoteInquiry(int slot, long timeNs)
    {
        ref var order = ref _orders[slot];
        order.Inquiries++;
        order.AskedNs = timeNs;
    }

    /// <summary>Applies a report to the order that it names.</summary>
    /// <param name="report">Validated at the edge.</param>
    /// <param name="resolution">What it amounts to, by the ledger.</param>
    /// <param name="timeNs">The event's.</param>
    /// <param name="slot">Of the order; -1 when it is unknown.</param>
    /// <param name="previous">The order's state before.</param>
    /// <returns>The ledger's word, or that the report is of no order of the store or contradicts it.</returns>
    public ReportDisposition Apply(
        in ExecutionReport report,
        in ExecutionResolution resolution,
        long timeNs,
        out int slot,
        out OrderStatus previous)
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
            Advance(ref order, slot, report, resolution, timeNs);
        return disposition;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_orders);
        state.Array(_asked);
        _index.Transfer(state);
        _awaited.Transfer(state);
        state.Links(_next);
        state.Array(_previous);
        state.Array(_firstWorking, None);
        state.Array(_workingBuy);
        state.Array(_workingSell);
        state.Value(ref _firstFree);
        state.Value(ref _firstEnded);
        state.Value(ref _lastEnded);
        state.Value(ref _endedCount);
        WorkingOrders = state.Next(WorkingOrders);
        DuplicateReports = state.Next(DuplicateReports);
        LateReports = state.Next(LateReports);
        IllegalReports = state.Next(IllegalReports);
        UnknownReports = state.Next(UnknownReports);
    }

    /// <summary>What the ledger cannot know: the order as it was sent, and whether its cancel was asked for.</summary>
    private static ReportDisposition DispositionOf(
        in Order order, in ExecutionReport report, in ExecutionResolution resolution)
    {
        if (report.InstrumentIndex != order.InstrumentIndex || report.Side != order.Side)
            return ReportDisposition.Illegal;
        if (resolution.Booked > 0 && order.CumulativeQuantity + resolution.Booked > order.Quantity)
            return ReportDisposition.Overfill;
        var isStatus = report.Kind == ExecutionReportKind.Status && resolution.Booked == 0 && order.IsWorking;
        if (isStatus || (resolution.Disposition == ReportDisposition.Duplicate && EndsUnheard(order, report)))
            return ReportDisposition.Applied;

        if (resolution.Booked > 0 || !order.IsWorking)
            return resolution.Disposition;
        if (IsOldAnswer(order, report))
            return ReportDisposition.Duplicate;
        return CanAnswer(order.Status, report.Kind) ? resolution.Disposition : ReportDisposition.Illegal;
    }

    /// <summary>Whether a report can answer a request, or is of a kind that answers none.</summary>
    private static bool CanAnswer(OrderStatus status, ExecutionReportKind kind) => kind switch
    {
        ExecutionReportKind.CancelRejected => status == OrderStatus.PendingCancel,
        ExecutionReportKind.Replaced => status is OrderStatus.PendingReplace or OrderStatus.PendingCancel,
        ExecutionReportKind.ReplaceRejected => status is OrderStatus.PendingReplace or OrderStatus.PendingCancel,
        _ => true,
    };

    private void Count(ReportDisposition disposition)
    {
        DuplicateReports += disposition == ReportDisposition.Duplicate ? 1 : 0;
        LateReports += disposition == ReportDisposition.Late ? 1 : 0;
        IllegalReports += disposition == ReportDisposition.Illegal ? 1 : 0;
    }

    private void Advance(
        ref Order order, int slot, in ExecutionReport report, in ExecutionResolution resolution, long timeNs)
    {
        var leaves = order.LeavesQuantity;
        var wasWorking = order.IsWorking;
        var isOldAnswer = IsOldAnswer(order, report);
        if (wasWorking && !IsOld(order, report))
            LearnTerms(ref order, _asked[slot], report);
        order.CumulativeQuantity += resolution.Booked;
        if (wasWorking && (IsNewest(order, report, resolution) || EndsUnheard(order, report)))
            order.Quantity = report.OrderQuantity;
        order.ExecutedSumE9 += (Int128)resolution.PriceE9 * resolution.Booked;
        // An older word that tells of a missed execution is no answer to what was asked since.
        order.Status = isOldAnswer
            ? OrderLifecycle.After(order, report with { Kind = ExecutionReportKind.Trade })
            : OrderLifecycle.After(order, report);
        if (wasWorking && order.Status == OrderStatus.Rejected)
            order.HasNotArrived = report.IsNoWordAgainst;
        if (!isOldAnswer && OrderLifecycle.SettlesReplace(order, report))
            _asked[slot] = default;

        Hear(ref order, slot, report, isOldAnswer, timeNs);
        ChangeWorking(order, order.LeavesQuantity - leaves);
        if (!wasWorking || order.IsWorking)
            return;

        WorkingOrders--;
        Unlink(slot, order.InstrumentIndex);
        Remember(slot);
    }

    private void Await(ref Order order, int slot, long timeNs)
    {
        order.AskedNs = timeNs;
        order.Inquiries = 0;
        _awaited.Set(slot, isIn: true);
    }

    /// <summary>A venue that does not know what was to be changed has ended it, or has forgotten it.</summary>
    private void Hear(ref Order order, int slot, in ExecutionReport report, bool isOldAnswer, long timeNs)
    {
        order.HeardNs = timeNs;
        if (report.IsRefusedRequest && !isOldAnswer)
        {
            // The gate's own word is of another clock than the venue's.
            var isOwn = report.Venue == ExecutionReport.OwnVenue;
            order.RefusedNs = isOwn || report.VenueTimeNs <= 0 ? order.RefusedNs : report.VenueTimeNs;
            order.RefusalId = isOwn ? order.RefusalId : report.ExecutionId;
            order.IsDoubted |= report.RejectReason == VenueRejectReason.UnknownOrder;
            order.AskedNs = timeNs;
        }
        else if (report.Kind == ExecutionReportKind.Status)
        {
            order.IsDoubted = false;
            // A venue that was started again may have another clock.
            order.RefusedNs = 0;
        }

        var isAwaited = order.IsAwaited;
        if (!isAwaited)
            order.Inquiries = 0;
        _awaited.Set(slot, isAwaited);
    }

    /// <summary>Whether the same or newer terms came before it: messages can be delayed and repeated.</summary>
    private static bool IsOld(in Order order, in ExecutionReport report) =>
        report.IsOlderThan(order.TermsNs) || report.IsRepeatOf(order.TermsNs, order.TermsId);

    /// <summary>Whether it answers a request that has had its answer: that of now still waits for its own.</summary>
    private static bool IsOldAnswer(in Order order, in ExecutionReport report) => report.Kind switch
    {
        ExecutionReportKind.Replaced => IsOld(order, report),
        ExecutionReportKind.CancelRejected or ExecutionReportKind.ReplaceRejected =>
            report.Venue != ExecutionReport.OwnVenue
            && (report.IsOlderThan(Math.Max(order.TermsNs, order.RefusedNs))
                || report.IsRepeatOf(order.RefusedNs, order.RefusalId)),
        _ => false,
    };

    private static void LearnTerms(ref Order order, in OrderTerms asked, in ExecutionReport report)
    {
        switch (report.Kind)
        {
            case ExecutionReportKind.Replaced:
                // The venue's own word on quantity and limit comes before what was asked for.
                var terms = asked.Quantity > 0 ? asked : order.Terms;
                order.Quantity = report.OrderQuantity > 0 ? report.OrderQuantity : terms.Quantity;
                order.LimitPriceE9 = report.LimitPriceE9 > 0 ? report.LimitPriceE9 : terms.LimitPriceE9;
                order.TriggerPriceE9 = terms.TriggerPriceE9;
                break;
            case ExecutionReportKind.Restated when report.OrderQuantity > 0:
                order.Quantity = report.OrderQuantity;
                break;
            // A status tells what the order is, whatever was asked for.
            case ExecutionReportKind.Status when report is { Status: not OrderStatus.None, OrderQuantity: > 0 }:
                order.Quantity = report.OrderQuantity;
                order.LimitPriceE9 = report.LimitPriceE9;
                order.TriggerPriceE9 = report.TriggerPriceE9;
                break;
            default:
                return;
        }

        (order.TermsNs, order.TermsId) = (report.VenueTimeNs, report.ExecutionId);
    }

    /// <summary>
    /// An execution tells what is ordered, too: the word that the order was replaced may come after it, or never, and
    /// an order that has been executed whole would work for ever here.
    /// </summary>
    private static bool IsNewest(in Order order, in ExecutionReport report, in ExecutionResolution resolution) =>
        report is { Kind: ExecutionReportKind.Trade, OrderQuantity: > 0 }
        && resolution.Booked > 0
        && report.CumulativeQuantity == order.CumulativeQuantity
        && report.CumulativeQuantity + report.LeavesQuantity == report.OrderQuantity;

    /// <summary>
    /// An execution that was inferred already, of an order that works here and has nothing left at the venue: the word
    /// that it was replaced by a smaller one was lost. It books nothing, but it is the order's end.
    /// </summary>
    private static bool EndsUnheard(in Order order, in ExecutionReport report) =>
        order.IsWorking
        && report is { Kind: ExecutionReportKind.Trade, LeavesQuantity: 0, OrderQuantity: > 0 }
        && report.OrderQuantity == order.CumulativeQuantity
        && report.CumulativeQuantity == order.CumulativeQuantity;

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
