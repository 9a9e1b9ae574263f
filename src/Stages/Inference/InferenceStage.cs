using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Writes the decision of every TRADE_QUALIFIED from the policies' outputs, greedily. Outputs that are no answer (not
/// finite, no distribution, out of range) are replaced by the rule-based policy's, and counted. An operator's command
/// to close needs no policy: it is decided here as a market order against the whole position.
/// </summary>
public sealed class InferenceStage
{
    private readonly IPolicyBackend _backend;
    private readonly IPolicyBackend _fallback;

    /// <summary>
    /// Decides by <paramref name="backend"/>, and by the rule-based policy where that gives no answer.
    /// </summary>
    public InferenceStage(IPolicyBackend backend) : this(backend, new RuleBasedPolicy(new RuleBasedPolicyOptions()))
    {
    }

    /// <param name="backend">Evaluates the actors.</param>
    /// <param name="fallback">Decides where <paramref name="backend"/> gives no answer; must always give one.</param>
    public InferenceStage(IPolicyBackend backend, RuleBasedPolicy fallback)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(fallback);
        _backend = backend;
        _fallback = fallback;
    }

    /// <summary>TRADE_QUALIFIED events decided, by whichever policy.</summary>
    public long Decisions { get; private set; }

    /// <summary>Of <see cref="Decisions"/>: those that the rule-based policy made in the backend's place.</summary>
    public long Fallbacks { get; private set; }

    /// <summary>Of <see cref="Decisions"/>: those for nothing, by a hold signal or size action 0.</summary>
    public long ZeroSizes { get; private set; }

    /// <summary>
    /// Runs the backend, so that neither its first calls nor the code around them are paid for by an event.
    /// </summary>
    /// <param name="runs">How often; at least 1.</param>
    public void WarmUp(int runs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        var features = default(ContextFeatures);
        var outputs = default(PolicyOutputs);
        for (var i = 0; i < runs; i++)
        {
            _backend.Run(in features, ref outputs);
            _fallback.Run(in features, ref outputs);
        }
    }

    public void OnEvent(ref PipelineEvent e)
    {
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified:
                Decide(ref e);
                break;
            case EventKind.Command:
                DecideCommand(ref e);
                break;
        }
    }

    private void Decide(ref PipelineEvent e)
    {
        ref var decision = ref e.Decision;
        var source = _backend.Source;
        _backend.Run(in e.Features, ref decision.Outputs);
        if (!PolicyBounds.IsValid(in decision.Outputs)) source = FallBack(ref e);

        var size = PolicyBounds.ArgMax(in decision.Outputs, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount);
        var strategy = PolicyBounds.ArgMax(
            in decision.Outputs, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount);
        var side = SideOf(e.Payload.TradeQualified.Action);
        decision.SizeAction = (byte)size;
        decision.Side = side;
        decision.Quantity = side == Side.None ? 0 : SizeActions.ContractsOf(size);
        decision.Strategy = (ExecutionStrategy)strategy;
        decision.Source = source;
        WriteRisk(ref decision);
        Decisions++;
        if (decision.Quantity == 0) ZeroSizes++;
    }

    private static void WriteRisk(ref Decision decision)
    {
        var stop = decision.Outputs[PolicyOutputs.StopLossOffset];
        var target = decision.Outputs[PolicyOutputs.TakeProfitOffset];
        decision.StopLossAtr = Math.Clamp(stop, PolicyBounds.StopLossMin, PolicyBounds.StopLossMax);
        decision.TakeProfitAtr = Math.Clamp(target, PolicyBounds.TakeProfitMin, PolicyBounds.TakeProfitMax);
    }

    // A slot is reused, so the decision of an earlier event must not show through a command's.
    private static void DecideCommand(ref PipelineEvent e)
    {
        e.Decision = default;
        if (e.Payload.Command.Kind != CommandKind.CloseAll) return;

        var position = e.Portfolio.Position;
        e.Decision.Source = DecisionSource.Operator;
        e.Decision.Strategy = ExecutionStrategy.Immediate;
        e.Decision.Quantity = Math.Abs(position);
        if (position != 0) e.Decision.Side = position > 0 ? Side.Sell : Side.Buy;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private DecisionSource FallBack(ref PipelineEvent e)
    {
        Fallbacks++;
        _fallback.Run(in e.Features, ref e.Decision.Outputs);
        return _fallback.Source;
    }

    private static Side SideOf(TradeAction action) => action switch
    {
        TradeAction.Long => Side.Buy,
        TradeAction.Short => Side.Sell,
        _ => Side.None,
    };
}
