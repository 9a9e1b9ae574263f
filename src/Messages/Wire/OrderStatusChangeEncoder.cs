using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// ORDER_STATUS_CHANGE written in place. Units are those of <see cref="OrderStatusChangeDecoder"/>. A field that is
/// not set is 0, or null where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct OrderStatusChangeEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + OrderStatusChangeLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public OrderStatusChangeEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, OrderStatusChangeLayout.TemplateId, OrderStatusChangeLayout.BlockLength);
        BlockWriter.Write(_block, OrderStatusChangeLayout.ExecutionIdOffset, WireNull.UInt64);
        BlockWriter.Write(_block, OrderStatusChangeLayout.LimitPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, OrderStatusChangeLayout.AveragePriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, OrderStatusChangeLayout.LastPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, OrderStatusChangeLayout.StopPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, OrderStatusChangeLayout.TargetPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, OrderStatusChangeLayout.ArrivalPriceOffset, WireNull.Int64);
    }

    public long TimeNs { set => BlockWriter.Write(_block, OrderStatusChangeLayout.TimeNsOffset, value); }

    public ulong OrderId { set => BlockWriter.Write(_block, OrderStatusChangeLayout.OrderIdOffset, value); }

    public ulong SignalId { set => BlockWriter.Write(_block, OrderStatusChangeLayout.SignalIdOffset, value); }

    public ulong ExecutionId { set => BlockWriter.Write(_block, OrderStatusChangeLayout.ExecutionIdOffset, value); }

    public long LimitPriceE9 { set => BlockWriter.Write(_block, OrderStatusChangeLayout.LimitPriceOffset, value); }

    public long AveragePriceE9 { set => BlockWriter.Write(_block, OrderStatusChangeLayout.AveragePriceOffset, value); }

    public long LastPriceE9 { set => BlockWriter.Write(_block, OrderStatusChangeLayout.LastPriceOffset, value); }

    public long StopPriceE9 { set => BlockWriter.Write(_block, OrderStatusChangeLayout.StopPriceOffset, value); }

    public long TargetPriceE9 { set => BlockWriter.Write(_block, OrderStatusChangeLayout.TargetPriceOffset, value); }

    public long ArrivalPriceE9 { set => BlockWriter.Write(_block, OrderStatusChangeLayout.ArrivalPriceOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, OrderStatusChangeLayout.InstrumentIdOffset, value); }

    public int Quantity { set => BlockWriter.Write(_block, OrderStatusChangeLayout.QuantityOffset, value); }

    public int CumulativeQuantity
    {
        set => BlockWriter.Write(_block, OrderStatusChangeLayout.CumulativeQuantityOffset, value);
    }

    public int LeavesQuantity { set => BlockWriter.Write(_block, OrderStatusChangeLayout.LeavesQuantityOffset, value); }

    public int LastQuantity { set => BlockWriter.Write(_block, OrderStatusChangeLayout.LastQuantityOffset, value); }

    public OrderStatus Status { set => BlockWriter.Write(_block, OrderStatusChangeLayout.StatusOffset, (byte)value); }

    public OrderStatus PreviousStatus
    {
        set => BlockWriter.Write(_block, OrderStatusChangeLayout.PreviousStatusOffset, (byte)value);
    }

    public Side Side { set => BlockWriter.Write(_block, OrderStatusChangeLayout.SideOffset, (byte)value); }

    public OrderType Type { set => BlockWriter.Write(_block, OrderStatusChangeLayout.TypeOffset, (byte)value); }

    public TimeInForce TimeInForce
    {
        set => BlockWriter.Write(_block, OrderStatusChangeLayout.TimeInForceOffset, (byte)value);
    }

    public ExecutionStrategy Strategy
    {
        set => BlockWriter.Write(_block, OrderStatusChangeLayout.StrategyOffset, (byte)value);
    }

    public VenueRejectReason RejectReason
    {
        set => BlockWriter.Write(_block, OrderStatusChangeLayout.RejectReasonOffset, (byte)value);
    }
}
