using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// ORDER_STATUS_CHANGE read in place. An order was sent, or a venue's report changed its state. Times are
/// nanoseconds since the Unix epoch, UTC. A field beyond the block's end reads as null.
/// </summary>
public readonly ref struct OrderStatusChangeDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public OrderStatusChangeDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The time of the event that changed it.</summary>
    public long TimeNs => BlockReader.Int64(_block, OrderStatusChangeLayout.TimeNsOffset);

    /// <summary>The pipeline's id of the order.</summary>
    public ulong OrderId => BlockReader.UInt64(_block, OrderStatusChangeLayout.OrderIdOffset);

    /// <summary>The signal that the order came from; 0 for an operator's.</summary>
    public ulong SignalId => BlockReader.UInt64(_block, OrderStatusChangeLayout.SignalIdOffset);

    /// <summary>The venue's id of the execution; null when the venue reported none.</summary>
    public ulong ExecutionId => BlockReader.UInt64(_block, OrderStatusChangeLayout.ExecutionIdOffset);

    /// <summary>Limit in 1e-9; null for a market order.</summary>
    public long LimitPriceE9 => BlockReader.Int64(_block, OrderStatusChangeLayout.LimitPriceOffset);

    /// <summary>Average price of the executions so far in 1e-9; null before the first.</summary>
    public long AveragePriceE9 => BlockReader.Int64(_block, OrderStatusChangeLayout.AveragePriceOffset);

    /// <summary>Price of this execution in 1e-9; null but for a trade.</summary>
    public long LastPriceE9 => BlockReader.Int64(_block, OrderStatusChangeLayout.LastPriceOffset);

    /// <summary>Planned stop-loss level in 1e-9; null when there is none.</summary>
    public long StopPriceE9 => BlockReader.Int64(_block, OrderStatusChangeLayout.StopPriceOffset);

    /// <summary>Planned take-profit level in 1e-9; null when there is none.</summary>
    public long TargetPriceE9 => BlockReader.Int64(_block, OrderStatusChangeLayout.TargetPriceOffset);

    /// <summary>The price that the decision was made at in 1e-9; null when there was none.</summary>
    public long ArrivalPriceE9 => BlockReader.Int64(_block, OrderStatusChangeLayout.ArrivalPriceOffset);

    /// <summary>The configured id of the instrument.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, OrderStatusChangeLayout.InstrumentIdOffset);

    /// <summary>Contracts ordered.</summary>
    public int Quantity => BlockReader.Int32(_block, OrderStatusChangeLayout.QuantityOffset);

    /// <summary>Contracts executed so far.</summary>
    public int CumulativeQuantity => BlockReader.Int32(_block, OrderStatusChangeLayout.CumulativeQuantityOffset);

    /// <summary>Contracts still open for execution.</summary>
    public int LeavesQuantity => BlockReader.Int32(_block, OrderStatusChangeLayout.LeavesQuantityOffset);

    /// <summary>Contracts of this execution; 0 but for a trade.</summary>
    public int LastQuantity => BlockReader.Int32(_block, OrderStatusChangeLayout.LastQuantityOffset);

    /// <summary>The state after the event.</summary>
    public OrderStatus Status => (OrderStatus)BlockReader.UInt8(_block, OrderStatusChangeLayout.StatusOffset);

    /// <summary>The state before the event.</summary>
    public OrderStatus PreviousStatus =>
        (OrderStatus)BlockReader.UInt8(_block, OrderStatusChangeLayout.PreviousStatusOffset);

    /// <summary>Buy or sell.</summary>
    public Side Side => (Side)BlockReader.UInt8(_block, OrderStatusChangeLayout.SideOffset);

    /// <summary>Market, limit, stop or stop-limit.</summary>
    public OrderType Type => (OrderType)BlockReader.UInt8(_block, OrderStatusChangeLayout.TypeOffset);

    /// <summary>How long the order stands.</summary>
    public TimeInForce TimeInForce => (TimeInForce)BlockReader.UInt8(_block, OrderStatusChangeLayout.TimeInForceOffset);

    /// <summary>How the decision was to be executed.</summary>
    public ExecutionStrategy Strategy =>
        (ExecutionStrategy)BlockReader.UInt8(_block, OrderStatusChangeLayout.StrategyOffset);

    /// <summary>Why the venue refused it, if it did.</summary>
    public VenueRejectReason RejectReason =>
        (VenueRejectReason)BlockReader.UInt8(_block, OrderStatusChangeLayout.RejectReasonOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out OrderStatusChangeDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, OrderStatusChangeLayout.TemplateId, out var block);
        decoder = new OrderStatusChangeDecoder(block);
        return isFound;
    }
}
