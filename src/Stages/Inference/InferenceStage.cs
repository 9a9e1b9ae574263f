using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Sampling;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Writes the decision of every TRADE_QUALIFIED from the policies' outputs. Outputs that are no answer (not
/// finite, no distribution, out of range) are replaced by the rule-based policy's, and counted. An operator's command
/// to close needs no policy: it is decided here as a market order against the whole position.
/// </summary>
public sealed class InferenceStage
{
    private readonly IPolicyBackend _fallback;
    private readonly ActionSampler _sampler;
    private readonly float _urgencyMultiplier;
    private ulong _events;

    /// <summary>
    /// Decides by <paramref name="backend"/>, and by the rule-based policy where that gives no answer.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public InferenceStage(IPolicyBackend backend, InferenceOptions? options = null)
        : this(backend, new RuleBasedPolicy(new RuleBasedPolicyOptions()), options ?? new InferenceOptions())
    {
    }

    /// <param name="backend">Evaluates the actors.</param>
    /// <param name="fallback">Decides where <paramref name="backend"/> gives no answer; must always give one.</param>
    /// <param name="options">How decisions are taken from what the backend says.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public InferenceStage(IPolicyBackend backend, RuleBasedPolicy fallback, InferenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(fallback);
        options.Validate();
        _sampler = new ActionSampler(options);
        _urgencyMultiplier = (float)options.UrgencyMultiplier;
        Models = new ModelSwitch(backend, options.Canary);
        _fallback = fallback;
    }

    /// <summary>Who decides, and what commands make of that.</summary>
    public ModelSwitch Models { get; }

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
            Models.Incumbent.Run(in features, ref outputs);
            _fallback.Run(in features, ref outputs);
        }
    }

    public void OnEvent(ref PipelineEvent e)
    {
        _events++;
        switch (e.Header.Kind)
        {
            case EventKind.TradeQualified:
                Decide(ref e);
                break;
            case EventKind.Command:
                DecideCommand(ref e);
                break;
            case EventKind.Model:
                Models.OnCommand(in e.Payload.Command);
                break;
        }
    }

    private void Decide(ref PipelineEvent e)
    {
        ref var decision = ref e.Decision;
        var source = Evaluate(ref e);
        var (size, strategy) = _sampler.ChooseActions(in decision.Outputs, _events);
        var side = SideOf(e.Payload.TradeQualified.Action);
        decision.SizeAction = (byte)size;
        decision.Side = side;
        decision.Quantity = side == Side.None ? 0 : SizeActions.ContractsOf(size);
        decision.Strategy = (ExecutionStrategy)strategy;
        decision.Source = source;
        (decision.StopLossAtr, decision.TakeProfitAtr) = _sampler.ChooseBrackets(in decision.Outputs, _events);
        Decisions++;
        if (decision.Quantity == 0) ZeroSizes++;
    }

    // The context is another stage's: what the multiplier makes of it is seen by the policies alone.
    private DecisionSource Evaluate(ref PipelineEvent e)
    {
        var features = e.Features;
        features[Feature.UrgencyFactor] = Math.Min(1f, features[Feature.UrgencyFactor] * _urgencyMultiplier);
        var source = Models.Run(in features, e.Payload.TradeQualified.SignalId, ref e.Decision.Outputs);
        return PolicyBounds.IsValid(in e.Decision.Outputs) ? source : FallBack(in features, ref e);
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
    private DecisionSource FallBack(ref readonly ContextFeatures features, ref PipelineEvent e)
    {
        Fallbacks++;
        _fallback.Run(in features, ref e.Decision.Outputs);
        return _fallback.Source;
    }

    private static Side SideOf(TradeAction action) => action switch
    {
        TradeAction.Long => Side.Buy,
        TradeAction.Short => Side.Sell,
        _ => Side.None,
    };
}
