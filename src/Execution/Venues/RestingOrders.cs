using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>An order that rests at the simulated exchange, with its place.</summary>
internal struct RestingOrder
{
    public VenueOrder Order;

    /// <summary>Contracts of the peak that is in the queue now; all that is open for an order without a peak.</summary>
    public int Shown;

    /// <summary>The market's contracts between our order before it at its price and it.</summary>
    public int Ahead;

    public int List;
    public int Level;
    public int Next;
    public int Previous;

    /// <summary>Neighbours among the orders of the level that have the market's contracts right before them.</summary>
    public int NextBehindMarket;

    public int PreviousBehindMarket;
}

/// <summary>
/// Our orders that rest at a simulated exchange: in queues by instrument, side and price, stops by their trigger, and
/// those that wait for an auction's end in order of arrival. Of the market's contracts, those are kept that stand
/// between our orders: so a trade or a quote touches no more orders than it changes. All memory is taken at start.
/// </summary>
internal sealed class RestingOrders : IStateful
{
    private const int Kinds = 5;

    private readonly RestingOrder[] _orders;
    private readonly LevelQueue[] _queues;
    private readonly SortedLevels _levels;
    private readonly IdIndex _index;
    private readonly ExpiryHeap _expiries;
    private readonly int[] _counts;
    private int _free;
    private int _used;

    public RestingOrders(int instruments, int capacity)
    {
        // Slot 0 stands for no order.
        _orders = new RestingOrder[capacity + 1];
        _levels = new SortedLevels(instruments * Kinds, capacity);
        _queues = new LevelQueue[_levels.Size];
        _index = new IdIndex(capacity);
        _expiries = new ExpiryHeap(capacity + 1);
        _counts = new int[instruments];
    }

    /// <summary>What a queue is sorted by; stops and waiting orders are of no side of the book.</summary>
    public enum Queue
    {
        Bids,
        Offers,
        BuyStops,
        SellStops,

        /// <summary>Orders that are matched when the market opens.</summary>
        Opening,
    }

    public bool IsFull => _index.Count == _index.Capacity;

    public ref RestingOrder this[int slot] => ref _orders[slot];

    /// <summary>Slots that have been used so far: 1 up to it.</summary>
    public int LastSlot => _used;

    /// <summary>When the next order expires.</summary>
    public long NextExpiryNs => _expiries.NextNs;

    public int FirstToExpire => _expiries.First;

    public int CountOf(int instrument) => _counts[instrument];

    /// <summary>The slot of an order; 0 when it does not rest.</summary>
    public int Find(ulong orderId) => _index.TryGet(orderId, out var slot) ? slot : 0;

    /// <summary>Answers for an order, whether it rests or not.</summary>
    public void TellStatus(in Order order, VenueReports reports, long timeNs)
    {
        var slot = Find(order.OrderId);
        if (slot == 0)
            reports.TellStatus(order, timeNs);
        else
            reports.TellStatus(_orders[slot].Order, timeNs);
    }

    /// <summary>Lists what rests.</summary>
    public void TellOpen(VenueReports reports, long timeNs)
    {
        for (var slot = 1; slot <= _used; slot++)
        {
            if (_orders[slot].Order.OrderId != 0)
                reports.List(_orders[slot].Order, timeNs);
        }

        reports.EndList(_index.Count, timeNs);
    }

    /// <summary>The best level of a queue; 0 for none.</summary>
    public int BestLevel(int instrument, Queue queue) => _levels.First(ListOf(instrument, queue));

    /// <summary>The next worse level; 0 for none.</summary>
    public int LevelAfter(int level) => _levels.After(level);

    /// <summary>The level of a queue at a price; 0 for none.</summary>
    public int LevelAt(int instrument, Queue queue, long priceE9) =>
        _levels.Find(ListOf(instrument, queue), KeyOf(queue, priceE9));

    /// <summary>The price, or trigger, of a level.</summary>
    public long PriceOf(int level, Queue queue) => KeyOf(queue, _levels.KeyOf(level));

    /// <summary>The order of a level whose turn is first; 0 when the level has none any more.</summary>
    public int HeadOf(int level) => _queues[level].Head;

    /// <summary>
    /// Keeps an order, in no queue yet, and says in which slot. There must be room. It never expires at the greatest
    /// time that there is.
    /// </summary>
    public int Add(in VenueOrder order, long expireNs)
    {
        var slot = _free;
        if (slot == 0)
            slot = ++_used;
        else
            _free = _orders[slot].Next;

        _orders[slot].Order = order;
        _index.TryAdd(order.OrderId, slot);
        if (expireNs != long.MaxValue)
            _expiries.Add(slot, expireNs);
        _counts[order.Instrument]++;
        return slot;
    }

    /// <summary>Forgets an order that is in no queue.</summary>
    public void Remove(int slot)
    {
        ref var resting = ref _orders[slot];
        _counts[resting.Order.Instrument]--;
        _index.TryRemove(resting.Order.OrderId);
        _expiries.Remove(slot);
        resting.Order.OrderId = 0;
        resting.Next = _free;
        _free = slot;
    }

    /// <summary>Puts an order at the end of a queue.</summary>
    /// <param name="slot">Of an order that is in no queue.</param>
    /// <param name="queue">Where to.</param>
    /// <param name="priceE9">Its limit or trigger.</param>
    /// <param name="displayed">Contracts that the market shows at the price: they stand before it.</param>
    public void Join(int slot, Queue queue, long priceE9, int displayed)
    {
        ref var resting = ref _orders[slot];
        resting.List = ListOf(resting.Order.Instrument, queue);
        resting.Level = _levels.FindOrAdd(resting.List, KeyOf(queue, priceE9));
        Append(ref resting, slot, displayed);
    }

    /// <summary>Takes an order out of its queue; the market's contracts before it stand before the next.</summary>
    public void Leave(int slot)
    {
        ref var resting = ref _orders[slot];
        Unlink(ref resting, slot);
        if (_queues[resting.Level].Head == 0)
        {
            _queues[resting.Level] = default;
            _levels.Remove(resting.List, resting.Level);
        }
    }

    /// <summary>Takes an order out of its queue and forgets it.</summary>
    public void TakeOut(int slot)
    {
        Leave(slot);
        Remove(slot);
    }

    /// <summary>An iceberg order whose peak is executed shows its next one at the end of its queue.</summary>
    public void ShowNextPeak(int slot, int displayed)
    {
        ref var resting = ref _orders[slot];
        Unlink(ref resting, slot);
        Append(ref resting, slot, displayed);
    }

    /// <summary>Takes contracts off an order that keeps its place, hidden ones first.</summary>
    public void Shrink(int slot, int quantity)
    {
        ref var resting = ref _orders[slot];
        resting.Order.Quantity = quantity;
        resting.Shown = Math.Min(resting.Shown, resting.Order.Leaves);
    }

    /// <summary>
    /// Lets the market's contracts before an order, the first of its level, trade; returns how many of
    /// <paramref name="quantity"/> are left for it.
    /// </summary>
    public int PassMarket(int level, int slot, int quantity)
    {
        ref var resting = ref _orders[slot];
        if (resting.Ahead == 0)
            return quantity;

        var passed = Math.Min(quantity, resting.Ahead);
        ShortenAhead(ref _queues[level], slot, passed);
        return quantity - passed;
    }

    /// <summary>Nobody of the market stands before our orders of a level but what it still shows there.</summary>
    public void ShortenTo(int level, int displayed)
    {
        ref var queue = ref _queues[level];
        while (queue.Ahead > displayed)
            ShortenAhead(ref queue, queue.LastBehindMarket,
                Math.Min(_orders[queue.LastBehindMarket].Ahead, queue.Ahead - displayed));
    }

    public void Transfer(StateStream state)
    {
        state.Array(_orders);
        state.Array(_queues);
        _levels.Transfer(state);
        _index.Transfer(state);
        _expiries.Transfer(state);
        state.Array(_counts);
        state.Value(ref _free);
        state.Value(ref _used);
    }

    private static int ListOf(int instrument, Queue queue) => instrument * Kinds + (int)queue;

    /// <summary>The best order comes first: the highest bid, the lowest offer, the stop touched first.</summary>
    private static long KeyOf(Queue queue, long priceE9) => queue is Queue.Bids or Queue.SellStops ? -priceE9 : priceE9;

    private void Append(ref RestingOrder resting, int slot, int displayed)
    {
        ref var queue = ref _queues[resting.Level];
        var leaves = resting.Order.Leaves;
        resting.Shown = resting.Order.Peak == 0 ? leaves : Math.Min(resting.Order.Peak, leaves);
        resting.Ahead = 0;
        resting.Next = 0;
        resting.Previous = queue.Tail;
        if (queue.Tail == 0)
            queue.Head = slot;
        else
            _orders[queue.Tail].Next = slot;

        queue.Tail = slot;
        if (displayed > queue.Ahead)
            PutAhead(ref queue, slot, displayed - queue.Ahead);
    }

    private void Unlink(ref RestingOrder resting, int slot)
    {
        ref var queue = ref _queues[resting.Level];
        if (resting.Ahead > 0)
            PassAheadOn(ref queue, slot);

        if (resting.Previous == 0)
            queue.Head = resting.Next;
        else
            _orders[resting.Previous].Next = resting.Next;

        if (resting.Next == 0)
            queue.Tail = resting.Previous;
        else
            _orders[resting.Next].Previous = resting.Previous;
    }

    /// <summary>Puts the market's contracts before the last order of the level.</summary>
    private void PutAhead(ref LevelQueue queue, int slot, int quantity)
    {
        ref var resting = ref _orders[slot];
        resting.Ahead = quantity;
        queue.Ahead += quantity;
        resting.NextBehindMarket = 0;
        resting.PreviousBehindMarket = queue.LastBehindMarket;
        if (queue.LastBehindMarket == 0)
            queue.FirstBehindMarket = slot;
        else
            _orders[queue.LastBehindMarket].NextBehindMarket = slot;

        queue.LastBehindMarket = slot;
    }

    private void ShortenAhead(ref LevelQueue queue, int slot, int quantity)
    {
        queue.Ahead -= quantity;
        _orders[slot].Ahead -= quantity;
        if (_orders[slot].Ahead == 0)
            UnlinkBehindMarket(ref queue, slot);
    }

    /// <summary>The next order takes over what stood before one that leaves.</summary>
    private void PassAheadOn(ref LevelQueue queue, int slot)
    {
        ref var leaving = ref _orders[slot];
        if (leaving.Next == 0)
        {
            queue.Ahead -= leaving.Ahead;
            UnlinkBehindMarket(ref queue, slot);
            leaving.Ahead = 0;
            return;
        }

        ref var next = ref _orders[leaving.Next];
        if (next.Ahead > 0)
        {
            UnlinkBehindMarket(ref queue, slot);
        }
        else
        {
            next.NextBehindMarket = leaving.NextBehindMarket;
            next.PreviousBehindMarket = leaving.PreviousBehindMarket;
            LinkBehindMarket(ref queue, leaving.PreviousBehindMarket, leaving.NextBehindMarket, leaving.Next);
        }

        next.Ahead += leaving.Ahead;
        leaving.Ahead = 0;
    }

    private void UnlinkBehindMarket(ref LevelQueue queue, int slot)
    {
        ref var resting = ref _orders[slot];
        if (resting.PreviousBehindMarket == 0)
            queue.FirstBehindMarket = resting.NextBehindMarket;
        else
            _orders[resting.PreviousBehindMarket].NextBehindMarket = resting.NextBehindMarket;

        if (resting.NextBehindMarket == 0)
            queue.LastBehindMarket = resting.PreviousBehindMarket;
        else
            _orders[resting.NextBehindMarket].PreviousBehindMarket = resting.PreviousBehindMarket;
    }

    /// <summary>Links an order in between two, in the place of the one that was there.</summary>
    private void LinkBehindMarket(ref LevelQueue queue, int previous, int next, int slot)
    {
        if (previous == 0)
            queue.FirstBehindMarket = slot;
        else
            _orders[previous].NextBehindMarket = slot;

        if (next == 0)
            queue.LastBehindMarket = slot;
        else
            _orders[next].PreviousBehindMarket = slot;
    }

    /// <summary>Our orders of one price in their order, and the market's contracts before and between them.</summary>
    private struct LevelQueue
    {
        public int Head;
        public int Tail;
        public int FirstBehindMarket;
        public int LastBehindMarket;

        /// <summary>The market's contracts before the last of them.</summary>
        public int Ahead;
    }
}
