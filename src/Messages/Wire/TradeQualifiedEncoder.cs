using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// TRADE_QUALIFIED written in place. Units are those of <see cref="TradeQualifiedDecoder"/>. A field that is not
/// set is 0, or null where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct TradeQualifiedEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + TradeQualifiedLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public TradeQualifiedEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, TradeQualifiedLayout.TemplateId, TradeQualifiedLayout.BlockLength);
        BlockWriter.Write(_block, TradeQualifiedLayout.BidAskSpreadOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.BookDepthOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.VolumeIntensityOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.VolatilityOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.AtrOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.PositionOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.AvailableMarginOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.EquityOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.UnrealizedPnlOffset, WireNull.Double);
        BlockWriter.Write(_block, TradeQualifiedLayout.DrawdownOffset, WireNull.Double);
    }

    public ulong SignalId { set => BlockWriter.Write(_block, TradeQualifiedLayout.SignalIdOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, TradeQualifiedLayout.InstrumentIdOffset, value); }

    public TradeAction Action { set => BlockWriter.Write(_block, TradeQualifiedLayout.ActionOffset, (byte)value); }

    public double Confidence { set => BlockWriter.Write(_block, TradeQualifiedLayout.ConfidenceOffset, value); }

    public double SynergyStrength
    {
        set => BlockWriter.Write(_block, TradeQualifiedLayout.SynergyStrengthOffset, value);
    }

    public double Urgency { set => BlockWriter.Write(_block, TradeQualifiedLayout.UrgencyOffset, value); }

    public double Price { set => BlockWriter.Write(_block, TradeQualifiedLayout.PriceOffset, value); }

    public double BidAskSpread { set => BlockWriter.Write(_block, TradeQualifiedLayout.BidAskSpreadOffset, value); }

    public double BookDepth { set => BlockWriter.Write(_block, TradeQualifiedLayout.BookDepthOffset, value); }

    public double VolumeIntensity
    {
        set => BlockWriter.Write(_block, TradeQualifiedLayout.VolumeIntensityOffset, value);
    }

    public double Volatility { set => BlockWriter.Write(_block, TradeQualifiedLayout.VolatilityOffset, value); }

    public double Atr { set => BlockWriter.Write(_block, TradeQualifiedLayout.AtrOffset, value); }

    public double Position { set => BlockWriter.Write(_block, TradeQualifiedLayout.PositionOffset, value); }

    public double AvailableMargin
    {
        set => BlockWriter.Write(_block, TradeQualifiedLayout.AvailableMarginOffset, value);
    }

    public double Equity { set => BlockWriter.Write(_block, TradeQualifiedLayout.EquityOffset, value); }

    public double UnrealizedPnl { set => BlockWriter.Write(_block, TradeQualifiedLayout.UnrealizedPnlOffset, value); }

    public double Drawdown { set => BlockWriter.Write(_block, TradeQualifiedLayout.DrawdownOffset, value); }

    public long SignalTimeNs { set => BlockWriter.Write(_block, TradeQualifiedLayout.SignalTimeNsOffset, value); }

    public long IntendedSendTimeNs
    {
        set => BlockWriter.Write(_block, TradeQualifiedLayout.IntendedSendTimeNsOffset, value);
    }

    public long SendTimeNs { set => BlockWriter.Write(_block, TradeQualifiedLayout.SendTimeNsOffset, value); }
}
