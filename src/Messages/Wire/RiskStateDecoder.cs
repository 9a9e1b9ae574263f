using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// RISK_STATE read in place. The kill switch, a breaker or a regime changed. Times are nanoseconds since the Unix
/// epoch, UTC. A field beyond the block's end reads as null.
/// </summary>
public readonly ref struct RiskStateDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public RiskStateDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The time of the event that changed it.</summary>
    public long TimeNs => BlockReader.Int64(_block, RiskStateLayout.TimeNsOffset);

    /// <summary>Signal, command or order id of that event; 0 for a market update.</summary>
    public ulong CorrelationId => BlockReader.UInt64(_block, RiskStateLayout.CorrelationIdOffset);

    /// <summary>Fall from the day's starting equity as a fraction of it.</summary>
    public double DailyDrawdown => BlockReader.Double(_block, RiskStateLayout.DailyDrawdownOffset);

    /// <summary>The configured id of the instrument that the event was of.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, RiskStateLayout.InstrumentIdOffset);

    /// <summary>The command's reason code; 0 for any other event.</summary>
    public int Reason => BlockReader.Int32(_block, RiskStateLayout.ReasonOffset);

    /// <summary>Whether the kill switch is latched.</summary>
    public bool IsKillSwitchLatched => BlockReader.UInt8(_block, RiskStateLayout.KillSwitchOffset) == 1;

    /// <summary>What latched it.</summary>
    public KillCause KillCause => (KillCause)BlockReader.UInt8(_block, RiskStateLayout.KillCauseOffset);

    /// <summary>What changed.</summary>
    public RiskChanges Changes => (RiskChanges)BlockReader.UInt8(_block, RiskStateLayout.ChangesOffset);

    /// <summary>What the open breakers ask for.</summary>
    public BreakerResponses Responses => (BreakerResponses)BlockReader.UInt8(_block, RiskStateLayout.ResponsesOffset);

    /// <summary>The worst of any instrument.</summary>
    public VolatilityRegime VolatilityRegime =>
        (VolatilityRegime)BlockReader.UInt8(_block, RiskStateLayout.VolatilityRegimeOffset);

    /// <summary>The instrument's own.</summary>
    public MarketRegime MarketRegime => (MarketRegime)BlockReader.UInt8(_block, RiskStateLayout.MarketRegimeOffset);

    /// <summary>Market volatility.</summary>
    public BreakerState VolatilityBreaker =>
        (BreakerState)BlockReader.UInt8(_block, RiskStateLayout.VolatilityBreakerOffset);

    /// <summary>Execution failure rate.</summary>
    public BreakerState FailureBreaker => (BreakerState)BlockReader.UInt8(_block, RiskStateLayout.FailureBreakerOffset);

    /// <summary>Venue unavailability.</summary>
    public BreakerState VenueBreaker => (BreakerState)BlockReader.UInt8(_block, RiskStateLayout.VenueBreakerOffset);

    /// <summary>System load.</summary>
    public BreakerState LoadBreaker => (BreakerState)BlockReader.UInt8(_block, RiskStateLayout.LoadBreakerOffset);

    /// <summary>Orders without an answer; closed from a sender before version 4.</summary>
    public BreakerState AnswerBreaker => (BreakerState)BlockReader.UInt8(_block, RiskStateLayout.AnswerBreakerOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out RiskStateDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, RiskStateLayout.TemplateId, out var block);
        decoder = new RiskStateDecoder(block);
        return isFound;
    }
}
