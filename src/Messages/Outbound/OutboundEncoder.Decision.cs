using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Outbound;

/// <content>DECISION.</content>
public static partial class OutboundEncoder
{
    /// <summary>
    /// DECISION: what was decided of a TRADE_QUALIFIED event or of an operator's command. For the latter no policy
    /// ran, so features and probabilities are null; so are the probabilities of a signal that was refused as late.
    /// </summary>
    public static int EncodeDecision(ref readonly PipelineEvent e, InstrumentIds instruments, Span<byte> buffer)
    {
        ref readonly var decision = ref e.Decision;
        ref readonly var verdict = ref e.Verdict;
        ref readonly var routing = ref e.Routing;
        var message = new DecisionEncoder(buffer)
        {
            TimeNs = e.Header.TimeNs,
            SignalId = e.Header.CorrelationId,
            OrderId = routing.OrderId,
            InstrumentId = instruments[e.Header.InstrumentIndex],
            RiskViolations = verdict.Violations,
            Quantity = decision.Quantity,
            ApprovedQuantity = verdict.ApprovedQuantity,
            ProjectedPosition = verdict.ProjectedPosition,
            TradesToday = verdict.TradesToday,
            Side = decision.Side,
            Strategy = decision.Strategy,
            Source = decision.Source,
            Outcome = routing.Outcome,
            SizeAction = decision.SizeAction,
            IsKillSwitchLatched = verdict.KillSwitch != 0,
            IsReducing = verdict.Reducing != 0,
            ProjectedNotionalE6 = verdict.ProjectedNotionalE6,
            ProjectedVar = verdict.ProjectedVar,
            DailyDrawdown = e.Portfolio.DailyDrawdown,
            StopPriceE9 = NullIfZero(routing.StopPriceE9),
            TargetPriceE9 = NullIfZero(routing.TargetPriceE9),
            ArrivalPriceE9 = NullIfZero(routing.ArrivalPriceE9),
            SizeCuts = e.Cuts,
            Lateness = decision.Lateness,
            ModelVersion = decision.ModelVersion,
            IsCanary = decision.Canary != 0,
        };
        if (e.Header.Kind == EventKind.TradeQualified)
            AddPolicies(message, in e);

        return DecisionEncoder.EncodedLength;
    }

    private static void AddPolicies(DecisionEncoder message, ref readonly PipelineEvent e)
    {
        ReadOnlySpan<float> features = e.Features;
        ReadOnlySpan<float> outputs = e.Decision.Outputs;
        message.Action = e.Payload.TradeQualified.Action;
        message.Features = features[..ContextFeatures.Count];
        message.SizeProbabilities = outputs.Slice(PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount);
        message.StrategyProbabilities = outputs.Slice(PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount);
        message.StopLossAtr = e.Decision.StopLossAtr;
        message.TakeProfitAtr = e.Decision.TakeProfitAtr;
    }
}
