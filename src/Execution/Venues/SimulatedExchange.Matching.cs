using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>An incoming order against the book.</summary>
public sealed partial class SimulatedExchange
{
    private void Match(in Order order, long timeNs)
    {
        var isMarket = order.Type == OrderType.Market;
        var unlimitedE9 = order.Side == Side.Buy ? long.MaxValue : 0;
        var limitE9 = isMarket ? unlimitedE9 : order.LimitPriceE9;
        var maxLevel = isMarket ? _protectionTicks : int.MaxValue;
        ref var opposite = ref OppositeOf(order.Side, order.InstrumentIndex);
        var left = order.Quantity;
        var isKilled = order.TimeInForce == TimeInForce.FillOrKill
            && opposite.Available(left, limitE9, maxLevel) < left;

        while (!isKilled && left > 0 && opposite.TryTake(left, limitE9, maxLevel, out var taken, out var priceE9))
        {
            left -= taken;
            ReportTrade(order, taken, order.Quantity - left, priceE9, timeNs);
        }

        if (left == 0)
            return;

        if (isMarket || order.IsImmediate)
            Report(ExecutionReportKind.Expired, order, 0, left, timeNs, cumulative: order.Quantity - left);
        else
            Rest(order, left);
    }

    private void Rest(in Order order, int left)
    {
        ref var count = ref _restingCount[order.InstrumentIndex];
        var orders = _resting[order.InstrumentIndex];
        var ahead = OwnSideOf(order.Side, order.InstrumentIndex).DisplayedAt(order.LimitPriceE9);
        foreach (ref readonly var other in orders.AsSpan(0, count))
        {
            if (other.Side == order.Side && other.LimitPriceE9 == order.LimitPriceE9)
                ahead += other.LeavesQuantity;
        }

        orders[count++] = new RestingOrder
        {
            OrderId = order.OrderId,
            Side = order.Side,
            TimeInForce = order.TimeInForce,
            LimitPriceE9 = order.LimitPriceE9,
            Quantity = order.Quantity,
            CumulativeQuantity = order.Quantity - left,
            QueueAhead = ahead,
        };
    }
}
