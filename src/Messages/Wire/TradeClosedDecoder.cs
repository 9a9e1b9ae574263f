using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// TRADE_CLOSED read in place. A round trip ended. Times are nanoseconds since the Unix epoch, UTC. A field beyond
/// the block's end reads as null.
/// </summary>
public readonly ref struct TradeClosedDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public TradeClosedDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The pipeline's id of the round trip.</summary>
    public ulong TradeId => BlockReader.UInt64(_block, TradeClosedLayout.TradeIdOffset);

    /// <summary>The order whose execution ended it.</summary>
    public ulong OrderId => BlockReader.UInt64(_block, TradeClosedLayout.OrderIdOffset);

    /// <summary>When the position was opened.</summary>
    public long EntryTimeNs => BlockReader.Int64(_block, TradeClosedLayout.EntryTimeNsOffset);

    /// <summary>When it was closed: the time of the event.</summary>
    public long ExitTimeNs => BlockReader.Int64(_block, TradeClosedLayout.ExitTimeNsOffset);

    /// <summary>Average entry price in 1e-9.</summary>
    public long EntryPriceE9 => BlockReader.Int64(_block, TradeClosedLayout.EntryPriceOffset);

    /// <summary>Average exit price in 1e-9.</summary>
    public long ExitPriceE9 => BlockReader.Int64(_block, TradeClosedLayout.ExitPriceOffset);

    /// <summary>Before fees, in 1e-6 of the account's currency.</summary>
    public long GrossPnlE6 => BlockReader.Int64(_block, TradeClosedLayout.GrossPnlOffset);

    /// <summary>Of entry and exit, in 1e-6 of the account's currency.</summary>
    public long FeesE6 => BlockReader.Int64(_block, TradeClosedLayout.FeesOffset);

    /// <summary>After fees, in 1e-6 of the account's currency.</summary>
    public long NetPnlE6 => BlockReader.Int64(_block, TradeClosedLayout.NetPnlOffset);

    /// <summary>The configured id of the instrument.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, TradeClosedLayout.InstrumentIdOffset);

    /// <summary>Contracts closed over the trade's life.</summary>
    public int Quantity => BlockReader.Int32(_block, TradeClosedLayout.QuantityOffset);

    /// <summary>The side that opened it.</summary>
    public Side Side => (Side)BlockReader.UInt8(_block, TradeClosedLayout.SideOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out TradeClosedDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, TradeClosedLayout.TemplateId, out var block);
        decoder = new TradeClosedDecoder(block);
        return isFound;
    }
}
