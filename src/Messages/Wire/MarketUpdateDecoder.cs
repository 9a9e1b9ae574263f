using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// MARKET_UPDATE read in place. The best bid and offer after an update and, where its quantity is positive, the
/// trade that came with it. Times are nanoseconds since the Unix epoch, UTC. A field beyond the block's end reads
/// as null.
/// </summary>
public readonly ref struct MarketUpdateDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public MarketUpdateDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The configured id of the instrument.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, MarketUpdateLayout.InstrumentIdOffset);

    /// <summary>The side that took liquidity; none when there is no trade or the venue does not say.</summary>
    public Side Aggressor => (Side)BlockReader.UInt8(_block, MarketUpdateLayout.AggressorOffset);

    /// <summary>Best bid in 1e-9; null when there is none.</summary>
    public long BidPriceE9 => BlockReader.Int64(_block, MarketUpdateLayout.BidPriceOffset);

    /// <summary>Best offer in 1e-9; null when there is none.</summary>
    public long AskPriceE9 => BlockReader.Int64(_block, MarketUpdateLayout.AskPriceOffset);

    /// <summary>Contracts at the best bid; 0 when there is none.</summary>
    public int BidQuantity => BlockReader.Int32(_block, MarketUpdateLayout.BidQuantityOffset);

    /// <summary>Contracts at the best offer; 0 when there is none.</summary>
    public int AskQuantity => BlockReader.Int32(_block, MarketUpdateLayout.AskQuantityOffset);

    /// <summary>Orders at the best bid; 0 when unknown.</summary>
    public int BidOrders => BlockReader.Int32(_block, MarketUpdateLayout.BidOrdersOffset);

    /// <summary>Orders at the best offer; 0 when unknown.</summary>
    public int AskOrders => BlockReader.Int32(_block, MarketUpdateLayout.AskOrdersOffset);

    /// <summary>Price of the trade in 1e-9; null when there is none.</summary>
    public long TradePriceE9 => BlockReader.Int64(_block, MarketUpdateLayout.TradePriceOffset);

    /// <summary>Contracts traded; 0 when there is no trade.</summary>
    public int TradeQuantity => BlockReader.Int32(_block, MarketUpdateLayout.TradeQuantityOffset);

    /// <summary>The venue's time of the update.</summary>
    public long ExchangeTimeNs => BlockReader.Int64(_block, MarketUpdateLayout.ExchangeTimeNsOffset);

    /// <summary>When the update was sent to the pipeline.</summary>
    public long SendTimeNs => BlockReader.Int64(_block, MarketUpdateLayout.SendTimeNsOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out MarketUpdateDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, MarketUpdateLayout.TemplateId, out var block);
        decoder = new MarketUpdateDecoder(block);
        return isFound;
    }
}
