using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Outbound;

/// <content>RISK_VIOLATION and RISK_STATE.</content>
public static partial class OutboundEncoder
{
    /// <summary>RISK_VIOLATION: one limit that a signal's order would break, with what it is held against.</summary>
    /// <param name="e">A signal's.</param>
    /// <param name="violation">One bit.</param>
    /// <param name="limit">NaN where there is no number.</param>
    /// <param name="value">NaN where there is no number.</param>
    /// <param name="instruments">Give the id.</param>
    /// <param name="buffer">Is written to.</param>
    public static int EncodeRiskViolation(
        ref readonly PipelineEvent e,
        RiskViolations violation,
        double limit,
        double value,
        InstrumentIds instruments,
        Span<byte> buffer)
    {
        _ = new RiskViolationEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            SignalId = e.Header.CorrelationId,
            LimitValue = limit,
            Value = value,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            Violation = violation,
            Quantity = e.Decision.Quantity,
            ApprovedQuantity = e.Verdict.ApprovedQuantity,
        };
        return RiskViolationEncoder.EncodedLength;
    }

    /// <summary>RISK_STATE: the risk stage's own state after an event that changed it.</summary>
    public static int EncodeRiskState(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        ref readonly var verdict = ref e.Verdict;
        _ = new RiskStateEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            CorrelationId = e.Header.CorrelationId,
            DailyDrawdown = e.Portfolio.DailyDrawdown,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            Reason = e.Header.Kind == EventKind.Command ? e.Payload.Command.Reason : 0,
            IsKillSwitchLatched = verdict.KillSwitch != 0,
            KillCause = verdict.KillCause,
            Changes = verdict.Changes,
            Responses = verdict.Responses,
            VolatilityRegime = verdict.Volatility,
            MarketRegime = verdict.Regime,
            VolatilityBreaker = verdict.BreakerStateOf(BreakerKind.MarketVolatility),
            FailureBreaker = verdict.BreakerStateOf(BreakerKind.ExecutionFailure),
            VenueBreaker = verdict.BreakerStateOf(BreakerKind.VenueUnavailability),
            LoadBreaker = verdict.BreakerStateOf(BreakerKind.SystemLoad),
            AnswerBreaker = verdict.BreakerStateOf(BreakerKind.UnansweredOrder),
        };
        return RiskStateEncoder.EncodedLength;
    }
}
