namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// POSITION_UPDATE written in place. Units are those of <see cref="PositionUpdateDecoder"/>. A field that is not
/// set is 0, or null where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct PositionUpdateEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + PositionUpdateLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public PositionUpdateEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, PositionUpdateLayout.TemplateId, PositionUpdateLayout.BlockLength);
        BlockWriter.Write(_block, PositionUpdateLayout.AveragePriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, PositionUpdateLayout.MarkPriceOffset, WireNull.Int64);
    }

    public long TimeNs { set => BlockWriter.Write(_block, PositionUpdateLayout.TimeNsOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, PositionUpdateLayout.InstrumentIdOffset, value); }

    public int Position { set => BlockWriter.Write(_block, PositionUpdateLayout.PositionOffset, value); }

    public long AveragePriceE9 { set => BlockWriter.Write(_block, PositionUpdateLayout.AveragePriceOffset, value); }

    public long MarkPriceE9 { set => BlockWriter.Write(_block, PositionUpdateLayout.MarkPriceOffset, value); }

    public long RealizedPnlE6 { set => BlockWriter.Write(_block, PositionUpdateLayout.RealizedPnlOffset, value); }

    public long UnrealizedPnlE6 { set => BlockWriter.Write(_block, PositionUpdateLayout.UnrealizedPnlOffset, value); }

    public long EquityE6 { set => BlockWriter.Write(_block, PositionUpdateLayout.EquityOffset, value); }

    public long AvailableMarginE6
    {
        set => BlockWriter.Write(_block, PositionUpdateLayout.AvailableMarginOffset, value);
    }

    public long FeesE6 { set => BlockWriter.Write(_block, PositionUpdateLayout.FeesOffset, value); }

    public long GrossNotionalE6 { set => BlockWriter.Write(_block, PositionUpdateLayout.GrossNotionalOffset, value); }

    public double DailyDrawdown { set => BlockWriter.Write(_block, PositionUpdateLayout.DailyDrawdownOffset, value); }

    public double DailyVar { set => BlockWriter.Write(_block, PositionUpdateLayout.DailyVarOffset, value); }

    public int OpenPositions { set => BlockWriter.Write(_block, PositionUpdateLayout.OpenPositionsOffset, value); }

    public int WorkingOrders { set => BlockWriter.Write(_block, PositionUpdateLayout.WorkingOrdersOffset, value); }
}
