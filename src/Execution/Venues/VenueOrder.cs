using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>An order as a venue keeps it. Prices in 1e-9.</summary>
internal struct VenueOrder
{
    public ulong OrderId;
    public int Instrument;
    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public int Quantity;
    public int Cumulative;

    /// <summary>What an iceberg shows at a time; 0 shows all.</summary>
    public int Peak;

    public long LimitE9;
    public long TriggerE9;
    public long ExpireNs;

    public VenueOrder(in Order order)
    {
        OrderId = order.OrderId;
        Instrument = order.InstrumentIndex;
        Side = order.Side;
        Type = order.Type;
        TimeInForce = order.TimeInForce;
        Quantity = order.Quantity;
        Cumulative = 0;
        Peak = order.PeakQuantity;
        LimitE9 = order.LimitPriceE9;
        TriggerE9 = order.TriggerPriceE9;
        ExpireNs = order.ExpireNs;
    }

    public readonly int Leaves => Quantity - Cumulative;

    public readonly bool IsStop => Type is OrderType.Stop or OrderType.StopLimit;

    public readonly bool IsImmediate => TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;

    /// <summary>Whether a phase takes the order.</summary>
    public readonly VenueRejectReason CheckPhase(TradingPhase phase) => phase switch
    {
        TradingPhase.Closed => VenueRejectReason.MarketClosed,
        TradingPhase.Halted => VenueRejectReason.MarketHalted,
        TradingPhase.Auction when IsImmediate => VenueRejectReason.AuctionCall,
        _ => VenueRejectReason.None,
    };

    /// <summary>Whether a phase and an instrument take other terms of the order.</summary>
    public readonly VenueRejectReason CheckTerms(in OrderTerms terms, Instrument instrument, TradingPhase phase)
    {
        if (phase is TradingPhase.Halted or TradingPhase.Closed)
            return CheckPhase(phase);
        if (terms.Quantity <= 0)
            return VenueRejectReason.InvalidQuantity;

        return IsPriced(instrument, terms.LimitPriceE9, terms.TriggerPriceE9)
            ? VenueRejectReason.None
            : VenueRejectReason.InvalidPrice;
    }

    /// <summary>
    /// Whether type, time in force, expiry and peak go together. A stop waits, so it cannot be immediate; only a limit
    /// order can hide contracts.
    /// </summary>
    public readonly bool IsKnown(long timeNs)
    {
        var isOfType = Type is >= OrderType.Market and <= OrderType.StopLimit
            && (!IsStop || !IsImmediate)
            && (Peak == 0 || Type is OrderType.Limit or OrderType.StopLimit);
        return isOfType && (TimeInForce == TimeInForce.GoodTillDate
            ? ExpireNs > timeNs
            : IsImmediate || TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel);
    }

    /// <summary>Whether the prices that an order of its type needs are prices of the instrument.</summary>
    public readonly bool IsPriced(Instrument instrument, long limitE9, long triggerE9) =>
        (Type is OrderType.Market or OrderType.Stop || instrument.IsPrice(limitE9))
        && (!IsStop || instrument.IsPrice(triggerE9));
}
