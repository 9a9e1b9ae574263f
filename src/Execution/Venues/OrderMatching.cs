using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using Queue = ExecutionPipeline.Execution.Venues.RestingOrders.Queue;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// Lets the orders that rest at a simulated exchange trade with the market that it is shown: in turn with what was
/// traded, with quotes that come to them, at the opening, and as stops that are touched.
/// </summary>
internal sealed class OrderMatching(
    ShownMarkets markets, RestingOrders orders, VenueReports reports, QuoteFillRule quoteFill)
{
    /// <summary>The market has traded, or is quoted anew.</summary>
    public void OnMarket(int instrument, in MarketUpdate update, long timeNs)
    {
        var isOpen = markets[instrument].Phase == TradingPhase.Continuous;
        var isReached = isOpen && orders.CountOf(instrument) > 0;
        if (isReached && update.TradeQuantity > 0)
        {
            Trade(instrument, Queue.Bids, update, timeNs);
            Trade(instrument, Queue.Offers, update, timeNs);
        }

        markets.Show(instrument, update, timeNs);
        if (isReached)
            MeetQuote(instrument, update, timeNs);
    }

    /// <summary>Trading begins, or goes on, with what was shown before: that is its first quote.</summary>
    public void Open(int instrument, long timeNs)
    {
        if (markets[instrument].IsQuoted && orders.CountOf(instrument) > 0)
            MeetQuote(instrument, default, timeNs);
    }

    /// <summary>
    /// Whether an order that is to rest is collected for the opening: before that, and behind what was collected where
    /// no market has been shown since.
    /// </summary>
    public bool IsCollecting(int instrument) => markets[instrument].Phase != TradingPhase.Continuous
        || (!markets[instrument].IsQuoted && orders.BestLevel(instrument, Queue.Opening) != 0);

    /// <summary>Does what an order that is in no queue asks for now.</summary>
    public void Work(int slot, long timeNs)
    {
        ref var order = ref orders[slot].Order;
        var isOpen = markets[order.Instrument].Phase == TradingPhase.Continuous;
        if (order.IsStop)
        {
            var queue = order.Side == Side.Buy ? Queue.BuyStops : Queue.SellStops;
            if (isOpen && IsTouched(order.Instrument, queue, order.TriggerE9, tradeE9: 0))
                Trigger(slot, timeNs);
            else
                orders.Join(slot, queue, order.TriggerE9, displayed: 0);
        }
        else if (!IsCollecting(order.Instrument))
        {
            Take(slot, timeNs);
        }
        else
        {
            orders.Join(slot, Queue.Opening, priceE9: 0, displayed: 0);
        }
    }

    /// <summary>Lets what rests, what was collected and stops trade with the quote that there is now.</summary>
    private void MeetQuote(int instrument, in MarketUpdate update, long timeNs)
    {
        Quote(instrument, Queue.Bids, timeNs);
        Quote(instrument, Queue.Offers, timeNs);
        MatchCollected(instrument, timeNs);
        TouchStops(instrument, Queue.BuyStops, update, timeNs);
        TouchStops(instrument, Queue.SellStops, update, timeNs);
    }

    /// <summary>Trades an order that is in no queue with the market, and lets it rest or end.</summary>
    private void Take(int slot, long timeNs)
    {
        ref var order = ref orders[slot].Order;
        markets.Match(ref order, reports, timeNs);
        if (order.Leaves > 0 && order.Type != OrderType.Market)
        {
            Rest(slot);
            return;
        }

        if (order.Leaves > 0)
            reports.End(ExecutionReportKind.Expired, order, timeNs);
        orders.Remove(slot);
    }

    /// <summary>Puts an order that is in no queue behind what is displayed at its limit.</summary>
    public void Rest(int slot)
    {
        ref readonly var order = ref orders[slot].Order;
        var queue = order.Side == Side.Buy ? Queue.Bids : Queue.Offers;
        orders.Join(slot, queue, order.LimitE9, markets.SideOf(order.Instrument, queue).DisplayedAt(order.LimitE9));
    }

    /// <summary>Gives our orders of a side their turns in a trade of the market.</summary>
    private void Trade(int instrument, Queue queue, in MarketUpdate update, long timeNs)
    {
        var left = update.TradeQuantity;
        var isPassive = update.Aggressor != (queue == Queue.Bids ? Side.Buy : Side.Sell);
        while (left > 0 && orders.BestLevel(instrument, queue) is var level and not 0)
        {
            var priceE9 = orders.PriceOf(level, queue);
            var isThrough = queue == Queue.Bids ? update.TradePriceE9 < priceE9 : update.TradePriceE9 > priceE9;
            if (!isThrough && (update.TradePriceE9 != priceE9 || !isPassive))
                return;

            if (isThrough)
                orders.ShortenTo(level, 0);
            left = TradeLevel(level, left, markets.SideOf(instrument, queue).DisplayedAt(priceE9), timeNs);
        }
    }

    /// <summary>Takes our orders of a side up to what the market's new quote means for them.</summary>
    private void Quote(int instrument, Queue queue, long timeNs)
    {
        ref var own = ref markets.SideOf(instrument, queue);
        if (own.IsQuoted)
            ForgetBetter(instrument, queue, own.TouchE9);
        var ownLevel = own.IsQuoted ? orders.LevelAt(instrument, queue, own.TouchE9) : 0;
        if (ownLevel != 0)
            orders.ShortenTo(ownLevel, own.DisplayedAt(own.TouchE9));

        // The level behind the touch is an assumption; only what is really displayed comes to a resting order.
        ref var opposite = ref markets.SideOf(instrument, queue == Queue.Bids ? Queue.Offers : Queue.Bids);
        while (opposite.LeftAtTouch > 0 && orders.BestLevel(instrument, queue) is var level and not 0
            && IsReached(orders.PriceOf(level, queue), opposite.TouchE9, queue))
        {
            orders.ShortenTo(level, 0);
            var offered = opposite.LeftAtTouch;
            opposite.TakeAtTouch(offered - TradeLevel(level, offered, displayed: 0, timeNs));
        }
    }

    /// <summary>The market shows no price beyond its touch: before our orders there nobody stands any more.</summary>
    private void ForgetBetter(int instrument, Queue queue, long touchE9)
    {
        for (var level = orders.BestLevel(instrument, queue); level != 0; level = orders.LevelAfter(level))
        {
            var priceE9 = orders.PriceOf(level, queue);
            if (queue == Queue.Bids ? priceE9 <= touchE9 : priceE9 >= touchE9)
                return;

            orders.ShortenTo(level, 0);
        }
    }

    private bool IsReached(long priceE9, long oppositeE9, Queue queue)
    {
        var overlapE9 = queue == Queue.Bids ? priceE9 - oppositeE9 : oppositeE9 - priceE9;
        return overlapE9 >= 0 && quoteFill != QuoteFillRule.Never
            && (overlapE9 > 0 || quoteFill == QuoteFillRule.Reached);
    }

    /// <summary>Trades contracts with a level in the order of its queue, at its price; returns what is left.</summary>
    private int TradeLevel(int level, int left, int displayed, long timeNs)
    {
        while (orders.HeadOf(level) is var slot and not 0)
        {
            left = orders.PassMarket(level, slot, left);
            if (left == 0)
                return 0;

            ref var resting = ref orders[slot];
            var quantity = Math.Min(left, resting.Shown);
            left -= quantity;
            resting.Shown -= quantity;
            resting.Order.Cumulative += quantity;
            reports.Trade(resting.Order, quantity, resting.Order.LimitE9, timeNs);
            if (resting.Order.Leaves == 0)
                orders.TakeOut(slot);
            else if (resting.Shown == 0)
                orders.ShowNextPeak(slot, displayed);
        }

        return left;
    }

    /// <summary>Matches what was collected; a market order waits for the other side's quote.</summary>
    private void MatchCollected(int instrument, long timeNs)
    {
        var level = orders.BestLevel(instrument, Queue.Opening);
        for (var slot = level == 0 ? 0 : orders.HeadOf(level); slot != 0;)
        {
            var next = orders[slot].Next;
            ref readonly var order = ref orders[slot].Order;
            if (order.Type != OrderType.Market || markets.OppositeOf(order).IsQuoted)
            {
                orders.Leave(slot);
                Take(slot, timeNs);
            }

            slot = next;
        }
    }

    private void TouchStops(int instrument, Queue queue, in MarketUpdate update, long timeNs)
    {
        var tradeE9 = update.TradeQuantity > 0 ? update.TradePriceE9 : 0;
        while (orders.BestLevel(instrument, queue) is var level and not 0
            && IsTouched(instrument, queue, orders.PriceOf(level, queue), tradeE9))
        {
            var slot = orders.HeadOf(level);
            orders.Leave(slot);
            Trigger(slot, timeNs);
        }
    }

    /// <summary>Whether the market is at a stop's trigger or beyond; <paramref name="tradeE9"/> 0: no trade.</summary>
    private bool IsTouched(int instrument, Queue queue, long triggerE9, long tradeE9)
    {
        ref var opposite = ref markets.SideOf(instrument, queue == Queue.BuyStops ? Queue.Offers : Queue.Bids);
        if (!opposite.IsQuoted)
            return false;

        return queue == Queue.BuyStops
            ? Math.Max(opposite.TouchE9, tradeE9) >= triggerE9
            : opposite.TouchE9 <= triggerE9 || (tradeE9 != 0 && tradeE9 <= triggerE9);
    }

    private void Trigger(int slot, long timeNs)
    {
        ref var order = ref orders[slot].Order;
        order.Type = order.Type == OrderType.Stop ? OrderType.Market : OrderType.Limit;
        reports.Tell(ExecutionReportKind.Triggered, order, timeNs);
        Take(slot, timeNs);
    }
}
