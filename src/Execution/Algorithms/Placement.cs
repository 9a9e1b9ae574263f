using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// Where a child order is placed: it rests at the near touch, or crosses the spread with the far touch as its limit. It
/// never passes the parent's limit price. Both are day orders with a limit, so that a crossing replaces the resting
/// order, and nothing is at the venue twice.
/// </summary>
internal static class Placement
{
    public static readonly ChildTarget Done = new() { IsDone = true };

    public static ChildTarget Wait(long wakeNs) => new() { WakeNs = wakeNs };

    public static ChildTarget Rest(in ParentOrder parent, in MarketView market, int quantity, long wakeNs)
    {
        if (market.MarkPriceE9 <= 0)
            return Wait(wakeNs);

        var nearE9 = market.NearTouchE9(parent.Side);
        return AtLimit(quantity, IsBeyondLimit(parent, nearE9) ? parent.LimitPriceE9 : nearE9, wakeNs);
    }

    public static ChildTarget Cross(
        in ParentOrder parent, in MarketView market, int quantity, long wakeNs, TooDearAction onTooDear)
    {
        if (market.MarkPriceE9 <= 0)
            return Wait(wakeNs);

        var farE9 = market.FarTouchE9(parent.Side);
        if (!IsBeyondLimit(parent, farE9))
            return AtLimit(quantity, farE9, wakeNs);

        return onTooDear == TooDearAction.Cancel ? Done : AtLimit(quantity, parent.LimitPriceE9, wakeNs);
    }

    private static bool IsBeyondLimit(in ParentOrder parent, long priceE9) =>
        parent.LimitPriceE9 != 0 && parent.Sign * (priceE9 - parent.LimitPriceE9) > 0;

    private static ChildTarget AtLimit(int quantity, long priceE9, long wakeNs) => new()
    {
        Quantity = quantity,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.Day,
        LimitPriceE9 = priceE9,
        WakeNs = wakeNs,
    };
}
