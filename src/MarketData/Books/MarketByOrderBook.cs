using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>
/// The book of one instrument from order-by-order records. An order is found in constant time; its level, when the
/// price is new to the book or leaves it, in logarithmic time. Nothing is allocated once the book has had its size.
/// </summary>
public sealed class MarketByOrderBook : IOrderBook
{
    private readonly OrderTable _orders;
    private readonly PriceLevels _bids;
    private readonly PriceLevels _asks;

    /// <param name="orderCapacity">Orders for which memory is set aside at the start.</param>
    /// <param name="levelCapacity">Price levels a side for which memory is set aside at the start.</param>
    public MarketByOrderBook(int orderCapacity = 16_384, int levelCapacity = 4_096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(orderCapacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levelCapacity);
        _orders = new OrderTable(orderCapacity);
        _bids = new PriceLevels(isBid: true, levelCapacity);
        _asks = new PriceLevels(isBid: false, levelCapacity);
    }

    public BookLevel BestBid => _bids.Best;

    public BookLevel BestAsk => _asks.Best;

    public int OrderCount => _orders.Count;

    /// <summary>Takes all orders out.</summary>
    public void Clear()
    {
        _orders.Clear();
        _bids.Clear();
        _asks.Clear();
    }

    public bool TryApply(in MboRecord record)
    {
        switch (record.Action)
        {
            case MboAction.Add:
                return TryAdd(in record);
            case MboAction.Cancel:
                return TryCancel(in record);
            case MboAction.Modify:
                return TryModify(in record);
            case MboAction.Clear:
                Clear();
                return true;
            default:
                return true;
        }
    }

    public int CopyLevels(MboSide side, Span<BookLevel> levels)
    {
        var source = LevelsOf(side);
        var count = 0;
        for (var index = source.BestIndex; index >= 0 && count < levels.Length; index = source.Next(index))
            levels[count++] = source[index];

        return count;
    }

    private bool TryAdd(in MboRecord record)
    {
        if (!IsOrder(in record) || _orders.Find(record.OrderId) != OrderTable.None)
            return false;

        Rest(in record);
        return true;
    }

    private bool TryCancel(in MboRecord record)
    {
        var slot = _orders.Find(record.OrderId);
        if (slot == OrderTable.None)
            return false;

        // A quantity of 0 wraps around and is refused with those beyond what rests.
        ref var order = ref _orders[slot];
        if (record.Side != order.Side || record.Quantity - 1 >= order.Quantity)
            return false;

        if (record.Quantity < order.Quantity)
        {
            LevelsOf(order.Side).Change(order.Level, -record.Quantity);
            order.Quantity -= record.Quantity;
            return true;
        }

        LevelsOf(order.Side).Remove(order.Level, order.Quantity);
        _orders.Remove(slot);
        return true;
    }

    /// <summary>An order that a modify is the first to tell of is taken as added.</summary>
    private bool TryModify(in MboRecord record)
    {
        var slot = _orders.Find(record.OrderId);
        if (slot == OrderTable.None)
            return TryAdd(in record);

        ref var order = ref _orders[slot];
        if (!IsOrder(in record) || record.Side != order.Side)
            return false;

        var levels = LevelsOf(order.Side);
        if (record.PriceE9 == order.PriceE9)
        {
            levels.Change(order.Level, (long)record.Quantity - order.Quantity);
        }
        else
        {
            levels.Remove(order.Level, order.Quantity);
            order.Level = levels.Add(record.PriceE9, record.Quantity);
            order.PriceE9 = record.PriceE9;
        }

        order.Quantity = record.Quantity;
        return true;
    }

    private void Rest(in MboRecord record)
    {
        var order = new RestingOrder
        {
            PriceE9 = record.PriceE9,
            Quantity = record.Quantity,
            Side = record.Side,
            Level = LevelsOf(record.Side).Add(record.PriceE9, record.Quantity),
        };
        _orders.Add(record.OrderId, in order);
    }

    private PriceLevels LevelsOf(MboSide side) => side == MboSide.Bid ? _bids : _asks;

    // The least long has no opposite, which is what bids are sorted by.
    private static bool IsOrder(in MboRecord record) => record.Side != MboSide.None &&
        record.PriceE9 is not (MboRecord.NoPrice or long.MinValue) &&
        record.Quantity > 0;
}
