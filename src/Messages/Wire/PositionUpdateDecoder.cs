namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// POSITION_UPDATE read in place. Position and account after an execution. Times are nanoseconds since the Unix
/// epoch, UTC. A field beyond the block's end reads as null.
/// </summary>
public readonly ref struct PositionUpdateDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public PositionUpdateDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The time of the event that changed them.</summary>
    public long TimeNs => BlockReader.Int64(_block, PositionUpdateLayout.TimeNsOffset);

    /// <summary>The configured id of the instrument.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, PositionUpdateLayout.InstrumentIdOffset);

    /// <summary>Signed contracts of this instrument.</summary>
    public int Position => BlockReader.Int32(_block, PositionUpdateLayout.PositionOffset);

    /// <summary>Average entry price in 1e-9; null when flat.</summary>
    public long AveragePriceE9 => BlockReader.Int64(_block, PositionUpdateLayout.AveragePriceOffset);

    /// <summary>What the position is valued at in 1e-9; null when there is no price.</summary>
    public long MarkPriceE9 => BlockReader.Int64(_block, PositionUpdateLayout.MarkPriceOffset);

    /// <summary>Whole account since the start, in 1e-6 of its currency.</summary>
    public long RealizedPnlE6 => BlockReader.Int64(_block, PositionUpdateLayout.RealizedPnlOffset);

    /// <summary>Whole account, in 1e-6 of its currency.</summary>
    public long UnrealizedPnlE6 => BlockReader.Int64(_block, PositionUpdateLayout.UnrealizedPnlOffset);

    /// <summary>Whole account, in 1e-6 of its currency.</summary>
    public long EquityE6 => BlockReader.Int64(_block, PositionUpdateLayout.EquityOffset);

    /// <summary>Whole account, in 1e-6 of its currency.</summary>
    public long AvailableMarginE6 => BlockReader.Int64(_block, PositionUpdateLayout.AvailableMarginOffset);

    /// <summary>Paid since the start, in 1e-6 of the account's currency.</summary>
    public long FeesE6 => BlockReader.Int64(_block, PositionUpdateLayout.FeesOffset);

    /// <summary>Sum of absolute position values, in 1e-6 of the account's currency.</summary>
    public long GrossNotionalE6 => BlockReader.Int64(_block, PositionUpdateLayout.GrossNotionalOffset);

    /// <summary>Fall from the day's starting equity as a fraction of it.</summary>
    public double DailyDrawdown => BlockReader.Double(_block, PositionUpdateLayout.DailyDrawdownOffset);

    /// <summary>Daily value at risk of the whole portfolio, in account currency.</summary>
    public double DailyVar => BlockReader.Double(_block, PositionUpdateLayout.DailyVarOffset);

    /// <summary>Instruments with an open position.</summary>
    public int OpenPositions => BlockReader.Int32(_block, PositionUpdateLayout.OpenPositionsOffset);

    /// <summary>Orders at the venue, over all instruments.</summary>
    public int WorkingOrders => BlockReader.Int32(_block, PositionUpdateLayout.WorkingOrdersOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out PositionUpdateDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, PositionUpdateLayout.TemplateId, out var block);
        decoder = new PositionUpdateDecoder(block);
        return isFound;
    }
}
