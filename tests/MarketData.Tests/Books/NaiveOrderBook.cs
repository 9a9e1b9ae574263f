using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Books;

/// <summary>The book as one would write it down first: a dictionary of orders, and levels by grouping them.</summary>
public sealed class NaiveOrderBook : IOrderBook
{
    private readonly Dictionary<ulong, (MboSide Side, long PriceE9, uint Quantity)> _orders = [];

    public BookLevel BestBid => Levels(MboSide.Bid).FirstOrDefault();

    public BookLevel BestAsk => Levels(MboSide.Ask).FirstOrDefault();

    public int OrderCount => _orders.Count;

    public bool TryApply(in MboRecord record)
    {
        var isKnown = _orders.TryGetValue(record.OrderId, out var order);
        var isOrder = record.Side != MboSide.None && record.Quantity > 0 &&
            record.PriceE9 != long.MaxValue && record.PriceE9 != long.MinValue;
        switch (record.Action)
        {
            case MboAction.Add when isKnown || !isOrder:
            case MboAction.Modify when !isOrder || (isKnown && order.Side != record.Side):
            case MboAction.Cancel when !isKnown || order.Side != record.Side || record.Quantity == 0:
            case MboAction.Cancel when record.Quantity > order.Quantity:
                return false;
            case MboAction.Add or MboAction.Modify:
                _orders[record.OrderId] = (record.Side, record.PriceE9, record.Quantity);
                return true;
            case MboAction.Cancel when record.Quantity == order.Quantity:
                return _orders.Remove(record.OrderId);
            case MboAction.Cancel:
                _orders[record.OrderId] = order with { Quantity = order.Quantity - record.Quantity };
                return true;
            case MboAction.Clear:
                _orders.Clear();
                return true;
            default:
                return true;
        }
    }

    public int CopyLevels(MboSide side, Span<BookLevel> levels)
    {
        var best = Levels(side).Take(levels.Length).ToArray();
        best.CopyTo(levels);
        return best.Length;
    }

    private IEnumerable<BookLevel> Levels(MboSide side)
    {
        var levels = _orders.Values.Where(order => order.Side == side).GroupBy(order => order.PriceE9)
            .Select(group => new BookLevel(group.Key, group.Sum(order => order.Quantity), group.Count()));
        return side == MboSide.Bid
            ? levels.OrderByDescending(level => level.PriceE9)
            : levels.OrderBy(level => level.PriceE9);
    }
}
