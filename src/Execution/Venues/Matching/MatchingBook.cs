using System.Diagnostics;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>
/// The matching engine of one instrument: orders trade by price, then by time of arrival. It has no clock, no thread
/// and no random device, so equal requests give equal answers, and it allocates nothing after the start. Each request
/// takes a time that does not depend on how many orders rest, but for the orders that it trades with.
/// </summary>
/// <typeparam name="TListener">Told of all that happens; a struct, so that the calls are direct.</typeparam>
public sealed class MatchingBook<TListener>
    where TListener : IBookListener
{
    /// <summary>Stands for a price that is not there.</summary>
    public const int NoPrice = int.MinValue;

    private const int Bids = 0;
    private const int Offers = 1;
    private const int BuyStops = 2;
    private const int SellStops = 3;

    /// <summary>A place is the index of a level, with the number of its ladder above it.</summary>
    private const int LadderShift = 24;

    private const int LevelMask = (1 << LadderShift) - 1;

    private readonly PriceLadder[] _ladders;
    private readonly OrderPool _orders;
    private readonly MatchingBookOptions _options;
    private readonly bool _preventsSelfTrades;
    private readonly int _levels;
    private TListener _listener;
    private int _last = PriceLadder.None;
    private bool _hasTraded;

    /// <param name="options">Validated here.</param>
    /// <param name="listener">Told of all that happens.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public MatchingBook(MatchingBookOptions options, TListener listener)
    {
        options.Validate();
        _options = options;
        _listener = listener;
        _preventsSelfTrades = options.SelfTradePrevention != SelfTradePrevention.None;
        _levels = options.MaxPriceTicks - options.MinPriceTicks + 1;
        _orders = new OrderPool(options.MaxOrders);
        _ladders =
        [
            new PriceLadder(_levels, isHighestFirst: true),
            new PriceLadder(_levels, isHighestFirst: false),
            new PriceLadder(_levels, isHighestFirst: false),
            new PriceLadder(_levels, isHighestFirst: true),
        ];
    }

    /// <summary>What orders are taken for now. A book starts in continuous trading.</summary>
    public TradingPhase Phase { get; private set; }

    /// <summary>The highest bid in ticks, or <see cref="NoPrice"/>.</summary>
    public int BestBidTicks => TicksAt(_ladders[Bids].Best);

    /// <summary>The lowest offer in ticks, or <see cref="NoPrice"/>.</summary>
    public int BestOfferTicks => TicksAt(_ladders[Offers].Best);

    /// <summary>The price of the last trade in ticks, or <see cref="NoPrice"/>.</summary>
    public int LastTradeTicks => TicksAt(_last);

    /// <summary>Orders that rest, stops that wait for their trigger included.</summary>
    public int OrderCount => _orders.Count;

    /// <summary>The listener; a struct lives here and not where it was handed in from.</summary>
    public ref TListener Listener => ref _listener;

    /// <summary>Contracts shown at a price; 0 outside the book's range.</summary>
    public long QuantityAt(Side side, int priceTicks) =>
        IsInRange(priceTicks) ? LadderOf(side).Levels[IndexOf(priceTicks)].Quantity : 0;

    /// <summary>
    /// The price of the next level behind <paramref name="priceTicks"/> on a side, or <see cref="NoPrice"/>.
    /// </summary>
    public int PriceBehind(Side side, int priceTicks) =>
        IsInRange(priceTicks) ? TicksAt(LadderOf(side).After(IndexOf(priceTicks))) : NoPrice;

    /// <summary>Contracts of a resting order that are still open, hidden ones included; 0 when it does not rest.</summary>
    public int LeavesOf(ulong orderId)
    {
        var index = orderId == 0 ? 0 : _orders.Find(orderId);
        return index == 0 ? 0 : _orders[index].Leaves;
    }

    /// <summary>Takes a new order: matches it, and lets it rest as far as its type and time in force say.</summary>
    public void Submit(in BookOrderRequest order)
    {
        var reason = Check(in order);
        if (reason != BookRejectReason.None)
        {
            _listener.OnRejected(order.OrderId, reason);
            return;
        }

        _listener.OnAccepted(in order);
        if (order.Type is OrderType.Stop or OrderType.StopLimit && !IsTriggered(order.Side, IndexOf(order.StopTicks)))
        {
            Rest(in order, (order.Side == Side.Buy ? BuyStops : SellStops, IndexOf(order.StopTicks)), order.Quantity);
            return;
        }

        if (order.Type is OrderType.Stop or OrderType.StopLimit)
            _listener.OnTriggered(order.OrderId);

        Execute(in order);
        TriggerStops();
    }

    /// <summary>Takes an order off the book.</summary>
    public void Cancel(ulong orderId)
    {
        var index = orderId == 0 ? 0 : _orders.Find(orderId);
        if (index == 0)
            _listener.OnCancelRejected(orderId, BookRejectReason.UnknownOrder);
        else
            End(index, BookCancelReason.Requested);
    }

    /// <summary>
    /// Changes an order's price, trigger or open quantity. An order that only gets smaller keeps its place in the
    /// queue; one that grows or moves goes to the end of its new queue, after trading with what it crosses.
    /// </summary>
    /// <param name="orderId">The order.</param>
    /// <param name="priceTicks">The new limit; not used for a market or stop order.</param>
    /// <param name="quantity">The new open quantity, in contracts.</param>
    /// <param name="stopTicks">The new trigger of an order that still waits for it; not used for others.</param>
    public void Replace(ulong orderId, int priceTicks, int quantity, int stopTicks = 0)
    {
        var index = orderId == 0 ? 0 : _orders.Find(orderId);
        var reason = index == 0 ? BookRejectReason.UnknownOrder : CheckReplace(index, priceTicks, quantity, stopTicks);
        if (reason != BookRejectReason.None)
        {
            _listener.OnReplaceRejected(orderId, reason);
            return;
        }

        ref var order = ref _orders[index];
        var ladder = order.Place >> LadderShift;
        var isWaiting = ladder is BuyStops or SellStops;
        var place = ladder << LadderShift | IndexOf(isWaiting ? stopTicks : priceTicks);
        if (isWaiting)
            _orders.Terms(index).LimitTicks = priceTicks;

        _listener.OnReplaced(orderId, SideOf(ladder), isWaiting ? stopTicks : priceTicks, quantity);
        if (place == order.Place && quantity <= order.Leaves)
            Shrink(ref order, quantity);
        else
            Move(index, place, quantity);

        TriggerStops();
    }

    /// <summary>
    /// Enters a phase. Leaving an auction matches what was collected at the price at which most can be traded; closing
    /// ends day orders.
    /// </summary>
    public void Enter(TradingPhase phase)
    {
        if (Phase == TradingPhase.Auction && phase == TradingPhase.Continuous)
            Uncross();

        Phase = phase;
        if (phase == TradingPhase.Closed)
            ExpireDayOrders();
        else if (phase == TradingPhase.Continuous)
            TriggerStops();
    }

    /// <summary>
    /// The price at which an auction would trade now, in ticks, and the contracts that it would trade; the price is
    /// <see cref="NoPrice"/> when it is none. Most contracts decide, then the smallest surplus, then the surplus'
    /// side (buyers: the higher price), then the distance to the last trade, then the lower price.
    /// </summary>
    public (int PriceTicks, long Quantity) IndicativeAuction()
    {
        var (index, quantity) = AuctionPrice();
        return (TicksAt(index), quantity);
    }

    private void Execute(in BookOrderRequest order)
    {
        if (Phase == TradingPhase.Auction)
        {
            Rest(in order, (order.Side == Side.Buy ? Bids : Offers, AuctionIndex(in order)), order.Quantity);
            return;
        }

        var isMarket = order.Type is OrderType.Market or OrderType.Stop;
        var limit = isMarket ? ProtectedIndex(order.Side) : IndexOf(order.PriceTicks);
        if (order.TimeInForce == TimeInForce.FillOrKill && !IsFillable(in order, limit))
        {
            _listener.OnCancelled(
                order.OrderId, order.Side, order.PriceTicks, order.Quantity, BookCancelReason.NotFillable);
            return;
        }

        var left = Match(order.OrderId, order.OwnerId, order.Side, limit, order.Quantity);
        if (left == 0)
            return;

        if (isMarket || order.TimeInForce == TimeInForce.ImmediateOrCancel)
        {
            _listener.OnCancelled(order.OrderId, order.Side, order.PriceTicks, left, BookCancelReason.NotImmediate);
            return;
        }

        Rest(in order, (order.Side == Side.Buy ? Bids : Offers, limit), left);
    }

    /// <summary>
    /// Trades an incoming order with what rests within its limit and returns what is left of it, 0 too when
    /// self-trade prevention has cancelled the rest.
    /// </summary>
    private int Match(ulong orderId, uint ownerId, Side side, int limit, int left)
    {
        var ladder = _ladders[side == Side.Buy ? Offers : Bids];
        while (left > 0)
        {
            var best = ladder.Best;
            if (best == PriceLadder.None || (side == Side.Buy ? best > limit : best < limit))
                break;

            left = TradeAt(ladder, best, orderId, ownerId, side, left);
        }

        return left;
    }

    private int TradeAt(PriceLadder ladder, int index, ulong orderId, uint ownerId, Side side, int left)
    {
        ref var level = ref ladder.Levels[index];
        var ticks = index + _options.MinPriceTicks;
        while (left > 0 && level.Head != 0)
        {
            var makerIndex = level.Head;
            ref var maker = ref _orders[makerIndex];
            if (_preventsSelfTrades && ownerId != 0 && _orders.Terms(makerIndex).OwnerId == ownerId)
            {
                left = PreventSelfTrade(makerIndex, orderId, side, ticks, left);
                continue;
            }

            var quantity = Math.Min(left, maker.Quantity);
            left -= quantity;
            maker.Quantity -= quantity;
            level.Quantity -= quantity;
            _last = index;
            _hasTraded = true;
            _listener.OnTrade(new BookTrade(maker.OrderId, orderId, side, ticks, quantity, maker.Leaves, left));
            if (maker.Quantity == 0)
                LeaveHead(ref level, makerIndex);
        }

        if (level.Head == 0 && ladder.Best == index)
            ladder.Vacate(index);

        return left;
    }

    /// <summary>The first order of a level has no contracts shown: it ends, or shows more at the end of the queue.</summary>
    private void LeaveHead(ref PriceLevel level, int index)
    {
        ref var order = ref _orders[index];
        level.Head = order.Next;
        if (order.Next == 0)
            level.Tail = 0;
        else
            _orders[order.Next].Previous = 0;

        if (order.Hidden == 0)
        {
            _orders.Remove(index);
            return;
        }

        Show(index, order.Hidden);
        Append(ref level, index);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int PreventSelfTrade(int makerIndex, ulong orderId, Side side, int ticks, int left)
    {
        var mode = _options.SelfTradePrevention;
        if (mode is SelfTradePrevention.CancelResting or SelfTradePrevention.CancelBoth)
            End(makerIndex, BookCancelReason.SelfTrade);
        if (mode == SelfTradePrevention.CancelResting)
            return left;

        _listener.OnCancelled(orderId, side, ticks, left, BookCancelReason.SelfTrade);
        return 0;
    }

    private void Rest(in BookOrderRequest order, (int Ladder, int Index) place, int left)
    {
        var index = _orders.Add(order.OrderId);
        ref var terms = ref _orders.Terms(index);
        terms.OwnerId = order.OwnerId;
        terms.PeakQuantity = order.PeakQuantity;
        terms.LimitTicks = order.PriceTicks;
        terms.Type = order.Type;
        terms.TimeInForce = order.TimeInForce;
        Join(index, place.Ladder << LadderShift | place.Index, left);
    }

    /// <summary>Puts an order that is in no queue at the end of the one at its place.</summary>
    private void Join(int index, int place, int quantity)
    {
        ref var order = ref _orders[index];
        order.Place = place;
        Show(index, quantity);
        var ladder = _ladders[place >> LadderShift];
        ref var level = ref ladder.Levels[place & LevelMask];
        var wasEmpty = level.Head == 0;
        Append(ref level, index);
        if (wasEmpty)
            ladder.Occupy(place & LevelMask);
    }

    private void Append(ref PriceLevel level, int index)
    {
        ref var order = ref _orders[index];
        order.Previous = level.Tail;
        order.Next = 0;
        if (level.Tail == 0)
            level.Head = index;
        else
            _orders[level.Tail].Next = index;

        level.Tail = index;
        level.Quantity += order.Quantity;
    }

    /// <summary>Splits an order's open quantity into what it shows and what it hides.</summary>
    private void Show(int index, int quantity)
    {
        var peak = _orders.Terms(index).PeakQuantity;
        ref var order = ref _orders[index];
        order.Quantity = peak == 0 ? quantity : Math.Min(peak, quantity);
        order.Hidden = quantity - order.Quantity;
    }

    private void Unlink(int index)
    {
        ref var order = ref _orders[index];
        var ladder = _ladders[order.Place >> LadderShift];
        ref var level = ref ladder.Levels[order.Place & LevelMask];
        level.Quantity -= order.Quantity;
        if (order.Previous == 0)
            level.Head = order.Next;
        else
            _orders[order.Previous].Next = order.Next;

        if (order.Next == 0)
            level.Tail = order.Previous;
        else
            _orders[order.Next].Previous = order.Previous;

        if (level.Head == 0)
            ladder.Vacate(order.Place & LevelMask);
    }

    private void End(int index, BookCancelReason reason)
    {
        ref var order = ref _orders[index];
        var (orderId, place, leaves) = (order.OrderId, order.Place, order.Leaves);
        Unlink(index);
        _orders.Remove(index);
        _listener.OnCancelled(orderId, SideOf(place >> LadderShift), TicksAt(place & LevelMask), leaves, reason);
    }

    private void Shrink(ref PooledOrder order, int quantity)
    {
        var removed = order.Leaves - quantity;
        var fromHidden = Math.Min(removed, order.Hidden);
        order.Hidden -= fromHidden;
        order.Quantity -= removed - fromHidden;
        _ladders[order.Place >> LadderShift].Levels[order.Place & LevelMask].Quantity -= removed - fromHidden;
    }

    private void Move(int index, int place, int quantity)
    {
        Unlink(index);
        var ladder = place >> LadderShift;
        var left = quantity;
        if (ladder is Bids or Offers && Phase == TradingPhase.Continuous)
        {
            var ownerId = _orders.Terms(index).OwnerId;
            left = Match(_orders[index].OrderId, ownerId, SideOf(ladder), place & LevelMask, quantity);
        }

        if (left > 0)
            Join(index, place, left);
        else
            _orders.Remove(index);
    }

    private void TriggerStops()
    {
        while (_hasTraded && Phase == TradingPhase.Continuous)
        {
            var buy = _ladders[BuyStops].Best;
            var sell = _ladders[SellStops].Best;
            if (buy != PriceLadder.None && buy <= _last)
                Trigger(_ladders[BuyStops].Levels[buy].Head);
            else if (sell != PriceLadder.None && sell >= _last)
                Trigger(_ladders[SellStops].Levels[sell].Head);
            else
                _hasTraded = false;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Trigger(int index)
    {
        ref readonly var terms = ref _orders.Terms(index);
        var order = new BookOrderRequest
        {
            OrderId = _orders[index].OrderId,
            OwnerId = terms.OwnerId,
            Side = SideOf(_orders[index].Place >> LadderShift),
            Type = terms.Type,
            TimeInForce = terms.TimeInForce,
            PriceTicks = terms.LimitTicks,
            Quantity = _orders[index].Leaves,
            PeakQuantity = terms.PeakQuantity,
        };
        Unlink(index);
        _orders.Remove(index);
        _listener.OnTriggered(order.OrderId);
        Execute(in order);
    }

    private bool IsTriggered(Side side, int stop) =>
        Phase == TradingPhase.Continuous
        && _last != PriceLadder.None
        && (side == Side.Buy ? _last >= stop : _last <= stop);

    private bool IsFillable(in BookOrderRequest order, int limit)
    {
        var ladder = _ladders[order.Side == Side.Buy ? Offers : Bids];
        var left = (long)order.Quantity;
        for (var index = ladder.Best; index != PriceLadder.None && left > 0; index = ladder.After(index))
        {
            if (order.Side == Side.Buy ? index > limit : index < limit)
                break;

            for (var at = ladder.Levels[index].Head; at != 0 && left > 0; at = _orders[at].Next)
            {
                var isOwn = _preventsSelfTrades && order.OwnerId != 0 && _orders.Terms(at).OwnerId == order.OwnerId;
                if (isOwn && _options.SelfTradePrevention != SelfTradePrevention.CancelResting)
                    return false;

                left -= isOwn ? 0 : _orders[at].Leaves;
            }
        }

        return left <= 0;
    }

    private void Uncross()
    {
        var (price, _) = AuctionPrice();
        if (price != PriceLadder.None)
        {
            while (_ladders[Bids].Best >= price && _ladders[Offers].Best is var offer and >= 0 && offer <= price)
                TradeInAuction(_ladders[Bids].Best, offer, price);

            _last = price;
            _hasTraded = true;
        }

        for (var index = 1; index < _orders.End; index++)
        {
            if (_orders[index].OrderId != 0
                && _orders.Terms(index).Type is OrderType.Market or OrderType.Stop
                && _orders[index].Place >> LadderShift is Bids or Offers)
                End(index, BookCancelReason.NotImmediate);
        }
    }

    private void TradeInAuction(int bid, int offer, int price)
    {
        ref var buyers = ref _ladders[Bids].Levels[bid];
        ref var sellers = ref _ladders[Offers].Levels[offer];
        var (buyerIndex, sellerIndex) = (buyers.Head, sellers.Head);
        ref var buyer = ref _orders[buyerIndex];
        ref var seller = ref _orders[sellerIndex];
        var quantity = Math.Min(buyer.Quantity, seller.Quantity);
        buyer.Quantity -= quantity;
        seller.Quantity -= quantity;
        buyers.Quantity -= quantity;
        sellers.Quantity -= quantity;
        _listener.OnTrade(new BookTrade(
            seller.OrderId, buyer.OrderId, Side.None, TicksAt(price), quantity, seller.Leaves, buyer.Leaves));
        if (buyer.Quantity == 0)
            LeaveHead(ref buyers, buyerIndex);
        if (seller.Quantity == 0)
            LeaveHead(ref sellers, sellerIndex);
        if (buyers.Head == 0)
            _ladders[Bids].Vacate(bid);
        if (sellers.Head == 0)
            _ladders[Offers].Vacate(offer);
    }

    /// <summary>The level of the auction's price, or <see cref="PriceLadder.None"/>, and what would be traded.</summary>
    private (int Index, long Quantity) AuctionPrice()
    {
        var (highest, lowest) = (_ladders[Bids].Best, _ladders[Offers].Best);
        if (highest == PriceLadder.None || lowest == PriceLadder.None || highest < lowest)
            return (PriceLadder.None, 0);

        // Over the prices at which either side changes: buyers at or above, sellers at or below.
        var buyers = 0L;
        for (var index = highest; index >= lowest; index = _ladders[Bids].Below(index))
            buyers += LeavesAt(Bids, index);

        var best = new AuctionCandidate(PriceLadder.None, 0, 0);
        var sellers = 0L;
        var at = lowest;
        while (at != PriceLadder.None && at <= highest)
        {
            sellers += LeavesAt(Offers, at);
            var candidate = new AuctionCandidate(at, Math.Min(buyers, sellers), buyers - sellers);
            if (candidate.IsBetterThan(in best, _last))
                best = candidate;

            buyers -= LeavesAt(Bids, at);
            at = Nearer(_ladders[Bids].Above(at), _ladders[Offers].Above(at));
        }

        return (best.Index, best.Quantity);
    }

    private static int Nearer(int first, int second) =>
        first == PriceLadder.None || second == PriceLadder.None ? Math.Max(first, second) : Math.Min(first, second);

    /// <summary>All contracts at a level, hidden ones included.</summary>
    private long LeavesAt(int ladder, int index)
    {
        var sum = 0L;
        for (var at = _ladders[ladder].Levels[index].Head; at != 0; at = _orders[at].Next)
            sum += _orders[at].Leaves;

        return sum;
    }

    private void ExpireDayOrders()
    {
        for (var index = 1; index < _orders.End; index++)
        {
            if (_orders[index].OrderId != 0 && _orders.Terms(index).TimeInForce == TimeInForce.Day)
                End(index, BookCancelReason.EndOfDay);
        }
    }

    private BookRejectReason Check(in BookOrderRequest order)
    {
        if (Phase is TradingPhase.Halted or TradingPhase.Closed)
            return BookRejectReason.WrongPhase;
        if (order.OrderId == 0 || order.Side is not (Side.Buy or Side.Sell) || !IsKnown(in order))
            return BookRejectReason.InvalidOrder;
        if (!IsQuantity(order.Quantity) || order.PeakQuantity < 0 || order.PeakQuantity > order.Quantity
            || order.PeakQuantity % _options.LotSize != 0)
            return BookRejectReason.InvalidQuantity;
        if (order.Type is OrderType.Limit or OrderType.StopLimit && !IsInRange(order.PriceTicks))
            return BookRejectReason.InvalidPrice;
        if (order.Type is OrderType.Stop or OrderType.StopLimit && !IsInRange(order.StopTicks))
            return BookRejectReason.InvalidPrice;

        var isImmediate = order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        if (isImmediate && Phase == TradingPhase.Auction)
            return BookRejectReason.WrongPhase;
        if (_orders.Find(order.OrderId) != 0)
            return BookRejectReason.DuplicateOrder;

        return _orders.IsFull ? BookRejectReason.TooManyOrders : BookRejectReason.None;
    }

    private BookRejectReason CheckReplace(int index, int priceTicks, int quantity, int stopTicks)
    {
        if (Phase is TradingPhase.Halted or TradingPhase.Closed)
            return BookRejectReason.WrongPhase;
        if (!IsQuantity(quantity))
            return BookRejectReason.InvalidQuantity;

        var isWaiting = _orders[index].Place >> LadderShift is BuyStops or SellStops;
        var hasLimit = !isWaiting || _orders.Terms(index).Type == OrderType.StopLimit;
        return (hasLimit && !IsInRange(priceTicks)) || (isWaiting && !IsInRange(stopTicks))
            ? BookRejectReason.InvalidPrice
            : BookRejectReason.None;
    }

    private static bool IsKnown(in BookOrderRequest order) => order.Type switch
    {
        OrderType.Market => order.PeakQuantity == 0 && Enum.IsDefined(order.TimeInForce),
        OrderType.Limit => Enum.IsDefined(order.TimeInForce),
        OrderType.Stop => order.PeakQuantity == 0 && order.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel,
        OrderType.StopLimit => order.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel,
        _ => false,
    };

    private bool IsQuantity(int quantity) => quantity > 0 && quantity % _options.LotSize == 0;

    private bool IsInRange(int ticks) => (uint)(ticks - _options.MinPriceTicks) < (uint)_levels;

    private int IndexOf(int ticks) => ticks - _options.MinPriceTicks;

    private int TicksAt(int index) => index == PriceLadder.None ? NoPrice : index + _options.MinPriceTicks;

    /// <summary>A market order takes part in an auction at the end of the book's range.</summary>
    private int AuctionIndex(in BookOrderRequest order) => order.Type switch
    {
        OrderType.Limit or OrderType.StopLimit => IndexOf(order.PriceTicks),
        _ => order.Side == Side.Buy ? _levels - 1 : 0,
    };

    /// <summary>How far a market order may go.</summary>
    private int ProtectedIndex(Side side)
    {
        var best = _ladders[side == Side.Buy ? Offers : Bids].Best;
        var reach = (long)_options.ProtectionTicks;
        return side == Side.Buy
            ? (int)Math.Min(best + reach, _levels - 1)
            : (int)Math.Max(best - reach, 0);
    }

    private PriceLadder LadderOf(Side side) => side switch
    {
        Side.Buy => _ladders[Bids],
        Side.Sell => _ladders[Offers],
        _ => throw new UnreachableException($"a book has no side {side}"),
    };

    private static Side SideOf(int ladder) => ladder is Bids or BuyStops ? Side.Buy : Side.Sell;

    private readonly record struct AuctionCandidate(int Index, long Quantity, long Surplus)
    {
        public bool IsBetterThan(in AuctionCandidate other, int last)
        {
            if (Quantity != other.Quantity)
                return Quantity > other.Quantity;
            if (Math.Abs(Surplus) != Math.Abs(other.Surplus))
                return Math.Abs(Surplus) < Math.Abs(other.Surplus);
            if (Surplus > 0 && other.Surplus > 0)
                return true;
            if (Surplus < 0 && other.Surplus < 0)
                return false;

            return last != PriceLadder.None && Math.Abs(Index - last) < Math.Abs(other.Index - last);
        }
    }
}
