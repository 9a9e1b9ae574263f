using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Books;

/// <summary>
/// The book as one would write it down first: one list of all orders in the order of their priority, an order moved to
/// its end where it loses its place, and levels by grouping.
/// </summary>
public sealed class NaiveOrderBook : IOrderBook
{
    private List<Order> _orders = [];
    private List<Order> _ordersBefore = [];
    private ulong _priority;
    private bool _isInSnapshot;

    public BookLevel BestBid => Levels(MboSide.Bid).FirstOrDefault();

    public BookLevel BestAsk => Levels(MboSide.Ask).FirstOrDefault();

    public int OrderCount => _orders.Count;

    /// <summary>Contracts and orders at a price with a higher priority.</summary>
    public (long Quantity, int Orders) Ahead(MboSide side, long priceE9, ulong priority)
    {
        var ahead = _orders.Where(o => o.Side == side && o.PriceE9 == priceE9 && o.Priority < priority).ToArray();
        return (ahead.Sum(order => order.Quantity), ahead.Length);
    }

    /// <summary>Gives a priority away, so that both books count alike.</summary>
    public void SkipPriority() => _priority++;

    public bool TryApply(in MboRecord record)
    {
        PassSnapshotEdge(in record);
        var id = record.OrderId;
        var order = _orders.Find(o => o.Id == id);
        var isOrder = record.Side != MboSide.None && record.Quantity > 0 &&
            record.PriceE9 != long.MaxValue && record.PriceE9 != long.MinValue;
        switch (record.Action)
        {
            case MboAction.Add when order != null || !isOrder:
            case MboAction.Modify when !isOrder || (order != null && order.Side != record.Side):
            case MboAction.Cancel when order == null || order.Side != record.Side || record.Quantity == 0:
            case MboAction.Cancel when record.Quantity > order!.Quantity:
                return false;
            case MboAction.Cancel:
                order!.Quantity -= record.Quantity;
                order.Filled = 0;
                _orders.RemoveAll(o => o.Quantity == 0);
                break;
            case MboAction.Modify when order?.PriceE9 == record.PriceE9 && record.Quantity <= order.Unfilled:
                (order.Quantity, order.Filled) = (record.Quantity, 0);
                break;
            case MboAction.Add or MboAction.Modify:
                _orders.RemoveAll(o => o.Id == id);
                _orders.Add(New(in record, isKnown: order != null));
                break;
            case MboAction.Fill when order != null && (record.Side == MboSide.None || record.PriceE9 == order.PriceE9):
                order.Filled += record.Quantity;
                break;
        }

        return true;
    }

    public int CopyLevels(MboSide side, Span<BookLevel> levels)
    {
        var best = Levels(side).Take(levels.Length).ToArray();
        best.CopyTo(levels);
        return best.Length;
    }

    public int CopyQueue(MboSide side, long priceE9, Span<QueuedOrder> queue)
    {
        var first = _orders.Where(order => order.Side == side && order.PriceE9 == priceE9).Take(queue.Length)
            .Select(order => new QueuedOrder(order.Id, (uint)order.Quantity, order.Priority)).ToArray();
        first.CopyTo(queue);
        return first.Length;
    }

    private void PassSnapshotEdge(in MboRecord record)
    {
        var isClear = record.Action == MboAction.Clear;
        if (_orders.Count > 0 && (isClear || (record.IsSnapshot && !_isInSnapshot)))
            (_orders, _ordersBefore) = ([], _orders);
        if (!isClear && !record.IsSnapshot)
            _ordersBefore = [];

        _isInSnapshot = record.IsSnapshot;
    }

    private Order New(in MboRecord record, bool isKnown)
    {
        var (id, priceE9) = (record.OrderId, record.PriceE9);
        var before = record.IsSnapshot && !isKnown ? _ordersBefore.Find(o => o.Id == id) : null;
        var keepsPlace = before != null && before.Side == record.Side && before.PriceE9 == priceE9
            && record.Quantity <= before.Unfilled
            && _orders.Where(o => o.Side == before.Side && o.PriceE9 == priceE9).All(o => o.Priority < before.Priority);
        return new Order(id, record.Side, priceE9)
        {
            Quantity = record.Quantity,
            Priority = keepsPlace ? before!.Priority : ++_priority,
        };
    }

    private IEnumerable<BookLevel> Levels(MboSide side)
    {
        var levels = _orders.Where(order => order.Side == side).GroupBy(order => order.PriceE9)
            .Select(group => new BookLevel(group.Key, group.Sum(order => order.Quantity), group.Count()));
        return side == MboSide.Bid
            ? levels.OrderByDescending(level => level.PriceE9)
            : levels.OrderBy(level => level.PriceE9);
    }

    private sealed class Order(ulong id, MboSide side, long priceE9)
    {
        public ulong Id => id;

        public MboSide Side => side;

        public long PriceE9 => priceE9;

        public long Quantity { get; set; }

        public long Filled { get; set; }

        public ulong Priority { get; init; }

        public long Unfilled => Math.Max(0, Quantity - Filled);
    }
}
