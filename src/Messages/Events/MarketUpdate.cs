using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// The best bid and offer after an update and, where <see cref="TradeQuantity"/> is positive, the trade that came
/// with it. A side without orders has price <see cref="NoPrice"/> and quantity 0.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct MarketUpdate
{
    /// <summary>Marks an absent price, on the ring and on the wire (SBE's int64 null value).</summary>
    public const long NoPrice = long.MinValue;

    [FieldOffset(0)] public long BidPriceE9;
    [FieldOffset(8)] public long AskPriceE9;

    /// <summary>Contracts at the best bid.</summary>
    [FieldOffset(16)] public int BidQuantity;

    /// <summary>Contracts at the best offer.</summary>
    [FieldOffset(20)] public int AskQuantity;

    /// <summary>Orders at the best bid.</summary>
    [FieldOffset(24)] public int BidOrders;

    /// <summary>Orders at the best offer.</summary>
    [FieldOffset(28)] public int AskOrders;

    [FieldOffset(32)] public long TradePriceE9;
    [FieldOffset(40)] public int TradeQuantity;
    [FieldOffset(44)] public Side Aggressor;

    /// <summary>The venue's time of the update.</summary>
    [FieldOffset(48)] public long ExchangeTimeNs;

    [FieldOffset(56)] public long SendTimeNs;
}
