using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>
/// The simulated exchange's resting limit orders of one instrument as a plain list that every event goes through, with
/// the market's contracts as entries of the same queue. Slow, and easy to see through. Icebergs and replacements
/// included; quotes are not crossed, and nothing is marketable when it comes in.
/// </summary>
internal sealed class NaiveExchange
{
    private readonly List<Entry> _queue = [];
    private MarketUpdate _quote;
    private int _offerLeft;
    private int _bidLeft;

    /// <summary>Executions as order, quantity and price.</summary>
    public List<(ulong Id, int Quantity, long PriceE9)> Fills { get; } = [];

    public int Resting => _queue.Count(static e => e.Id != 0);

    public void Submit(in Order order) => Join(new Entry
    {
        Id = order.OrderId,
        Side = order.Side,
        PriceE9 = order.LimitPriceE9,
        Leaves = order.Quantity,
        Peak = order.PeakQuantity,
    });

    public void Cancel(ulong id)
    {
        _queue.RemoveAll(e => e.Id == id);
        DropTrailingMarket();
    }

    public void Replace(ulong id, int leaves, long priceE9)
    {
        var entry = _queue.Single(e => e.Id == id);
        if (priceE9 == entry.PriceE9 && leaves <= entry.Leaves)
        {
            entry.Leaves = leaves;
            entry.Shown = Math.Min(entry.Shown, leaves);
            return;
        }

        Cancel(id);
        entry.Leaves = leaves;
        entry.PriceE9 = priceE9;
        Join(entry);
    }

    public void OnMarket(in MarketUpdate update)
    {
        if (update.TradeQuantity > 0)
        {
            Trade(Side.Buy, update);
            Trade(Side.Sell, update);
        }

        _quote = update;
        _bidLeft = update.BidQuantity;
        _offerLeft = update.AskQuantity;
        Quote(Side.Buy, ref _offerLeft, update.AskPriceE9);
        Quote(Side.Sell, ref _bidLeft, update.BidPriceE9);
    }

    private void Trade(Side side, in MarketUpdate update)
    {
        var left = update.TradeQuantity;
        while (left > 0 && BestOf(side) is { } priceE9)
        {
            var isThrough = side == Side.Buy ? update.TradePriceE9 < priceE9 : update.TradePriceE9 > priceE9;
            if (!isThrough && (update.TradePriceE9 != priceE9 || update.Aggressor == side))
                return;

            if (isThrough)
                _queue.RemoveAll(e => e.Id == 0 && e.Side == side && e.PriceE9 == priceE9);
            left = TradeAt(side, priceE9, left, DisplayedAt(side, priceE9));
        }
    }

    private void Quote(Side side, ref int offered, long oppositeE9)
    {
        foreach (var priceE9 in _queue.Where(e => e.Side == side).Select(static e => e.PriceE9).Distinct().ToArray())
        {
            var touchE9 = side == Side.Buy ? _quote.BidPriceE9 : _quote.AskPriceE9;
            if (side == Side.Buy ? priceE9 >= touchE9 : priceE9 <= touchE9)
                ShortenTo(side, priceE9, DisplayedAt(side, priceE9));
        }

        while (offered > 0 && BestOf(side) is { } bestE9
            && (side == Side.Buy ? bestE9 >= oppositeE9 : bestE9 <= oppositeE9))
        {
            _queue.RemoveAll(e => e.Id == 0 && e.Side == side && e.PriceE9 == bestE9);
            offered = TradeAt(side, bestE9, offered, 0);
        }
    }

    private int TradeAt(Side side, long priceE9, int left, int displayed)
    {
        while (left > 0 && _queue.FirstOrDefault(e => e.Side == side && e.PriceE9 == priceE9) is { } head)
        {
            var quantity = Math.Min(left, head.Shown);
            left -= quantity;
            head.Shown -= quantity;
            head.Leaves -= quantity;
            if (head.Id != 0)
                Fills.Add((head.Id, quantity, priceE9));
            if (head.Shown > 0)
                continue;

            _queue.Remove(head);
            if (head.Leaves > 0)
                Join(head, displayed);
        }

        return left;
    }

    private void ShortenTo(Side side, long priceE9, int displayed)
    {
        while (MarketAt().Sum(static e => e.Shown) > displayed)
        {
            var last = MarketAt().Last();
            last.Shown = --last.Leaves;
            if (last.Leaves == 0)
                _queue.Remove(last);
        }

        IEnumerable<Entry> MarketAt() => _queue.Where(e => e.Id == 0 && e.Side == side && e.PriceE9 == priceE9);
    }

    private void Join(Entry entry) => Join(entry, DisplayedAt(entry.Side, entry.PriceE9));

    private void Join(Entry entry, int displayed)
    {
        DropTrailingMarket();
        var ahead = _queue.Where(e => e.Id == 0 && e.Side == entry.Side && e.PriceE9 == entry.PriceE9)
            .Sum(static e => e.Shown);
        if (displayed > ahead)
        {
            var market = displayed - ahead;
            _queue.Add(new Entry { Side = entry.Side, PriceE9 = entry.PriceE9, Leaves = market, Shown = market });
        }

        entry.Shown = entry.Peak == 0 ? entry.Leaves : Math.Min(entry.Peak, entry.Leaves);
        _queue.Add(entry);
    }

    /// <summary>Nobody asks for the market's contracts behind the last of our orders of a price.</summary>
    private void DropTrailingMarket()
    {
        for (var i = _queue.Count - 1; i >= 0; i--)
        {
            var entry = _queue[i];
            if (entry.Id == 0 && !_queue.Skip(i + 1).Any(
                e => e.Id != 0 && e.Side == entry.Side && e.PriceE9 == entry.PriceE9))
                _queue.RemoveAt(i);
        }
    }

    private int DisplayedAt(Side side, long priceE9) =>
        priceE9 == (side == Side.Buy ? _quote.BidPriceE9 : _quote.AskPriceE9)
            ? side == Side.Buy ? _quote.BidQuantity : _quote.AskQuantity
            : 0;

    private long? BestOf(Side side)
    {
        var prices = _queue.Where(e => e.Side == side && e.Id != 0).Select(static e => e.PriceE9).ToArray();
        return prices.Length == 0 ? null : side == Side.Buy ? prices.Max() : prices.Min();
    }

    /// <summary>One of our orders, or with id 0 contracts of the market.</summary>
    private sealed class Entry
    {
        public ulong Id;
        public Side Side;
        public long PriceE9;
        public int Leaves;
        public int Shown;
        public int Peak;
    }
}
