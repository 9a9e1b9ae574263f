using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Matching;

/// <summary>Writes down what a book says, one line each, so that two books can be compared.</summary>
internal readonly struct RecordingListener(List<string> lines) : IBookListener
{
    public void OnAccepted(in BookOrderRequest order) => lines.Add($"accepted {order.OrderId}");

    public void OnRejected(ulong orderId, BookRejectReason reason) => lines.Add($"rejected {orderId} {reason}");

    public void OnTrade(in BookTrade trade) => lines.Add(
        $"trade {trade.MakerOrderId} {trade.TakerOrderId} {trade.TakerSide} {trade.Quantity} at {trade.PriceTicks}"
        + $" leaves {trade.MakerLeaves} {trade.TakerLeaves}");

    public void OnCancelled(ulong orderId, Side side, int priceTicks, int quantity, BookCancelReason reason) =>
        lines.Add($"cancelled {orderId} {side} {quantity} {reason}");

    public void OnReduced(ulong orderId, Side side, int priceTicks, int quantity) =>
        lines.Add($"reduced {orderId} {side} to {quantity}");

    public void OnCancelRejected(ulong orderId, BookRejectReason reason) =>
        lines.Add($"cancel rejected {orderId} {reason}");

    public void OnReplaced(ulong orderId, Side side, int priceTicks, int quantity) =>
        lines.Add($"replaced {orderId} {side} {quantity} at {priceTicks}");

    public void OnReplaceRejected(ulong orderId, BookRejectReason reason) =>
        lines.Add($"replace rejected {orderId} {reason}");

    public void OnTriggered(ulong orderId) => lines.Add($"triggered {orderId}");
}

/// <summary>
/// The same rules in the plainest form: lists that are searched and sorted for each request. What a book must do is
/// easier to see here than in the one that is fast.
/// </summary>
internal sealed class NaiveMatchingBook(MatchingBookOptions options, RecordingListener listener)
{
    private readonly List<Entry> _resting = [];
    private readonly List<Entry> _stops = [];
    private long _arrivals;
    private int? _last;
    private TradingPhase _phase;

    private bool PreventsSelfTrades => options.SelfTradePrevention != SelfTradePrevention.None;

    public int OrderCount => _resting.Count + _stops.Count;

    public long QuantityAt(Side side, int ticks) =>
        _resting.Where(order => order.Side == side && order.Ticks == ticks).Sum(order => (long)order.Shown);

    public int BestTicks(Side side)
    {
        var best = Queue(side).FirstOrDefault();
        return best == null ? MatchingBook<RecordingListener>.NoPrice : best.Ticks;
    }

    public void Submit(in BookOrderRequest order)
    {
        var reason = Check(order);
        if (reason != BookRejectReason.None)
        {
            listener.OnRejected(order.OrderId, reason);
            return;
        }

        listener.OnAccepted(order);
        var entry = new Entry(order);
        if (order.Type is OrderType.Stop or OrderType.StopLimit)
        {
            entry.Arrival = ++_arrivals;
            if (!IsTriggered(entry))
            {
                _stops.Add(entry);
                return;
            }

            listener.OnTriggered(order.OrderId);
        }

        var hadTrades = Execute(entry);
        if (hadTrades)
            TriggerStops();
    }

    public void Cancel(ulong orderId)
    {
        var entry = Find(orderId);
        if (entry == null)
            listener.OnCancelRejected(orderId, BookRejectReason.UnknownOrder);
        else
            End(entry, BookCancelReason.Requested);
    }

    public void Replace(ulong orderId, int ticks, int quantity, int stopTicks)
    {
        var entry = Find(orderId);
        var reason = entry == null ? BookRejectReason.UnknownOrder : CheckReplace(entry, ticks, quantity, stopTicks);
        if (reason != BookRejectReason.None)
        {
            listener.OnReplaceRejected(orderId, reason);
            return;
        }

        var isWaiting = _stops.Contains(entry!);
        // What is collected at the market for an auction stays where it is.
        ticks = isWaiting || entry!.Type is OrderType.Limit or OrderType.StopLimit ? ticks : entry.Ticks;
        listener.OnReplaced(orderId, entry!.Side, isWaiting ? stopTicks : ticks, quantity);
        if (isWaiting)
        {
            entry.Ticks = ticks;
            if (entry.StopTicks != stopTicks || quantity > entry.Leaves)
                entry.Arrival = ++_arrivals;
            entry.StopTicks = stopTicks;
            entry.Shrink(quantity);
            if (quantity > entry.Leaves)
                entry.Show(quantity);
            TriggerStops();
            return;
        }

        if (entry.Ticks == ticks && quantity <= entry.Leaves)
        {
            entry.Shrink(quantity);
            return;
        }

        _resting.Remove(entry);
        entry.Ticks = ticks;
        var (left, hadTrades) = _phase == TradingPhase.Continuous ? Match(entry, ticks, quantity) : (quantity, false);
        if (left > 0)
            Rest(entry, left);
        if (hadTrades)
            TriggerStops();
    }

    public void Enter(TradingPhase phase)
    {
        if (_phase != TradingPhase.Continuous && phase == TradingPhase.Continuous)
            Uncross();
        _phase = phase;
        if (phase == TradingPhase.Closed)
        {
            foreach (var day in _resting.Concat(_stops).Where(order => order.TimeInForce == TimeInForce.Day).ToList())
                End(day, BookCancelReason.EndOfDay);
        }

        if (phase == TradingPhase.Continuous)
            TriggerStops();
    }

    private bool Execute(Entry order)
    {
        var isMarket = order.Type is OrderType.Market or OrderType.Stop;
        if (_phase == TradingPhase.Auction)
        {
            if (isMarket)
                order.Ticks = order.Side == Side.Buy ? options.MaxPriceTicks : options.MinPriceTicks;
            Rest(order, order.Leaves);
            return false;
        }

        var limit = isMarket ? ProtectedLimit(order.Side) : order.Ticks;
        if (order.TimeInForce == TimeInForce.FillOrKill && Fillable(order, limit) < order.Leaves)
        {
            listener.OnCancelled(order.Id, order.Side, order.Ticks, order.Leaves, BookCancelReason.NotFillable);
            return false;
        }

        var (left, hadTrades) = Match(order, limit, order.Leaves);
        if (left == 0)
            return hadTrades;

        if (isMarket || order.TimeInForce == TimeInForce.ImmediateOrCancel)
            listener.OnCancelled(order.Id, order.Side, order.Ticks, left, BookCancelReason.NotImmediate);
        else
            Rest(order, left);

        return hadTrades;
    }

    private (int Left, bool HadTrades) Match(Entry taker, int limit, int left)
    {
        var hadTrades = false;
        while (left > 0
            && Queue(Opposite(taker.Side)).FirstOrDefault() is { } maker
            && Crosses(taker.Side, maker, limit))
        {
            var isOwn = taker.Owner != 0 && taker.Owner == maker.Owner;
            if (isOwn && options.SelfTradePrevention == SelfTradePrevention.Decrement)
            {
                left = Decrement(taker, maker, left);
                continue;
            }

            if (isOwn && options.SelfTradePrevention != SelfTradePrevention.None)
            {
                if (options.SelfTradePrevention != SelfTradePrevention.CancelIncoming)
                    End(maker, BookCancelReason.SelfTrade);
                if (options.SelfTradePrevention == SelfTradePrevention.CancelResting)
                    continue;

                listener.OnCancelled(taker.Id, taker.Side, maker.Ticks, left, BookCancelReason.SelfTrade);
                return (0, hadTrades);
            }

            var quantity = Math.Min(left, maker.Shown);
            left -= quantity;
            Trade(maker, quantity);
            _last = maker.Ticks;
            hadTrades = true;
            listener.OnTrade(
                new BookTrade(maker.Id, taker.Id, taker.Side, maker.Ticks, quantity, maker.LeavesAtTrade, left));
        }

        return (left, hadTrades);
    }

    private int Decrement(Entry taker, Entry maker, int left)
    {
        var both = Math.Min(left, maker.Leaves);
        if (maker.Leaves == both)
        {
            End(maker, BookCancelReason.SelfTrade);
        }
        else
        {
            maker.Shrink(maker.Leaves - both);
            listener.OnReduced(maker.Id, maker.Side, maker.Ticks, maker.Leaves);
        }

        if (left == both)
            listener.OnCancelled(taker.Id, taker.Side, maker.Ticks, both, BookCancelReason.SelfTrade);
        else
            listener.OnReduced(taker.Id, taker.Side, maker.Ticks, left - both);
        return left - both;
    }

    /// <summary>Takes contracts off a resting order, which shows its next peak at the end of its queue.</summary>
    private void Trade(Entry maker, int quantity)
    {
        maker.Shown -= quantity;
        maker.LeavesAtTrade = maker.Leaves;
        if (maker.Leaves == 0)
        {
            _resting.Remove(maker);
        }
        else if (maker.Shown == 0)
        {
            maker.Show(maker.Hidden);
            maker.Arrival = ++_arrivals;
        }
    }

    /// <summary>Without the orders that self-trade prevention takes out, the price of the auction is another.</summary>
    private void Uncross()
    {
        while (AuctionPrice() is { } price)
            UncrossAt(price);

        foreach (var left in _resting.Where(order => order.Type is OrderType.Market or OrderType.Stop).ToList())
            End(left, BookCancelReason.NotImmediate);
    }

    private int? AuctionPrice()
    {
        var candidates = _resting.Select(order => order.Ticks).Distinct().Order().Select(ticks =>
        {
            var buyers = _resting.Where(o => o.Side == Side.Buy && o.Ticks >= ticks).Sum(o => (long)o.Leaves);
            var sellers = _resting.Where(o => o.Side == Side.Sell && o.Ticks <= ticks).Sum(o => (long)o.Leaves);
            return (Ticks: ticks, Quantity: Math.Min(buyers, sellers), Surplus: buyers - sellers);
        }).Where(candidate => candidate.Quantity > 0).ToList();
        if (candidates.Count == 0)
            return null;

        var most = candidates.Where(c => c.Quantity == candidates.Max(d => d.Quantity)).ToList();
        var even = most.Where(c => Math.Abs(c.Surplus) == most.Min(d => Math.Abs(d.Surplus))).ToList();
        return even.All(c => c.Surplus > 0) ? even[^1].Ticks
            : even.All(c => c.Surplus < 0) || _last == null ? even[0].Ticks
            : even.MinBy(c => Math.Abs(c.Ticks - _last.Value)).Ticks;
    }

    private void UncrossAt(int price)
    {
        var hadTrades = false;
        while (Queue(Side.Buy).FirstOrDefault() is { } buyer && buyer.Ticks >= price
            && Queue(Side.Sell).FirstOrDefault() is { } seller && seller.Ticks <= price)
        {
            if (PreventsSelfTrades && buyer.Owner != 0 && buyer.Owner == seller.Owner)
            {
                TakeOut(buyer, seller);
                continue;
            }

            var quantity = Math.Min(buyer.Shown, seller.Shown);
            Trade(buyer, quantity);
            Trade(seller, quantity);
            hadTrades = true;
            listener.OnTrade(new BookTrade(
                seller.Id, buyer.Id, Side.None, price, quantity, seller.LeavesAtTrade, buyer.LeavesAtTrade));
        }

        _last = hadTrades ? price : _last;
    }

    /// <summary>The seller is the one that rests, the buyer the one that comes in.</summary>
    private void TakeOut(Entry buyer, Entry seller)
    {
        var mode = options.SelfTradePrevention;
        var both = mode == SelfTradePrevention.Decrement ? Math.Min(buyer.Leaves, seller.Leaves) : int.MaxValue;
        foreach (var order in new[] { seller, buyer })
        {
            if (mode == (order == seller ? SelfTradePrevention.CancelIncoming : SelfTradePrevention.CancelResting))
                continue;

            if (order.Leaves <= both)
            {
                End(order, BookCancelReason.SelfTrade);
                continue;
            }

            order.Shrink(order.Leaves - both);
            listener.OnReduced(order.Id, order.Side, order.Ticks, order.Leaves);
        }
    }

    private void TriggerStops()
    {
        while (_phase == TradingPhase.Continuous && NextStop() is { } stop)
        {
            _stops.Remove(stop);
            listener.OnTriggered(stop.Id);
            Execute(stop);
        }
    }

    /// <summary>Buy stops before sell stops; of each the one that the price came to first, then the oldest.</summary>
    private Entry? NextStop() =>
        _stops.Where(s => s.Side == Side.Buy && IsTriggered(s)).OrderBy(s => s.StopTicks).ThenBy(s => s.Arrival)
            .Concat(_stops.Where(s => s.Side == Side.Sell && IsTriggered(s))
                .OrderByDescending(s => s.StopTicks).ThenBy(s => s.Arrival))
            .FirstOrDefault();

    private bool IsTriggered(Entry stop) =>
        _phase == TradingPhase.Continuous && _last != null
        && (stop.Side == Side.Buy ? _last >= stop.StopTicks : _last <= stop.StopTicks);

    private long Fillable(Entry taker, int limit)
    {
        var sum = 0L;
        foreach (var maker in Queue(Opposite(taker.Side)).Where(maker => Crosses(taker.Side, maker, limit)))
        {
            var isOwn = options.SelfTradePrevention != SelfTradePrevention.None && taker.Owner != 0
                && taker.Owner == maker.Owner;
            if (isOwn && options.SelfTradePrevention != SelfTradePrevention.CancelResting)
                break;

            sum += isOwn ? 0 : maker.Leaves;
        }

        return sum;
    }

    private IEnumerable<Entry> Queue(Side side)
    {
        var orders = _resting.Where(order => order.Side == side);
        return side == Side.Buy
            ? orders.OrderByDescending(order => order.Ticks).ThenBy(order => order.Arrival)
            : orders.OrderBy(order => order.Ticks).ThenBy(order => order.Arrival);
    }

    private int ProtectedLimit(Side side)
    {
        var best = Queue(Opposite(side)).FirstOrDefault()?.Ticks;
        if (best == null)
            return side == Side.Buy ? options.MinPriceTicks : options.MaxPriceTicks;

        var reach = (long)options.ProtectionTicks;
        return side == Side.Buy
            ? (int)Math.Min(best.Value + reach, options.MaxPriceTicks)
            : (int)Math.Max(best.Value - reach, options.MinPriceTicks);
    }

    private void Rest(Entry order, int quantity)
    {
        order.Show(quantity);
        order.Arrival = ++_arrivals;
        _resting.Add(order);
    }

    private void End(Entry order, BookCancelReason reason)
    {
        _resting.Remove(order);
        _stops.Remove(order);
        listener.OnCancelled(order.Id, order.Side, order.Ticks, order.Leaves, reason);
    }

    private Entry? Find(ulong id) => _resting.Concat(_stops).FirstOrDefault(order => order.Id == id);

    private BookRejectReason Check(BookOrderRequest order)
    {
        var hasLimit = order.Type is OrderType.Limit or OrderType.StopLimit;
        var hasStop = order.Type is OrderType.Stop or OrderType.StopLimit;
        var isImmediate = order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        if (_phase is TradingPhase.Halted or TradingPhase.Closed)
            return BookRejectReason.WrongPhase;
        if (order.OrderId == 0 || order.Side == Side.None || order.Type == OrderType.None || (hasStop && isImmediate)
            || (!hasLimit && order.PeakQuantity != 0))
            return BookRejectReason.InvalidOrder;
        if (order.Quantity <= 0 || order.Quantity % options.LotSize != 0 || order.PeakQuantity < 0
            || order.PeakQuantity > order.Quantity || order.PeakQuantity % options.LotSize != 0)
            return BookRejectReason.InvalidQuantity;
        if ((hasLimit && !IsPrice(order.PriceTicks)) || (hasStop && !IsPrice(order.StopTicks)))
            return BookRejectReason.InvalidPrice;
        if (isImmediate && _phase == TradingPhase.Auction)
            return BookRejectReason.WrongPhase;
        if (Find(order.OrderId) != null)
            return BookRejectReason.DuplicateOrder;

        return OrderCount == options.MaxOrders ? BookRejectReason.TooManyOrders : BookRejectReason.None;
    }

    private BookRejectReason CheckReplace(Entry order, int ticks, int quantity, int stopTicks)
    {
        var isWaiting = _stops.Contains(order);
        if (_phase is TradingPhase.Halted or TradingPhase.Closed)
            return BookRejectReason.WrongPhase;
        if (quantity <= 0 || quantity % options.LotSize != 0)
            return BookRejectReason.InvalidQuantity;
        if (isWaiting && !IsPrice(stopTicks))
            return BookRejectReason.InvalidPrice;

        return order.Type is OrderType.Limit or OrderType.StopLimit && !IsPrice(ticks)
            ? BookRejectReason.InvalidPrice
            : BookRejectReason.None;
    }

    private bool IsPrice(int ticks) => ticks >= options.MinPriceTicks && ticks <= options.MaxPriceTicks;

    private static bool Crosses(Side taker, Entry maker, int limit) =>
        taker == Side.Buy ? maker.Ticks <= limit : maker.Ticks >= limit;

    private static Side Opposite(Side side) => side == Side.Buy ? Side.Sell : Side.Buy;

    private sealed class Entry
    {
        public Entry(in BookOrderRequest order)
        {
            (Id, Owner, Side, Type) = (order.OrderId, order.OwnerId, order.Side, order.Type);
            (TimeInForce, Peak) = (order.TimeInForce, order.PeakQuantity);
            (Ticks, StopTicks) = (order.PriceTicks, order.StopTicks);
            Show(order.Quantity);
        }

        public ulong Id { get; }

        public uint Owner { get; }

        public Side Side { get; }

        public OrderType Type { get; }

        public TimeInForce TimeInForce { get; }

        public int Peak { get; }

        public int Ticks { get; set; }

        public int StopTicks { get; set; }

        public int Shown { get; set; }

        public int Hidden { get; private set; }

        public int LeavesAtTrade { get; set; }

        public long Arrival { get; set; }

        public int Leaves => Shown + Hidden;

        public void Show(int quantity)
        {
            Shown = Peak == 0 ? quantity : Math.Min(Peak, quantity);
            Hidden = quantity - Shown;
        }

        public void Shrink(int quantity)
        {
            var removed = Math.Max(0, Leaves - quantity);
            var fromHidden = Math.Min(removed, Hidden);
            Hidden -= fromHidden;
            Shown -= removed - fromHidden;
        }
    }
}
