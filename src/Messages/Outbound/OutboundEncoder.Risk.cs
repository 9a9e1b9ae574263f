using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Outbound;

/// <content>RISK_VIOLATION, RISK_STATE and COMMAND_RESULT.</content>
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

    /// <summary>COMMAND_RESULT: what a command did, and the state after it.</summary>
    /// <param name="e">A command's. Of one on models only the command itself is read.</param>
    /// <param name="instruments">Give the id.</param>
    /// <param name="buffer">Is written to.</param>
    public static int EncodeCommandResult(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        ref readonly var command = ref e.Payload.Command;
        var isOnModels = e.Header.Kind == EventKind.Model;
        RoutingResult routing = isOnModels ? default : e.Routing;
        PortfolioSnapshot portfolio = isOnModels ? default : e.Portfolio;
        RiskVerdict verdict = isOnModels ? default : e.Verdict;
        _ = new CommandResultEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            CommandId = command.CommandId,
            ModelVersion = isOnModels ? command.ModelVersion : 0,
            EquityE6 = portfolio.EquityE6,
            RealizedPnlE6 = portfolio.RealizedPnlE6,
            UnrealizedPnlE6 = portfolio.UnrealizedPnlE6,
            DailyDrawdown = portfolio.DailyDrawdown,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            Reason = command.Reason,
            Position = portfolio.Position,
            WorkingOrders = routing.WorkingOrders,
            CancelsSent = routing.CancelsSent,
            ClosingQuantity = routing.Outcome == RoutingOutcome.OrderSent ? routing.Quantity : 0,
            TradesToday = verdict.TradesToday,
            OrdersInSecond = verdict.OrdersInSecond,
            Instruments = (byte)instruments.Count,
            Kind = command.Kind,
            Outcome = routing.Outcome,
            IsKillSwitchLatched = verdict.KillSwitch != 0,
            KillCause = verdict.KillCause,
            Changes = verdict.Changes,
            Breakers = verdict.BreakerStates,
        };
        return CommandResultEncoder.EncodedLength;
    }
}
