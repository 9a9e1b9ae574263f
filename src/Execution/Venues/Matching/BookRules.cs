using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>What a matching book takes, whatever rests in it: phases, types, quantities, prices.</summary>
internal sealed class BookRules(MatchingBookOptions options)
{
    private readonly int _levels = options.MaxPriceTicks - options.MinPriceTicks + 1;

    /// <summary>Whether an order's price is a limit: another's is not used.</summary>
    public static bool HasLimit(OrderType type) => type is OrderType.Limit or OrderType.StopLimit;

    /// <summary>A market order takes part in an auction at the end of the book's range.</summary>
    public int AuctionTicks(in BookOrderRequest order)
    {
        var atMarket = order.Side == Side.Buy ? options.MaxPriceTicks : options.MinPriceTicks;
        return HasLimit(order.Type) ? order.PriceTicks : atMarket;
    }

    public bool IsInRange(int ticks) => (uint)(ticks - options.MinPriceTicks) < (uint)_levels;

    /// <summary>Why a new order is refused.</summary>
    public BookRejectReason Check(in BookOrderRequest order, TradingPhase phase)
    {
        if (phase is TradingPhase.Halted or TradingPhase.Closed)
            return BookRejectReason.WrongPhase;
        if (order.OrderId == 0 || order.Side is not (Side.Buy or Side.Sell) || !IsKnown(in order))
            return BookRejectReason.InvalidOrder;
        if (!IsQuantity(order.Quantity) || order.PeakQuantity < 0 || order.PeakQuantity > order.Quantity
            || order.PeakQuantity % options.LotSize != 0)
            return BookRejectReason.InvalidQuantity;
        if (order.Type is OrderType.Limit or OrderType.StopLimit && !IsInRange(order.PriceTicks))
            return BookRejectReason.InvalidPrice;
        if (order.Type is OrderType.Stop or OrderType.StopLimit && !IsInRange(order.StopTicks))
            return BookRejectReason.InvalidPrice;

        var isImmediate = order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        return isImmediate && phase == TradingPhase.Auction ? BookRejectReason.WrongPhase : BookRejectReason.None;
    }

    /// <summary>Why other terms of an order that rests, or waits for its trigger, are refused.</summary>
    public BookRejectReason CheckTerms(
        OrderType type, bool isWaiting, int priceTicks, int quantity, int stopTicks, TradingPhase phase)
    {
        if (phase is TradingPhase.Halted or TradingPhase.Closed)
            return BookRejectReason.WrongPhase;
        if (!IsQuantity(quantity))
            return BookRejectReason.InvalidQuantity;

        return (HasLimit(type) && !IsInRange(priceTicks)) || (isWaiting && !IsInRange(stopTicks))
            ? BookRejectReason.InvalidPrice
            : BookRejectReason.None;
    }

    private static bool IsKnown(in BookOrderRequest order) => order.Type switch
    {
        OrderType.Market => order.PeakQuantity == 0 && Enum.IsDefined(order.TimeInForce),
        OrderType.Limit => Enum.IsDefined(order.TimeInForce),
        OrderType.Stop =>
            order.PeakQuantity == 0 && order.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel,
        OrderType.StopLimit => order.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel,
        _ => false,
    };

    private bool IsQuantity(int quantity) => quantity > 0 && quantity % options.LotSize == 0;
}
