using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// RISK_STATE written in place. Units are those of <see cref="RiskStateDecoder"/>. A field that is not set is 0,
/// whatever the buffer held before.
/// </summary>
public readonly ref struct RiskStateEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + RiskStateLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public RiskStateEncoder(Span<byte> buffer) =>
        _block = MessageHeader.Begin(buffer, RiskStateLayout.TemplateId, RiskStateLayout.BlockLength);

    public long TimeNs { set => BlockWriter.Write(_block, RiskStateLayout.TimeNsOffset, value); }

    public ulong CorrelationId { set => BlockWriter.Write(_block, RiskStateLayout.CorrelationIdOffset, value); }

    public double DailyDrawdown { set => BlockWriter.Write(_block, RiskStateLayout.DailyDrawdownOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, RiskStateLayout.InstrumentIdOffset, value); }

    public int Reason { set => BlockWriter.Write(_block, RiskStateLayout.ReasonOffset, value); }

    public bool IsKillSwitchLatched
    {
        set => BlockWriter.Write(_block, RiskStateLayout.KillSwitchOffset, (byte)(value ? 1 : 0));
    }

    public KillCause KillCause { set => BlockWriter.Write(_block, RiskStateLayout.KillCauseOffset, (byte)value); }

    public RiskChanges Changes { set => BlockWriter.Write(_block, RiskStateLayout.ChangesOffset, (byte)value); }

    public BreakerResponses Responses
    {
        set => BlockWriter.Write(_block, RiskStateLayout.ResponsesOffset, (byte)value);
    }

    public VolatilityRegime VolatilityRegime
    {
        set => BlockWriter.Write(_block, RiskStateLayout.VolatilityRegimeOffset, (byte)value);
    }

    public MarketRegime MarketRegime
    {
        set => BlockWriter.Write(_block, RiskStateLayout.MarketRegimeOffset, (byte)value);
    }

    public BreakerState VolatilityBreaker
    {
        set => BlockWriter.Write(_block, RiskStateLayout.VolatilityBreakerOffset, (byte)value);
    }

    public BreakerState FailureBreaker
    {
        set => BlockWriter.Write(_block, RiskStateLayout.FailureBreakerOffset, (byte)value);
    }

    public BreakerState VenueBreaker
    {
        set => BlockWriter.Write(_block, RiskStateLayout.VenueBreakerOffset, (byte)value);
    }

    public BreakerState LoadBreaker
    {
        set => BlockWriter.Write(_block, RiskStateLayout.LoadBreakerOffset, (byte)value);
    }

    public BreakerState AnswerBreaker
    {
        set => BlockWriter.Write(_block, RiskStateLayout.AnswerBreakerOffset, (byte)value);
    }
}
