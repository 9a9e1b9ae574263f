using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>Resting orders against trades and quotes. They are kept in order of arrival.</summary>
public sealed partial class SimulatedExchange
{
    private void TradeResting(int instrument, in MarketUpdate update, long timeNs)
    {
        var through = update.TradeQuantity;
        for (var i = 0; i < _restingCount[instrument];)
        {
            ref var order = ref _resting[instrument][i];
            var executed = 0;
            if (order.LimitPriceE9 == update.TradePriceE9 && IsPassive(order.Side, update.Aggressor))
            {
                executed = Math.Clamp(update.TradeQuantity - order.QueueAhead, 0, order.LeavesQuantity);
                order.QueueAhead = Math.Max(0, order.QueueAhead - update.TradeQuantity);
            }
            else if (IsThrough(order, update.TradePriceE9))
            {
                executed = Math.Min(through, order.LeavesQuantity);
                through -= executed;
                order.QueueAhead = 0;
            }

            if (!TryExecuteResting(instrument, i, executed, timeNs))
                i++;
        }
    }

    private void QuoteResting(int instrument, long timeNs)
    {
        ref var bids = ref _bids[instrument];
        ref var asks = ref _asks[instrument];
        var ownAtBid = 0;
        var ownAtAsk = 0;
        for (var i = 0; i < _restingCount[instrument];)
        {
            ref var order = ref _resting[instrument][i];
            if (bids.IsQuoted && order.Side == Side.Buy && order.LimitPriceE9 == bids.TouchE9)
                Shorten(ref order, bids.DisplayedAt(order.LimitPriceE9), ref ownAtBid);
            else if (asks.IsQuoted && order.Side == Side.Sell && order.LimitPriceE9 == asks.TouchE9)
                Shorten(ref order, asks.DisplayedAt(order.LimitPriceE9), ref ownAtAsk);

            // The level behind the touch is an assumption; only what is really displayed comes to a resting order.
            ref var opposite = ref OppositeOf(order.Side, instrument);
            opposite.TryTake(order.LeavesQuantity, order.LimitPriceE9, 0, out var executed, out _);
            if (!TryExecuteResting(instrument, i, executed, timeNs))
                i++;
        }
    }

    /// <summary>Nobody stands before an order but what is displayed and our own earlier orders.</summary>
    private static void Shorten(ref RestingOrder order, int displayed, ref int ownAhead)
    {
        order.QueueAhead = Math.Min(order.QueueAhead, displayed + ownAhead);
        ownAhead += order.LeavesQuantity;
    }

    private static bool IsPassive(Side side, Side aggressor) => aggressor == Side.None || aggressor != side;

    private static bool IsThrough(in RestingOrder order, long tradePriceE9) =>
        order.Side == Side.Buy ? tradePriceE9 < order.LimitPriceE9 : tradePriceE9 > order.LimitPriceE9;

    /// <summary>Executes at the order's limit. Returns whether the order ended and another took its place.</summary>
    private bool TryExecuteResting(int instrument, int place, int quantity, long timeNs)
    {
        if (quantity == 0)
            return false;

        ref var order = ref _resting[instrument][place];
        order.CumulativeQuantity += quantity;
        ReportTrade(instrument, order, quantity, timeNs);
        if (order.LeavesQuantity > 0)
            return false;

        Remove(instrument, place);
        return true;
    }

    private void ExpireDayOrders(long timeNs)
    {
        for (var instrument = 0; instrument < _resting.Length; instrument++)
        {
            for (var i = 0; i < _restingCount[instrument];)
            {
                if (_resting[instrument][i].TimeInForce == TimeInForce.Day)
                    EndResting(ExecutionReportKind.Expired, instrument, i, timeNs);
                else
                    i++;
            }
        }
    }

    private void EndResting(ExecutionReportKind kind, int instrument, int place, long timeNs)
    {
        var ended = _resting[instrument][place];
        Report(kind, instrument, ended, timeNs);
        Remove(instrument, place);
        foreach (ref var later in _resting[instrument].AsSpan(place, _restingCount[instrument] - place))
        {
            if (later.Side == ended.Side && later.LimitPriceE9 == ended.LimitPriceE9)
                later.QueueAhead = Math.Max(0, later.QueueAhead - ended.LeavesQuantity);
        }
    }

    private void Remove(int instrument, int place)
    {
        var orders = _resting[instrument];
        var count = --_restingCount[instrument];
        Array.Copy(orders, place + 1, orders, place, count - place);
    }
}
