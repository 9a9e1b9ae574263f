using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>
/// The book of one instrument from order-by-order records, with the queue of each price in the order of time priority.
/// An order is found in constant time; its level, when the price is new to the book or leaves it, in logarithmic time.
/// Nothing is allocated once the book has had its size.
/// </summary>
/// <remarks>
/// An order keeps its place when it loses quantity. It goes to the end of a queue when it has a new price or more
/// quantity than was left of it; so an iceberg does whose displayed part was filled. A run of snapshot records restates
/// the whole book: an order that it has at the price where it was, with no more quantity, keeps its priority.
/// </remarks>
public sealed class MarketByOrderBook : IOrderBook
{
    private readonly PriceLevels _bids;
    private readonly PriceLevels _asks;
    private readonly QueueLinks _links;
    private OrderTable _orders;
    private OrderTable _ordersBefore;
    private bool _isInSnapshot;

    /// <param name="orderCapacity">Orders for which memory is set aside at the start.</param>
    /// <param name="levelCapacity">Price levels a side for which memory is set aside at the start.</param>
    public MarketByOrderBook(int orderCapacity = 16_384, int levelCapacity = 4_096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(orderCapacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levelCapacity);
        _orders = new OrderTable(orderCapacity);
        _ordersBefore = new OrderTable(orderCapacity);
        _links = new QueueLinks(orderCapacity);
        _bids = new PriceLevels(isBid: true, levelCapacity);
        _asks = new PriceLevels(isBid: false, levelCapacity);
    }

    public BookLevel BestBid => _bids.Best;

    public BookLevel BestAsk => _asks.Best;

    public int OrderCount => _orders.Count;

    /// <summary>
    /// The time priority that was given last; whoever rests with it or a lower one is ahead of the next.
    /// </summary>
    public ulong LastPriority { get; private set; }

    /// <summary>Takes all orders out; nothing is known of them afterwards.</summary>
    public void Clear()
    {
        _ordersBefore.Clear();
        _isInSnapshot = false;
        Empty();
    }

    /// <summary>
    /// Gives the priority of an order that would join a queue now. It never rests in this book itself.
    /// </summary>
    public ulong TakePriority() => ++LastPriority;

    /// <summary>All orders of a price; empty when there is none.</summary>
    public BookLevel LevelAt(MboSide side, long priceE9)
    {
        var levels = LevelsOf(side);
        var index = levels.Find(priceE9);
        return index < 0 ? new BookLevel(priceE9, 0, 0) : levels[index];
    }

    public bool TryApply(in MboRecord record) => TryApply(in record, out _);

    /// <summary>Does what the record says and tells what it did, as <see cref="TryApply(in MboRecord)"/>.</summary>
    public bool TryApply(in MboRecord record, out BookChange change)
    {
        change = default;
        if (record.IsSnapshot != _isInSnapshot)
            PassSnapshotEdge(ref change);
        if (!_isInSnapshot && _ordersBefore.Count > 0 && record.Action != MboAction.Clear)
            _ordersBefore.Clear();

        change.IsOfSnapshot = _isInSnapshot;
        change.OrderId = record.OrderId;
        switch (record.Action)
        {
            case MboAction.Add:
                return TryAdd(in record, ref change);
            case MboAction.Cancel:
                return TryCancel(in record, ref change);
            case MboAction.Modify:
                return TryModify(in record, ref change);
            case MboAction.Fill:
                Fill(in record, ref change);
                return true;
            case MboAction.Clear:
                ClearFor(ref change);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Takes out the first order of the best price of a side. False when there is none.</summary>
    public bool TryRemoveBest(MboSide side, out BookChange change)
    {
        change = default;
        var levels = LevelsOf(side);
        if (levels.BestIndex < 0)
            return false;

        Remove(levels.Ends(levels.BestIndex).First, ref change);
        return true;
    }

    public int CopyLevels(MboSide side, Span<BookLevel> levels)
    {
        var source = LevelsOf(side);
        var count = 0;
        for (var index = source.BestIndex; index >= 0 && count < levels.Length; index = source.Next(index))
            levels[count++] = source[index];

        return count;
    }

    public int CopyQueue(MboSide side, long priceE9, Span<QueuedOrder> queue)
    {
        var levels = LevelsOf(side);
        var level = levels.Find(priceE9);
        var count = 0;
        for (var index = level < 0 ? QueueLinks.None : levels.Ends(level).First;
            index != QueueLinks.None && count < queue.Length;
            index = _links.Next(index))
        {
            ref readonly var order = ref _orders[index];
            queue[count++] = new QueuedOrder(order.Id, order.Quantity, order.Priority);
        }

        return count;
    }

    private bool TryAdd(in MboRecord record, ref BookChange change)
    {
        if (!IsOrder(in record) || _orders.Find(record.OrderId) != OrderTable.None)
            return false;

        var levels = LevelsOf(record.Side);
        var level = levels.Add(record.PriceE9, record.Quantity);
        ref var ends = ref levels.Ends(level);
        var order = new RestingOrder
        {
            Id = record.OrderId,
            Priority = PriorityOf(in record, ends.Last),
            PriceE9 = record.PriceE9,
            Quantity = record.Quantity,
            Side = record.Side,
            Level = level,
        };
        var index = _orders.Add(in order);
        _links.Append(ref ends, index);
        Describe(in order, BookChangeKind.Added, ref change);
        return true;
    }

    private bool TryCancel(in MboRecord record, ref BookChange change)
    {
        var index = _orders.Find(record.OrderId);
        if (index == OrderTable.None)
            return false;

        // A quantity of 0 wraps around and is refused with those beyond what rests.
        ref var order = ref _orders[index];
        if (record.Side != order.Side || record.Quantity - 1 >= order.Quantity)
            return false;

        if (record.Quantity == order.Quantity)
        {
            Remove(index, ref change);
            return true;
        }

        Describe(in order, BookChangeKind.Reduced, ref change);
        change.QuantityGone = record.Quantity;
        LevelsOf(order.Side).Change(order.Level, -record.Quantity);
        order.Quantity -= record.Quantity;
        order.Filled = 0;
        return true;
    }

    /// <summary>An order that a modify is the first to tell of is taken as added.</summary>
    private bool TryModify(in MboRecord record, ref BookChange change)
    {
        var index = _orders.Find(record.OrderId);
        if (index == OrderTable.None)
            return TryAdd(in record, ref change);

        ref var order = ref _orders[index];
        if (!IsOrder(in record) || record.Side != order.Side)
            return false;

        var keepsPlace = record.PriceE9 == order.PriceE9 && record.Quantity <= order.Remaining;
        Describe(in order, keepsPlace ? BookChangeKind.Reduced : BookChangeKind.Requeued, ref change);
        change.QuantityGone = keepsPlace ? order.Quantity - record.Quantity : order.Quantity;
        if (keepsPlace)
            LevelsOf(order.Side).Change(order.Level, (long)record.Quantity - order.Quantity);
        else
            Requeue(index, in record);

        order.Quantity = record.Quantity;
        order.Filled = 0;
        return true;
    }

    private void Requeue(int index, in MboRecord record)
    {
        ref var order = ref _orders[index];
        var levels = LevelsOf(order.Side);
        _links.Remove(ref levels.Ends(order.Level), index);
        levels.Remove(order.Level, order.Quantity);
        order.Level = levels.Add(record.PriceE9, record.Quantity);
        order.PriceE9 = record.PriceE9;
        order.Priority = TakePriority();
        _links.Append(ref levels.Ends(order.Level), index);
    }

    /// <summary>
    /// A fill at another price than the order's is the aggressor's own: it was moved to where it traded. Only an
    /// auction, which has no aggressor, fills resting orders at a better price than theirs.
    /// </summary>
    private void Fill(in MboRecord record, ref BookChange change)
    {
        var index = _orders.Find(record.OrderId);
        if (index == OrderTable.None)
            return;

        ref var order = ref _orders[index];
        if (record.Side != MboSide.None && record.PriceE9 != order.PriceE9)
            return;

        Describe(in order, BookChangeKind.Filled, ref change);
        change.QuantityFilled = record.Quantity;
        order.Filled += Math.Min(record.Quantity, order.Remaining);
    }

    private void Remove(int index, ref BookChange change)
    {
        ref readonly var order = ref _orders[index];
        Describe(in order, BookChangeKind.Removed, ref change);
        change.QuantityGone = order.Quantity;
        var levels = LevelsOf(order.Side);
        _links.Remove(ref levels.Ends(order.Level), index);
        levels.Remove(order.Level, order.Quantity);
        _orders.Remove(index);
    }

    private static void Describe(in RestingOrder order, BookChangeKind kind, ref BookChange change)
    {
        change.Kind = kind;
        change.OrderId = order.Id;
        change.Side = order.Side;
        change.PriceE9 = order.PriceE9;
        change.Priority = order.Priority;
        change.Quantity = order.Remaining;
    }

    /// <summary>
    /// The next priority, or within a snapshot the one that the order had, where it can have kept it.
    /// </summary>
    private ulong PriorityOf(in MboRecord record, int last)
    {
        var index = _isInSnapshot ? _ordersBefore.Find(record.OrderId) : OrderTable.None;
        if (index == OrderTable.None)
            return TakePriority();

        ref readonly var before = ref _ordersBefore[index];
        var isAsBefore = before.Side == record.Side && before.PriceE9 == record.PriceE9
            && record.Quantity <= before.Remaining
            && (last == QueueLinks.None || _orders[last].Priority < before.Priority);
        return isAsBefore ? before.Priority : TakePriority();
    }

    /// <summary>A snapshot begins with an empty book; what it does not restate is gone when it ends.</summary>
    private void PassSnapshotEdge(ref BookChange change)
    {
        _isInSnapshot = !_isInSnapshot;
        change.IsBookRestarted = _isInSnapshot;
        if (_isInSnapshot && _orders.Count > 0)
            KeepAndEmpty();
    }

    /// <summary>
    /// What rested is kept until the next record tells whether a snapshot follows, which restates it.
    /// </summary>
    private void ClearFor(ref BookChange change)
    {
        change.Kind = BookChangeKind.Cleared;
        change.IsBookRestarted = true;
        if (_orders.Count > 0)
            KeepAndEmpty();
    }

    private void KeepAndEmpty()
    {
        (_orders, _ordersBefore) = (_ordersBefore, _orders);
        Empty();
    }

    private void Empty()
    {
        _orders.Clear();
        _bids.Clear();
        _asks.Clear();
    }

    private PriceLevels LevelsOf(MboSide side) => side == MboSide.Bid ? _bids : _asks;

    // The least long has no opposite, which is what bids are sorted by.
    private static bool IsOrder(in MboRecord record) => record.Side != MboSide.None &&
        record.PriceE9 is not (MboRecord.NoPrice or long.MinValue) &&
        record.Quantity > 0;
}
