using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// DECISION read in place. What was decided of a signal, from what, and what became of it. Times are nanoseconds
/// since the Unix epoch, UTC. A field beyond the block's end reads as null.
/// </summary>
public readonly ref struct DecisionDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public DecisionDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The time of the event that was decided.</summary>
    public long TimeNs => BlockReader.Int64(_block, DecisionLayout.TimeNsOffset);

    /// <summary>The signal; an operator's command has its command id here.</summary>
    public ulong SignalId => BlockReader.UInt64(_block, DecisionLayout.SignalIdOffset);

    /// <summary>The order that left for the venue; 0 when none did.</summary>
    public ulong OrderId => BlockReader.UInt64(_block, DecisionLayout.OrderIdOffset);

    /// <summary>The configured id of the instrument.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, DecisionLayout.InstrumentIdOffset);

    /// <summary>Every limit that the proposed order would break.</summary>
    public RiskViolations RiskViolations =>
        (RiskViolations)BlockReader.UInt32(_block, DecisionLayout.RiskViolationsOffset);

    /// <summary>Contracts chosen.</summary>
    public int Quantity => BlockReader.Int32(_block, DecisionLayout.QuantityOffset);

    /// <summary>Contracts that risk let pass.</summary>
    public int ApprovedQuantity => BlockReader.Int32(_block, DecisionLayout.ApprovedQuantityOffset);

    /// <summary>Position with every working order and this one filled.</summary>
    public int ProjectedPosition => BlockReader.Int32(_block, DecisionLayout.ProjectedPositionOffset);

    /// <summary>Orders approved on the event's day so far.</summary>
    public int TradesToday => BlockReader.Int32(_block, DecisionLayout.TradesTodayOffset);

    /// <summary>The signal's action; null for an operator's command.</summary>
    public TradeAction Action => (TradeAction)BlockReader.UInt8(_block, DecisionLayout.ActionOffset);

    /// <summary>The side of the proposed order.</summary>
    public Side Side => (Side)BlockReader.UInt8(_block, DecisionLayout.SideOffset);

    /// <summary>How it is to be executed.</summary>
    public ExecutionStrategy Strategy => (ExecutionStrategy)BlockReader.UInt8(_block, DecisionLayout.StrategyOffset);

    /// <summary>Who decided.</summary>
    public DecisionSource Source => (DecisionSource)BlockReader.UInt8(_block, DecisionLayout.SourceOffset);

    /// <summary>What became of it.</summary>
    public RoutingOutcome Outcome => (RoutingOutcome)BlockReader.UInt8(_block, DecisionLayout.OutcomeOffset);

    /// <summary>The action index that the size distribution gave.</summary>
    public byte SizeAction => BlockReader.UInt8(_block, DecisionLayout.SizeActionOffset);

    /// <summary>Whether the kill switch was latched.</summary>
    public bool IsKillSwitchLatched => BlockReader.UInt8(_block, DecisionLayout.KillSwitchOffset) == 1;

    /// <summary>Whether the order only takes risk off.</summary>
    public bool IsReducing => BlockReader.UInt8(_block, DecisionLayout.ReducingOffset) == 1;

    /// <summary>The policies' input; NaN for an operator's command.</summary>
    public float GetFeature(int index) => BlockReader.Single(
        _block, DecisionLayout.FeaturesOffset, index, DecisionLayout.FeaturesCount);

    /// <summary>Over 0, 1, 2, 3 and 5 contracts; NaN for an operator's command.</summary>
    public float GetSizeProbability(int index) => BlockReader.Single(
        _block, DecisionLayout.SizeProbabilitiesOffset, index, DecisionLayout.SizeProbabilitiesCount);

    /// <summary>Over the execution strategies; NaN for an operator's command.</summary>
    public float GetStrategyProbability(int index) => BlockReader.Single(
        _block, DecisionLayout.StrategyProbabilitiesOffset, index, DecisionLayout.StrategyProbabilitiesCount);

    /// <summary>Stop distance in ATR multiples; NaN for an operator's command.</summary>
    public float StopLossAtr => BlockReader.Single(_block, DecisionLayout.StopLossAtrOffset);

    /// <summary>Target distance in ATR multiples; NaN for an operator's command.</summary>
    public float TakeProfitAtr => BlockReader.Single(_block, DecisionLayout.TakeProfitAtrOffset);

    /// <summary>Gross notional with the order filled, in 1e-6 of the account's currency.</summary>
    public long ProjectedNotionalE6 => BlockReader.Int64(_block, DecisionLayout.ProjectedNotionalOffset);

    /// <summary>Daily value at risk with the order filled, in account currency.</summary>
    public double ProjectedVar => BlockReader.Double(_block, DecisionLayout.ProjectedVarOffset);

    /// <summary>Fall from the day's starting equity as a fraction of it.</summary>
    public double DailyDrawdown => BlockReader.Double(_block, DecisionLayout.DailyDrawdownOffset);

    /// <summary>Planned stop-loss level in 1e-9; null when there is none.</summary>
    public long StopPriceE9 => BlockReader.Int64(_block, DecisionLayout.StopPriceOffset);

    /// <summary>Planned take-profit level in 1e-9; null when there is none.</summary>
    public long TargetPriceE9 => BlockReader.Int64(_block, DecisionLayout.TargetPriceOffset);

    /// <summary>The price that the decision was made at in 1e-9; null when there was none.</summary>
    public long ArrivalPriceE9 => BlockReader.Int64(_block, DecisionLayout.ArrivalPriceOffset);

    /// <summary>What made the order smaller than the policy chose; none from a sender before version 3.</summary>
    public SizeCuts SizeCuts
    {
        get
        {
            var cuts = BlockReader.UInt8(_block, DecisionLayout.SizeCutsOffset);
            return cuts == WireNull.UInt8 ? SizeCuts.None : (SizeCuts)cuts;
        }
    }

    /// <summary>Why the models did not decide in time; null from a sender before version 3.</summary>
    public DecisionLateness Lateness =>
        (DecisionLateness)BlockReader.UInt8(_block, DecisionLayout.LatenessOffset);

    /// <summary>
    /// The version of the models that decided, as `xp models` names it; 0 for rules, an operator, and models that lie
    /// in no store; null from a sender before version 4.
    /// </summary>
    public ulong ModelVersion => BlockReader.UInt64(_block, DecisionLayout.ModelVersionOffset);

    /// <summary>Whether a canary decided.</summary>
    public bool IsCanary => BlockReader.UInt8(_block, DecisionLayout.CanaryOffset) == 1;

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out DecisionDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, DecisionLayout.TemplateId, out var block);
        decoder = new DecisionDecoder(block);
        return isFound;
    }
}
