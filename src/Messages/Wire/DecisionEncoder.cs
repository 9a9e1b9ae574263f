using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// DECISION written in place. Units are those of <see cref="DecisionDecoder"/>. A field that is not set is 0, or
/// null where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct DecisionEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + DecisionLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public DecisionEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, DecisionLayout.TemplateId, DecisionLayout.BlockLength);
        BlockWriter.Write(_block, DecisionLayout.ActionOffset, WireNull.UInt8);
        BlockWriter.FillNull(_block, DecisionLayout.FeaturesOffset, DecisionLayout.FeaturesCount);
        BlockWriter.FillNull(_block, DecisionLayout.SizeProbabilitiesOffset, DecisionLayout.SizeProbabilitiesCount);
        BlockWriter.FillNull(
            _block, DecisionLayout.StrategyProbabilitiesOffset, DecisionLayout.StrategyProbabilitiesCount);
        BlockWriter.Write(_block, DecisionLayout.StopLossAtrOffset, WireNull.Single);
        BlockWriter.Write(_block, DecisionLayout.TakeProfitAtrOffset, WireNull.Single);
        BlockWriter.Write(_block, DecisionLayout.StopPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, DecisionLayout.TargetPriceOffset, WireNull.Int64);
        BlockWriter.Write(_block, DecisionLayout.ArrivalPriceOffset, WireNull.Int64);
    }

    public long TimeNs { set => BlockWriter.Write(_block, DecisionLayout.TimeNsOffset, value); }

    public ulong SignalId { set => BlockWriter.Write(_block, DecisionLayout.SignalIdOffset, value); }

    public ulong OrderId { set => BlockWriter.Write(_block, DecisionLayout.OrderIdOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, DecisionLayout.InstrumentIdOffset, value); }

    public RiskViolations RiskViolations
    {
        set => BlockWriter.Write(_block, DecisionLayout.RiskViolationsOffset, (uint)value);
    }

    public int Quantity { set => BlockWriter.Write(_block, DecisionLayout.QuantityOffset, value); }

    public int ApprovedQuantity { set => BlockWriter.Write(_block, DecisionLayout.ApprovedQuantityOffset, value); }

    public int ProjectedPosition { set => BlockWriter.Write(_block, DecisionLayout.ProjectedPositionOffset, value); }

    public int TradesToday { set => BlockWriter.Write(_block, DecisionLayout.TradesTodayOffset, value); }

    public TradeAction Action { set => BlockWriter.Write(_block, DecisionLayout.ActionOffset, (byte)value); }

    public Side Side { set => BlockWriter.Write(_block, DecisionLayout.SideOffset, (byte)value); }

    public ExecutionStrategy Strategy { set => BlockWriter.Write(_block, DecisionLayout.StrategyOffset, (byte)value); }

    public DecisionSource Source { set => BlockWriter.Write(_block, DecisionLayout.SourceOffset, (byte)value); }

    public RoutingOutcome Outcome { set => BlockWriter.Write(_block, DecisionLayout.OutcomeOffset, (byte)value); }

    public byte SizeAction { set => BlockWriter.Write(_block, DecisionLayout.SizeActionOffset, value); }

    public bool IsKillSwitchLatched
    {
        set => BlockWriter.Write(_block, DecisionLayout.KillSwitchOffset, (byte)(value ? 1 : 0));
    }

    public bool IsReducing { set => BlockWriter.Write(_block, DecisionLayout.ReducingOffset, (byte)(value ? 1 : 0)); }

    /// <exception cref="ArgumentException">There are not exactly 15.</exception>
    public ReadOnlySpan<float> Features
    {
        set => BlockWriter.Write(_block, DecisionLayout.FeaturesOffset, value, DecisionLayout.FeaturesCount);
    }

    /// <exception cref="ArgumentException">There are not exactly 5.</exception>
    public ReadOnlySpan<float> SizeProbabilities
    {
        set => BlockWriter.Write(
            _block, DecisionLayout.SizeProbabilitiesOffset, value, DecisionLayout.SizeProbabilitiesCount);
    }

    /// <exception cref="ArgumentException">There are not exactly 4.</exception>
    public ReadOnlySpan<float> StrategyProbabilities
    {
        set => BlockWriter.Write(
            _block, DecisionLayout.StrategyProbabilitiesOffset, value, DecisionLayout.StrategyProbabilitiesCount);
    }

    public float StopLossAtr { set => BlockWriter.Write(_block, DecisionLayout.StopLossAtrOffset, value); }

    public float TakeProfitAtr { set => BlockWriter.Write(_block, DecisionLayout.TakeProfitAtrOffset, value); }

    public long ProjectedNotionalE6 { set => BlockWriter.Write(_block, DecisionLayout.ProjectedNotionalOffset, value); }

    public double ProjectedVar { set => BlockWriter.Write(_block, DecisionLayout.ProjectedVarOffset, value); }

    public double DailyDrawdown { set => BlockWriter.Write(_block, DecisionLayout.DailyDrawdownOffset, value); }

    public long StopPriceE9 { set => BlockWriter.Write(_block, DecisionLayout.StopPriceOffset, value); }

    public long TargetPriceE9 { set => BlockWriter.Write(_block, DecisionLayout.TargetPriceOffset, value); }

    public long ArrivalPriceE9 { set => BlockWriter.Write(_block, DecisionLayout.ArrivalPriceOffset, value); }

    public SizeCuts SizeCuts { set => BlockWriter.Write(_block, DecisionLayout.SizeCutsOffset, (byte)value); }

    public ulong ModelVersion { set => BlockWriter.Write(_block, DecisionLayout.ModelVersionOffset, value); }

    public bool IsCanary { set => BlockWriter.Write(_block, DecisionLayout.CanaryOffset, (byte)(value ? 1 : 0)); }

    public DecisionLateness Lateness { set => BlockWriter.Write(_block, DecisionLayout.LatenessOffset, (byte)value); }
}
