using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using Queue = ExecutionPipeline.Execution.Venues.RestingOrders.Queue;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// An exchange that trades against the market data it is shown. Deterministic: no clock, no thread, no random device;
/// all memory is taken at start, and a market update costs the same however many orders rest that it does not reach.
/// <list type="bullet">
/// <item>Orders trade at the touch against what is displayed, whatever their limit allows beyond it. Depth behind the
/// touch is not in the data, and a real book of a liquid future is filled on every tick, so a large order walks tick by
/// tick through levels as deep as the touch: nearer to what would happen than to expire, and dearer than to fill at one
/// price. What was taken stays taken until the next quote. A market order stops at the protection limit and the rest
/// expires.</item>
/// <item>A resting order queues behind what is displayed when it joins. Trades at its price, and quotes that show
/// less, shorten the queue; a trade through its price executes it at its limit, and so does an opposite quote that
/// comes to it, as <see cref="QuoteFillRule"/> says. An iceberg order queues with its peak alone.</item>
/// <item>A stop is touched by a quote of the side that it would trade with, or by a trade, at its trigger or beyond,
/// and is executed where the market is then. It waits while that side is not quoted.</item>
/// <item>A replaced order keeps its place where it only shrinks. One that grows or moves goes to the back, after it
/// has traded with what it crosses; one that shrinks to what is executed is cancelled.</item>
/// <item>An order is acknowledged (New) before it trades.</item>
/// </list>
/// </summary>
public sealed class SimulatedExchange : IVenueGateway, IMarketListener, IStateful
{
    private readonly InstrumentTable _instruments;
    private readonly VenueReports _reports;
    private readonly TradingDay _day;
    private readonly int _protectionTicks;
    private readonly QuoteFillRule _quoteFill;
    private readonly bool _enforcesSessions;
    private readonly MarketQuote[] _markets;
    private readonly VenueSession[] _sessions;
    private readonly RestingOrders _orders;

    /// <summary>The day's end, an order's expiry or a change of phase may be due from then on.</summary>
    private long _dueNs = long.MinValue;

    /// <param name="instruments">Of the orders' indices.</param>
    /// <param name="sink">Takes the reports.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="venue">The venue's number, which every report states.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SimulatedExchange(
        InstrumentTable instruments, IReportSink sink, SimulatedExchangeOptions options, byte venue = 0)
    {
        options.Validate();
        _instruments = instruments;
        _reports = new VenueReports(instruments, sink, venue);
        _day = new TradingDay(options.TradingDay);
        _protectionTicks = options.ProtectionTicks;
        _quoteFill = options.QuoteFill;
        _enforcesSessions = options.EnforceSessions;
        _markets = new MarketQuote[instruments.Count];
        _orders = new RestingOrders(instruments.Count, options.MaxRestingOrders);
        var callMinutes = options.OpeningCallMinutes;
        _sessions = [.. instruments.All.ToArray().Select(i => new VenueSession(i.Calendar, callMinutes))];
    }

    /// <summary>Orders taken or rejected.</summary>
    public long OrdersReceived { get; private set; }

    /// <summary>Executions.</summary>
    public long Executions => _reports.Executions;

    /// <summary>Orders, cancels and replacements refused.</summary>
    public long Rejections => _reports.Rejections;

    /// <summary>Orders that rest in an instrument, stops that wait included.</summary>
    public int RestingOrders(int instrument) => _orders.CountOf(instrument);

    /// <summary>Contracts of a resting order that others can see: an iceberg shows its peak; 0 for others.</summary>
    public int ShownQuantity(ulong orderId)
    {
        var slot = _orders.Find(orderId);
        return slot == 0 || _orders[slot].Order.IsStop ? 0 : _orders[slot].Shown;
    }

    /// <summary>
    /// Enters a phase of an instrument's market, such as a halt, that lasts until the next one or until the calendar's
    /// next change.
    /// </summary>
    public void Enter(int instrument, TradingPhase phase, long timeNs)
    {
        AdvanceTo(timeNs);
        _markets[instrument].Phase = phase;
        if (phase != TradingPhase.Closed)
            return;

        for (var slot = 1; slot <= _orders.LastSlot; slot++)
        {
            ref readonly var order = ref _orders[slot].Order;
            if (order.OrderId != 0 && order.Instrument == instrument && order.TimeInForce == TimeInForce.Day)
                End(slot, ExecutionReportKind.Expired, timeNs);
        }
    }

    public void Submit(in Order order, long timeNs)
    {
        OrdersReceived++;
        AdvanceTo(timeNs);
        var taken = new VenueOrder(order);
        var reason = Check(taken, timeNs);
        if (reason != VenueRejectReason.None)
        {
            _reports.Reject(taken, reason, timeNs);
            return;
        }

        _reports.Tell(ExecutionReportKind.New, taken, timeNs);
        if (taken.IsStop || _markets[taken.Instrument].Phase != TradingPhase.Continuous)
        {
            Work(Keep(taken), timeNs);
            return;
        }

        Match(ref taken, timeNs);
        if (taken.Leaves == 0)
            return;

        if (taken.Type == OrderType.Market || taken.IsImmediate)
            _reports.End(ExecutionReportKind.Expired, taken, timeNs);
        else
            Rest(Keep(taken));
    }

    public void Cancel(in Order order, long timeNs)
    {
        AdvanceTo(timeNs);
        var slot = _orders.Find(order.OrderId);
        if (slot == 0)
            _reports.RefuseUnknown(ExecutionReportKind.CancelRejected, order, timeNs);
        else
            End(slot, ExecutionReportKind.Cancelled, timeNs);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        AdvanceTo(timeNs);
        var slot = _orders.Find(order.OrderId);
        if (slot == 0)
        {
            _reports.RefuseUnknown(ExecutionReportKind.ReplaceRejected, order, timeNs);
            return;
        }

        ref var resting = ref _orders[slot].Order;
        var reason = resting.CheckTerms(terms, _instruments[resting.Instrument], _markets[resting.Instrument].Phase);
        if (reason != VenueRejectReason.None)
            _reports.Refuse(ExecutionReportKind.ReplaceRejected, resting, reason, timeNs);
        else if (terms.Quantity <= resting.Cumulative)
            End(slot, ExecutionReportKind.Cancelled, timeNs);
        else
            Replace(slot, terms, timeNs);
    }

    public void CancelAll(long timeNs)
    {
        for (var slot = 1; slot <= _orders.LastSlot; slot++)
        {
            if (_orders[slot].Order.OrderId != 0)
                End(slot, ExecutionReportKind.Cancelled, timeNs);
        }
    }

    public void RequestStatus(in Order order, long timeNs)
    {
        AdvanceTo(timeNs);
        _orders.TellStatus(order, _reports, timeNs);
    }

    public void RequestOpenOrders(long timeNs)
    {
        AdvanceTo(timeNs);
        _orders.TellOpen(_reports, timeNs);
    }

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
        AdvanceTo(timeNs);
        ref var market = ref _markets[instrumentIndex];
        var isReached = market.Phase == TradingPhase.Continuous && _orders.CountOf(instrumentIndex) > 0;
        if (isReached && update.TradeQuantity > 0)
        {
            Trade(instrumentIndex, Queue.Bids, update, timeNs);
            Trade(instrumentIndex, Queue.Offers, update, timeNs);
        }

        market.Quote(update, _instruments[instrumentIndex].TickSizeE9);
        if (!isReached)
            return;

        Quote(instrumentIndex, Queue.Bids, timeNs);
        Quote(instrumentIndex, Queue.Offers, timeNs);
        Open(instrumentIndex, timeNs);
        TouchStops(instrumentIndex, Queue.BuyStops, update, timeNs);
        TouchStops(instrumentIndex, Queue.SellStops, update, timeNs);
    }

    public void Transfer(StateStream state)
    {
        state.Section("simulated exchange");
        _reports.Transfer(state);
        _day.Transfer(state);
        state.Array(_markets);
        foreach (var session in _sessions)
            session.Transfer(state);
        _orders.Transfer(state);
        (_dueNs, OrdersReceived) = state.Next((_dueNs, OrdersReceived));
    }

    private VenueRejectReason Check(in VenueOrder order, long timeNs)
    {
        if ((uint)order.Instrument >= (uint)_instruments.Count)
            return VenueRejectReason.UnknownInstrument;
        if (order.Quantity <= 0 || order.Side is not (Side.Buy or Side.Sell)
            || order.Peak < 0 || order.Peak > order.Quantity)
            return VenueRejectReason.InvalidQuantity;

        var phase = _markets[order.Instrument].Phase;
        if (order.CheckPhase(phase) is var reason and not VenueRejectReason.None)
            return reason;

        if (_reports.Knows(order.OrderId))
            return VenueRejectReason.DuplicateOrder;
        if (order.Type == OrderType.Market && order.Peak == 0 && order.IsImmediate)
            return OppositeOf(order).IsQuoted ? VenueRejectReason.None : VenueRejectReason.NoMarket;
        if (!order.IsKnown(timeNs))
            return VenueRejectReason.InvalidOrder;
        if (!order.IsPriced(_instruments[order.Instrument], order.LimitE9, order.TriggerE9))
            return VenueRejectReason.InvalidPrice;
        if (order.Type == OrderType.Market && phase == TradingPhase.Continuous && !OppositeOf(order).IsQuoted)
            return VenueRejectReason.NoMarket;

        return _orders.IsFull && !order.IsImmediate ? VenueRejectReason.TooManyOrders : VenueRejectReason.None;
    }

    private void Replace(int slot, in OrderTerms terms, long timeNs)
    {
        ref var resting = ref _orders[slot];
        ref var order = ref resting.Order;
        var keepsPlace = terms.Quantity <= order.Quantity
            && (order.IsStop ? terms.TriggerPriceE9 == order.TriggerE9 : terms.LimitPriceE9 == order.LimitE9);
        if (!keepsPlace)
            _orders.Leave(slot);

        order.LimitE9 = terms.LimitPriceE9;
        order.TriggerE9 = terms.TriggerPriceE9;
        if (keepsPlace)
            _orders.Shrink(slot, terms.Quantity);
        else
            order.Quantity = terms.Quantity;

        _reports.Tell(ExecutionReportKind.Replaced, order, timeNs);
        if (!keepsPlace)
            Work(slot, timeNs);
    }

    private ref BookSide OppositeOf(in VenueOrder order) =>
        ref SideOf(order.Instrument, order.Side == Side.Buy ? Queue.Offers : Queue.Bids);

    private ref BookSide SideOf(int instrument, Queue queue) =>
        ref (queue == Queue.Bids ? ref _markets[instrument].Bids : ref _markets[instrument].Asks);

    private void AdvanceTo(long timeNs)
    {
        if (timeNs >= _dueNs)
            CatchUp(timeNs);
    }

    /// <summary>Ends the orders whose time is over and changes the phases of the markets.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CatchUp(long timeNs)
    {
        _day.TryRoll(timeNs);
        while (timeNs >= _orders.NextExpiryNs)
            End(_orders.FirstToExpire, ExecutionReportKind.Expired, timeNs);

        _dueNs = Math.Min(_day.EndNs, _orders.NextExpiryNs);
        for (var i = 0; _enforcesSessions && i < _sessions.Length; i++)
        {
            if (_sessions[i].TryAdvance(timeNs))
                _markets[i].Phase = _sessions[i].Phase;
            _dueNs = Math.Min(_dueNs, _sessions[i].NextNs);
        }
    }

    private int Keep(in VenueOrder order)
    {
        var expireNs = order.TimeInForce switch
        {
            TimeInForce.Day => _enforcesSessions ? _sessions[order.Instrument].CloseNs : _day.EndNs,
            TimeInForce.GoodTillDate => order.ExpireNs,
            _ => long.MaxValue,
        };
        _dueNs = Math.Min(_dueNs, expireNs);
        return _orders.Add(order, expireNs);
    }

    private void Match(ref VenueOrder order, long timeNs)
    {
        var isMarket = order.Type == OrderType.Market;
        var unlimitedE9 = order.Side == Side.Buy ? long.MaxValue : 0;
        var limitE9 = isMarket ? unlimitedE9 : order.LimitE9;
        var maxLevel = isMarket ? _protectionTicks : int.MaxValue;
        ref var opposite = ref OppositeOf(order);
        if (order.TimeInForce == TimeInForce.FillOrKill
            && opposite.Available(order.Leaves, limitE9, maxLevel) < order.Leaves)
            return;

        while (order.Leaves > 0
            && opposite.TryTake(order.Leaves, limitE9, maxLevel, out var taken, out var priceE9))
        {
            order.Cumulative += taken;
            _reports.Trade(order, taken, priceE9, timeNs);
        }
    }

    /// <summary>Does what an order that is in no queue asks for now.</summary>
    private void Work(int slot, long timeNs)
    {
        ref var order = ref _orders[slot].Order;
        var isOpen = _markets[order.Instrument].Phase == TradingPhase.Continuous;
        if (order.IsStop)
        {
            var queue = order.Side == Side.Buy ? Queue.BuyStops : Queue.SellStops;
            if (isOpen && IsTouched(order.Instrument, queue, order.TriggerE9, tradeE9: 0))
                Trigger(slot, timeNs);
            else
                _orders.Join(slot, queue, order.TriggerE9, displayed: 0);
        }
        else if (isOpen)
        {
            Take(slot, timeNs);
        }
        else
        {
            _orders.Join(slot, Queue.Opening, priceE9: 0, displayed: 0);
        }
    }

    /// <summary>Trades an order that is in no queue with the market, and lets it rest or end.</summary>
    private void Take(int slot, long timeNs)
    {
        ref var order = ref _orders[slot].Order;
        Match(ref order, timeNs);
        if (order.Leaves > 0 && order.Type != OrderType.Market)
        {
            Rest(slot);
            return;
        }

        if (order.Leaves > 0)
            _reports.End(ExecutionReportKind.Expired, order, timeNs);
        _orders.Remove(slot);
    }

    private void Rest(int slot)
    {
        ref readonly var order = ref _orders[slot].Order;
        var queue = order.Side == Side.Buy ? Queue.Bids : Queue.Offers;
        _orders.Join(slot, queue, order.LimitE9, SideOf(order.Instrument, queue).DisplayedAt(order.LimitE9));
    }

    private void End(int slot, ExecutionReportKind kind, long timeNs)
    {
        _reports.End(kind, _orders[slot].Order, timeNs);
        _orders.TakeOut(slot);
    }

    /// <summary>Gives our orders of a side their turns in a trade of the market.</summary>
    private void Trade(int instrument, Queue queue, in MarketUpdate update, long timeNs)
    {
        var left = update.TradeQuantity;
        var isPassive = update.Aggressor != (queue == Queue.Bids ? Side.Buy : Side.Sell);
        while (left > 0 && _orders.BestLevel(instrument, queue) is var level and not 0)
        {
            var priceE9 = _orders.PriceOf(level, queue);
            var isThrough = queue == Queue.Bids ? update.TradePriceE9 < priceE9 : update.TradePriceE9 > priceE9;
            if (!isThrough && (update.TradePriceE9 != priceE9 || !isPassive))
                return;

            if (isThrough)
                _orders.ShortenTo(level, 0);
            left = TradeLevel(level, left, SideOf(instrument, queue).DisplayedAt(priceE9), timeNs);
        }
    }

    /// <summary>Takes our orders of a side up to what the market's new quote means for them.</summary>
    private void Quote(int instrument, Queue queue, long timeNs)
    {
        ref var own = ref SideOf(instrument, queue);
        var ownLevel = own.IsQuoted ? _orders.LevelAt(instrument, queue, own.TouchE9) : 0;
        if (ownLevel != 0)
            _orders.ShortenTo(ownLevel, own.DisplayedAt(own.TouchE9));

        // The level behind the touch is an assumption; only what is really displayed comes to a resting order.
        ref var opposite = ref SideOf(instrument, queue == Queue.Bids ? Queue.Offers : Queue.Bids);
        while (opposite.LeftAtTouch > 0 && _orders.BestLevel(instrument, queue) is var level and not 0
            && IsReached(_orders.PriceOf(level, queue), opposite.TouchE9, queue))
        {
            _orders.ShortenTo(level, 0);
            var offered = opposite.LeftAtTouch;
            opposite.TakeAtTouch(offered - TradeLevel(level, offered, displayed: 0, timeNs));
        }
    }

    private bool IsReached(long priceE9, long oppositeE9, Queue queue)
    {
        var overlapE9 = queue == Queue.Bids ? priceE9 - oppositeE9 : oppositeE9 - priceE9;
        return overlapE9 >= 0 && _quoteFill != QuoteFillRule.Never
            && (overlapE9 > 0 || _quoteFill == QuoteFillRule.Reached);
    }

    /// <summary>Trades contracts with a level in the order of its queue, at its price; returns what is left.</summary>
    private int TradeLevel(int level, int left, int displayed, long timeNs)
    {
        while (_orders.HeadOf(level) is var slot and not 0)
        {
            left = _orders.PassMarket(level, slot, left);
            if (left == 0)
                return 0;

            ref var resting = ref _orders[slot];
            var quantity = Math.Min(left, resting.Shown);
            left -= quantity;
            resting.Shown -= quantity;
            resting.Order.Cumulative += quantity;
            _reports.Trade(resting.Order, quantity, resting.Order.LimitE9, timeNs);
            if (resting.Order.Leaves == 0)
                _orders.TakeOut(slot);
            else if (resting.Shown == 0)
                _orders.ShowNextPeak(slot, displayed);
        }

        return left;
    }

    /// <summary>Matches what was collected; a market order waits for the other side's quote.</summary>
    private void Open(int instrument, long timeNs)
    {
        var level = _orders.BestLevel(instrument, Queue.Opening);
        for (var slot = level == 0 ? 0 : _orders.HeadOf(level); slot != 0;)
        {
            var next = _orders[slot].Next;
            ref readonly var order = ref _orders[slot].Order;
            if (order.Type != OrderType.Market || OppositeOf(order).IsQuoted)
            {
                _orders.Leave(slot);
                Take(slot, timeNs);
            }

            slot = next;
        }
    }

    private void TouchStops(int instrument, Queue queue, in MarketUpdate update, long timeNs)
    {
        var tradeE9 = update.TradeQuantity > 0 ? update.TradePriceE9 : 0;
        while (_orders.BestLevel(instrument, queue) is var level and not 0
            && IsTouched(instrument, queue, _orders.PriceOf(level, queue), tradeE9))
        {
            var slot = _orders.HeadOf(level);
            _orders.Leave(slot);
            Trigger(slot, timeNs);
        }
    }

    /// <summary>Whether the market is at a stop's trigger or beyond; <paramref name="tradeE9"/> 0: no trade.</summary>
    private bool IsTouched(int instrument, Queue queue, long triggerE9, long tradeE9)
    {
        ref var opposite = ref SideOf(instrument, queue == Queue.BuyStops ? Queue.Offers : Queue.Bids);
        if (!opposite.IsQuoted)
            return false;

        return queue == Queue.BuyStops
            ? Math.Max(opposite.TouchE9, tradeE9) >= triggerE9
            : opposite.TouchE9 <= triggerE9 || (tradeE9 != 0 && tradeE9 <= triggerE9);
    }

    private void Trigger(int slot, long timeNs)
    {
        ref var order = ref _orders[slot].Order;
        order.Type = order.Type == OrderType.Stop ? OrderType.Market : OrderType.Limit;
        _reports.Tell(ExecutionReportKind.Triggered, order, timeNs);
        Take(slot, timeNs);
    }
}
