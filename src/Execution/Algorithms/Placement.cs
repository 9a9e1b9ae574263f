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

    private static readonly ChildTarget TooDear = new() { IsDone = true, IsTooDear = true };

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

        // The market may come back: only when there is no time left is the order given up.
        var isOver = market.TimeNs >= parent.EndNs;
        return isOver && onTooDear == TooDearAction.Cancel
            ? TooDear
            : AtLimit(quantity, parent.LimitPriceE9, wakeNs);
    }

    /// <summary>
    /// Whether the market has moved against the order and little is left until the limit price: then what is left is
    /// taken while it may be.
    /// </summary>
    /// <param name="parent">With its arrival and limit price.</param>
    /// <param name="market">Of its instrument, now.</param>
    /// <param name="runawayShare">Of the way from the arrival to the limit price; 1: never.</param>
    public static bool IsRunningAway(in ParentOrder parent, in MarketView market, double runawayShare)
    {
        if (parent.LimitPriceE9 == 0 || runawayShare >= 1 || market.MarkPriceE9 <= 0)
            return false;

        var hasMoved = parent.Sign * (market.MarkPriceE9 - parent.ArrivalPriceE9) > 0;
        var wayE9 = parent.Sign * (parent.LimitPriceE9 - parent.ArrivalPriceE9);
        var leftE9 = parent.Sign * (parent.LimitPriceE9 - market.FarTouchE9(parent.Side));
        return hasMoved && leftE9 >= 0 && leftE9 <= (1 - runawayShare) * wayE9;
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
