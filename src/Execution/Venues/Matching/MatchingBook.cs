using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Venues.Matching.OrderQueues;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>
/// The matching engine of one instrument: orders trade by price, then by time of arrival. It has no clock, no thread
/// and no random device, so equal requests give equal answers, and it allocates nothing after the start. Each request
/// takes a time that does not depend on how many orders rest, but for the orders that it trades with.
/// </summary>
/// <typeparam name="TListener">Told of all that happens; a struct, so that the calls are direct.</typeparam>
public sealed class MatchingBook<TListener> : IStateful
    where TListener : IBookListener
{
    /// <summary>Stands for a price that is not there.</summary>
    public const int NoPrice = int.MinValue;

    private readonly OrderPool _orders;
    private readonly OrderQueues _queues;
    private readonly MatchingBookOptions _options;
    private readonly BookRules _rules;
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
        _rules = new BookRules(options);
        _listener = listener;
        _preventsSelfTrades = options.SelfTradePrevention != SelfTradePrevention.None;
        _levels = options.MaxPriceTicks - options.MinPriceTicks + 1;
        _orders = new OrderPool(options.MaxOrders);
        _queues = new OrderQueues(_orders, _levels);
    }

    /// <summary>What orders are taken for now. A book starts in continuous trading.</summary>
    public TradingPhase Phase { get; private set; }

    /// <summary>The highest bid in ticks, or <see cref="NoPrice"/>.</summary>
    public int BestBidTicks => TicksAt(_queues[Bids].Best);

    /// <summary>The lowest offer in ticks, or <see cref="NoPrice"/>.</summary>
    public int BestOfferTicks => TicksAt(_queues[Offers].Best);

    /// <summary>The price of the last trade in ticks, or <see cref="NoPrice"/>.</summary>
    public int LastTradeTicks => TicksAt(_last);

    /// <summary>Orders that rest, stops that wait for their trigger included.</summary>
    public int OrderCount => _orders.Count;

    /// <summary>The listener; a struct lives here and not where it was handed in from.</summary>
    public ref TListener Listener => ref _listener;

    /// <summary>Contracts shown at a price; 0 outside the book's range.</summary>
    public long QuantityAt(Side side, int priceTicks) =>
        _rules.IsInRange(priceTicks) ? LadderOfSide(side).Levels[IndexOf(priceTicks)].Quantity : 0;

    /// <summary>
    /// The price of the next level behind <paramref name="priceTicks"/> on a side, or <see cref="NoPrice"/>.
    /// </summary>
    public int PriceBehind(Side side, int priceTicks) =>
        _rules.IsInRange(priceTicks) ? TicksAt(LadderOfSide(side).After(IndexOf(priceTicks))) : NoPrice;

    /// <summary>Contracts of a resting order that are open, hidden ones included; 0 when it does not rest.</summary>
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
        if (order.Type is OrderType.Stop or OrderType.StopLimit)
        {
            var trigger = IndexOf(order.StopTicks);
            if (!IsTriggered(order.Side, trigger))
            {
                Rest(in order, PlaceOf(order.Side == Side.Buy ? BuyStops : SellStops, trigger), order.Quantity);
                return;
            }

            _listener.OnTriggered(order.OrderId);
        }

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
    /// <param name="priceTicks">The new limit; not used for a market or stop order, which has none.</param>
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
        var ladder = LadderOf(order.Place);
        var isWaiting = HoldsStops(ladder);
        // A market order that an auction has collected stays at the end of the book's range.
        var hasLimit = BookRules.HasLimit(_orders.Terms(index).Type);
        var ticks = isWaiting ? stopTicks : hasLimit ? priceTicks : TicksAt(LevelOf(order.Place));
        var place = PlaceOf(ladder, IndexOf(ticks));
        if (isWaiting)
            _orders.Terms(index).LimitTicks = priceTicks;

        _listener.OnReplaced(orderId, SideOf(ladder), ticks, quantity);
        if (place == order.Place && quantity <= order.Leaves)
            _queues.Shrink(index, quantity);
        else
            Move(index, place, quantity);

        // A stop that was moved may lie where the last trade was, or beyond.
        _hasTraded |= isWaiting && _last != PriceLadder.None;
        TriggerStops();
    }

    /// <summary>
    /// Enters a phase. What an auction has collected is matched at the price at which most can be traded once trading
    /// is continuous, whatever phases lie between; closing ends day orders.
    /// </summary>
    public void Enter(TradingPhase phase)
    {
        if (Phase != TradingPhase.Continuous && phase == TradingPhase.Continuous)
            Uncross();

        Phase = phase;
        if (phase == TradingPhase.Closed)
            EndAll(BookCancelReason.EndOfDay);
        if (phase != TradingPhase.Continuous)
            return;

        // Stops that were entered or moved in an auction have not been held against the last trade.
        _hasTraded |= _last != PriceLadder.None;
        TriggerStops();
    }

    /// <summary>
    /// The price at which an auction would trade now, in ticks, and the contracts that it would trade; the price is
    /// <see cref="NoPrice"/> when it is none. <see cref="AuctionPricing"/> says how it is found.
    /// </summary>
    public (int PriceTicks, long Quantity) IndicativeAuction()
    {
        var (index, quantity) = AuctionPricing.PriceOf(_queues, _last);
        return (TicksAt(index), quantity);
    }

    public void Transfer(StateStream state)
    {
        _queues.Transfer(state);
        (_last, _hasTraded, Phase) = state.Next((_last, _hasTraded, Phase));
    }

    private void Execute(in BookOrderRequest order)
    {
        if (Phase == TradingPhase.Auction)
        {
            var level = IndexOf(_rules.AuctionTicks(in order));
            Rest(in order, PlaceOf(order.Side == Side.Buy ? Bids : Offers, level), order.Quantity);
            return;
        }

        var isMarket = order.Type is OrderType.Market or OrderType.Stop;
        var limit = isMarket ? ProtectedIndex(order.Side) : IndexOf(order.PriceTicks);
        if (order.TimeInForce == TimeInForce.FillOrKill
            && !_queues.IsFillable(in order, limit, _options.SelfTradePrevention))
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

        Rest(in order, PlaceOf(order.Side == Side.Buy ? Bids : Offers, limit), left);
    }

    /// <summary>
    /// Trades an incoming order with what rests within its limit and returns what is left of it, 0 too when
    /// self-trade prevention has cancelled the rest.
    /// </summary>
    private int Match(ulong orderId, uint ownerId, Side side, int limit, int left)
    {
        var ladder = _queues[side == Side.Buy ? Offers : Bids];
        while (left > 0)
        {
            var best = ladder.Best;
            if (best == PriceLadder.None || (side == Side.Buy ? best > limit : best < limit))
                break;

            left = TradeAt(ladder, best, orderId, ownerId, side, left);
        }

        return left;
    }

    /// <summary>Trades with the orders of one level, first come first, and returns what is left.</summary>
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
                _queues.LeaveHead(ref level, makerIndex);
        }

        if (level.Head == 0 && ladder.Best == index)
            ladder.Vacate(index);

        return left;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int PreventSelfTrade(int makerIndex, ulong orderId, Side side, int ticks, int left)
    {
        var mode = _options.SelfTradePrevention;
        if (mode == SelfTradePrevention.Decrement)
            return Decrement(makerIndex, orderId, side, ticks, left);
        if (mode is SelfTradePrevention.CancelResting or SelfTradePrevention.CancelBoth)
            End(makerIndex, BookCancelReason.SelfTrade);
        if (mode == SelfTradePrevention.CancelResting)
            return left;

        _listener.OnCancelled(orderId, side, ticks, left, BookCancelReason.SelfTrade);
        return 0;
    }

    /// <summary>Takes as much off both as they would have traded, hidden contracts included.</summary>
    private int Decrement(int makerIndex, ulong orderId, Side side, int ticks, int left)
    {
        var takerLeft = left - _orders[makerIndex].Leaves;
        Reduce(makerIndex, -takerLeft);
        if (takerLeft > 0)
            _listener.OnReduced(orderId, side, ticks, takerLeft);
        else
            _listener.OnCancelled(orderId, side, ticks, left, BookCancelReason.SelfTrade);
        return Math.Max(0, takerLeft);
    }

    /// <summary>Leaves a resting order with fewer contracts, which keeps its place, or ends it.</summary>
    private void Reduce(int index, int left)
    {
        if (left <= 0)
        {
            End(index, BookCancelReason.SelfTrade);
            return;
        }

        _queues.Shrink(index, left);
        var (orderId, place) = (_orders[index].OrderId, _orders[index].Place);
        _listener.OnReduced(orderId, SideOf(LadderOf(place)), TicksAt(LevelOf(place)), left);
    }

    private void Rest(in BookOrderRequest order, int place, int left)
    {
        var index = _orders.Add(order.OrderId);
        ref var terms = ref _orders.Terms(index);
        terms.OwnerId = order.OwnerId;
        terms.PeakQuantity = order.PeakQuantity;
        terms.LimitTicks = order.PriceTicks;
        terms.Type = order.Type;
        terms.TimeInForce = order.TimeInForce;
        _queues.Join(index, place, left);
    }

    private void End(int index, BookCancelReason reason)
    {
        ref var order = ref _orders[index];
        var (orderId, place, leaves) = (order.OrderId, order.Place, order.Leaves);
        _queues.Unlink(index);
        _orders.Remove(index);
        _listener.OnCancelled(orderId, SideOf(LadderOf(place)), TicksAt(LevelOf(place)), leaves, reason);
    }

    private void Move(int index, int place, int quantity)
    {
        _queues.Unlink(index);
        var ladder = LadderOf(place);
        var left = quantity;
        if (!HoldsStops(ladder) && Phase == TradingPhase.Continuous)
        {
            var ownerId = _orders.Terms(index).OwnerId;
            left = Match(_orders[index].OrderId, ownerId, SideOf(ladder), LevelOf(place), quantity);
        }

        if (left > 0)
            _queues.Join(index, place, left);
        else
            _orders.Remove(index);
    }

    private void TriggerStops()
    {
        while (_hasTraded && Phase == TradingPhase.Continuous)
        {
            var buy = _queues[BuyStops].Best;
            var sell = _queues[SellStops].Best;
            if (buy != PriceLadder.None && buy <= _last)
                Trigger(_queues[BuyStops].Levels[buy].Head);
            else if (sell != PriceLadder.None && sell >= _last)
                Trigger(_queues[SellStops].Levels[sell].Head);
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
            Side = SideOf(LadderOf(_orders[index].Place)),
            Type = terms.Type,
            TimeInForce = terms.TimeInForce,
            PriceTicks = terms.LimitTicks,
            Quantity = _orders[index].Leaves,
            PeakQuantity = terms.PeakQuantity,
        };
        _queues.Unlink(index);
        _orders.Remove(index);
        _listener.OnTriggered(order.OrderId);
        Execute(in order);
    }

    private bool IsTriggered(Side side, int stop) =>
        Phase == TradingPhase.Continuous
        && _last != PriceLadder.None
        && (side == Side.Buy ? _last >= stop : _last <= stop);

    /// <summary>Where self-trade prevention takes orders out, what is left may cross at another price.</summary>
    private void Uncross()
    {
        while (AuctionPricing.PriceOf(_queues, _last).Level is var price && price != PriceLadder.None)
        {
            while (_queues[Bids].Best >= price && _queues[Offers].Best is var offer and >= 0 && offer <= price)
                TradeInAuction(_queues[Bids].Best, offer, price);
        }

        EndAll(BookCancelReason.NotImmediate);
    }

    private void TradeInAuction(int bid, int offer, int price)
    {
        ref var buyers = ref _queues[Bids].Levels[bid];
        ref var sellers = ref _queues[Offers].Levels[offer];
        var (buyerIndex, sellerIndex) = (buyers.Head, sellers.Head);
        if (_preventsSelfTrades && TryPreventInAuction(buyerIndex, sellerIndex))
            return;

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
            _queues.LeaveHead(ref buyers, buyerIndex);
        if (seller.Quantity == 0)
            _queues.LeaveHead(ref sellers, sellerIndex);
        if (buyers.Head == 0)
            _queues[Bids].Vacate(bid);
        if (sellers.Head == 0)
            _queues[Offers].Vacate(offer);
        (_last, _hasTraded) = (price, true);
    }

    /// <summary>Neither order of an auction comes in: as in its trades, the buyer counts as if it did.</summary>
    private bool TryPreventInAuction(int buyer, int seller)
    {
        var ownerId = _orders.Terms(buyer).OwnerId;
        if (ownerId == 0 || ownerId != _orders.Terms(seller).OwnerId)
            return false;

        var mode = _options.SelfTradePrevention;
        var (bought, sold) = (_orders[buyer].Leaves, _orders[seller].Leaves);
        var isDecrement = mode == SelfTradePrevention.Decrement;
        if (mode != SelfTradePrevention.CancelIncoming)
            Reduce(seller, isDecrement ? sold - bought : 0);
        if (mode != SelfTradePrevention.CancelResting)
            Reduce(buyer, isDecrement ? bought - sold : 0);
        return true;
    }

    /// <summary>Ends the day's orders, or the market orders that an auction has left over.</summary>
    private void EndAll(BookCancelReason reason)
    {
        for (var index = 1; index < _orders.End; index++)
        {
            if (_orders[index].OrderId == 0)
                continue;

            var isOfDay = _orders.Terms(index).TimeInForce == TimeInForce.Day;
            var type = _orders.Terms(index).Type;
            var isLeft = !HoldsStops(LadderOf(_orders[index].Place)) && !BookRules.HasLimit(type);
            if (reason == BookCancelReason.EndOfDay ? isOfDay : isLeft)
                End(index, reason);
        }
    }

    private BookRejectReason Check(in BookOrderRequest order)
    {
        var reason = _rules.Check(in order, Phase);
        if (reason != BookRejectReason.None)
            return reason;
        if (_orders.Find(order.OrderId) != 0)
            return BookRejectReason.DuplicateOrder;

        return _orders.IsFull ? BookRejectReason.TooManyOrders : BookRejectReason.None;
    }

    private BookRejectReason CheckReplace(int index, int priceTicks, int quantity, int stopTicks)
    {
        var isWaiting = HoldsStops(LadderOf(_orders[index].Place));
        return _rules.CheckTerms(_orders.Terms(index).Type, isWaiting, priceTicks, quantity, stopTicks, Phase);
    }

    private int IndexOf(int ticks) => ticks - _options.MinPriceTicks;

    private int TicksAt(int index) => index == PriceLadder.None ? NoPrice : index + _options.MinPriceTicks;

    /// <summary>How far a market order may go.</summary>
    private int ProtectedIndex(Side side)
    {
        var best = _queues[side == Side.Buy ? Offers : Bids].Best;
        var reach = (long)_options.ProtectionTicks;
        return (int)(side == Side.Buy ? Math.Min(best + reach, _levels - 1) : Math.Max(best - reach, 0));
    }

    private PriceLadder LadderOfSide(Side side) => _queues[side == Side.Buy ? Bids : Offers];
}
