using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// TRADE_CLOSED written in place. Units are those of <see cref="TradeClosedDecoder"/>. A field that is not set is
/// 0, or null where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct TradeClosedEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + TradeClosedLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public TradeClosedEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, TradeClosedLayout.TemplateId, TradeClosedLayout.BlockLength);
        BlockWriter.Write(_block, TradeClosedLayout.EntryPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, TradeClosedLayout.ExitPriceOffset, WireNull.Int64);
    }

    public ulong TradeId { set => BlockWriter.Write(_block, TradeClosedLayout.TradeIdOffset, value); }

    public ulong OrderId { set => BlockWriter.Write(_block, TradeClosedLayout.OrderIdOffset, value); }

    public long EntryTimeNs { set => BlockWriter.Write(_block, TradeClosedLayout.EntryTimeNsOffset, value); }

    public long ExitTimeNs { set => BlockWriter.Write(_block, TradeClosedLayout.ExitTimeNsOffset, value); }

    public long EntryPriceE9 { set => BlockWriter.Write(_block, TradeClosedLayout.EntryPriceOffset, value); }

    public long ExitPriceE9 { set => BlockWriter.Write(_block, TradeClosedLayout.ExitPriceOffset, value); }

    public long GrossPnlE6 { set => BlockWriter.Write(_block, TradeClosedLayout.GrossPnlOffset, value); }

    public long FeesE6 { set => BlockWriter.Write(_block, TradeClosedLayout.FeesOffset, value); }

    public long NetPnlE6 { set => BlockWriter.Write(_block, TradeClosedLayout.NetPnlOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, TradeClosedLayout.InstrumentIdOffset, value); }

    public int Quantity { set => BlockWriter.Write(_block, TradeClosedLayout.QuantityOffset, value); }

    public Side Side { set => BlockWriter.Write(_block, TradeClosedLayout.SideOffset, (byte)value); }
}
