using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// MARKET_UPDATE written in place. Units are those of <see cref="MarketUpdateDecoder"/>. A field that is not set is
/// 0, or null where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct MarketUpdateEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + MarketUpdateLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public MarketUpdateEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, MarketUpdateLayout.TemplateId, MarketUpdateLayout.BlockLength);
        BlockWriter.Write(_block, MarketUpdateLayout.BidPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, MarketUpdateLayout.AskPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, MarketUpdateLayout.TradePriceOffset, WireNull.Int64);
    }

    public uint InstrumentId { set => BlockWriter.Write(_block, MarketUpdateLayout.InstrumentIdOffset, value); }

    public Side Aggressor { set => BlockWriter.Write(_block, MarketUpdateLayout.AggressorOffset, (byte)value); }

    public long BidPriceE9 { set => BlockWriter.Write(_block, MarketUpdateLayout.BidPriceOffset, value); }

    public long AskPriceE9 { set => BlockWriter.Write(_block, MarketUpdateLayout.AskPriceOffset, value); }

    public int BidQuantity { set => BlockWriter.Write(_block, MarketUpdateLayout.BidQuantityOffset, value); }

    public int AskQuantity { set => BlockWriter.Write(_block, MarketUpdateLayout.AskQuantityOffset, value); }

    public int BidOrders { set => BlockWriter.Write(_block, MarketUpdateLayout.BidOrdersOffset, value); }

    public int AskOrders { set => BlockWriter.Write(_block, MarketUpdateLayout.AskOrdersOffset, value); }

    public long TradePriceE9 { set => BlockWriter.Write(_block, MarketUpdateLayout.TradePriceOffset, value); }

    public int TradeQuantity { set => BlockWriter.Write(_block, MarketUpdateLayout.TradeQuantityOffset, value); }

    public long ExchangeTimeNs { set => BlockWriter.Write(_block, MarketUpdateLayout.ExchangeTimeNsOffset, value); }

    public long SendTimeNs { set => BlockWriter.Write(_block, MarketUpdateLayout.SendTimeNsOffset, value); }
}
