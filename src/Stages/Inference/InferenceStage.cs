using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Sampling;
using ExecutionPipeline.Stages.Inference.Sizing;
using ExecutionPipeline.Stages.Inference.Swap;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Writes the decision of every TRADE_QUALIFIED from the policies' outputs; on one that was taken in before nothing is
/// decided. Outputs that are no answer (not finite, no distribution, out of range) are replaced by the rule-based
/// policy's, and counted; so are those of a signal that is too old or that was taken in while the backend was slow,
/// unless such are refused. An operator's command to close needs no policy: it is decided here as a market order
/// against the whole position.
/// </summary>
public sealed class InferenceStage : IStateful
{
    private const long MicrosecondNs = 1_000;

    private readonly IPolicyBackend _fallback;
    private readonly ActionSampler _sampler;
    private readonly SizingGuard? _guard;
    private readonly float _urgencyMultiplier;
    private readonly int _contractsPerUnit;
    private readonly long _deadlineNs;
    private readonly bool _refusesLate;
    private ulong _events;

    /// <summary>
    /// Decides by <paramref name="backend"/>, and by the rule-based policy where that gives no answer.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public InferenceStage(
        IPolicyBackend backend, InferenceOptions? options = null, InstrumentTable? instruments = null)
        : this(backend, new RuleBasedPolicy(new RuleBasedPolicyOptions()), options ?? new(), instruments)
    {
    }

    /// <param name="backend">Evaluates the actors.</param>
    /// <param name="fallback">Decides where <paramref name="backend"/> gives no answer; must always give one.</param>
    /// <param name="options">How decisions are taken from what the backend says.</param>
    /// <param name="instruments">What a contract is worth; null: no sizing guard.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public InferenceStage(
        IPolicyBackend backend, RuleBasedPolicy fallback, InferenceOptions options, InstrumentTable? instruments = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(fallback);
        options.Validate();
        _sampler = new ActionSampler(options);
        _urgencyMultiplier = (float)options.UrgencyMultiplier;
        _contractsPerUnit = options.ContractsPerUnit;
        _deadlineNs = options.DeadlineUs == 0 ? long.MaxValue : options.DeadlineUs * MicrosecondNs;
        _refusesLate = options.Late == LateChoice.Refuse;
        _guard = instruments is not null && options.SizingGuard.Enabled
            ? new SizingGuard(instruments, options.SizingGuard)
            : null;
        Models = new ModelSwitch(backend, options.Canary);
        _fallback = fallback;
    }

    /// <summary>Who decides, and what commands make of that.</summary>
    public ModelSwitch Models { get; }

    /// <summary>TRADE_QUALIFIED events decided, by whichever policy.</summary>
    public long Decisions { get; private set; }

    /// <summary>
    /// Of <see cref="Decisions"/>: those that the rule-based policy made since the backend gave no answer.
    /// </summary>
    public long Fallbacks { get; private set; }

    /// <summary>Of <see cref="Decisions"/>: those too late for the backend, decided by rules or refused.</summary>
    public long Late { get; private set; }

    /// <summary>Of <see cref="Decisions"/>: those that the sizing guard made smaller.</summary>
    public long Guarded { get; private set; }

    /// <summary>Of <see cref="Decisions"/>: for nothing: hold, size action 0, refused, cut to 0.</summary>
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

    public void Transfer(StateStream state)
    {
        state.Section("inference");
        state.Value(ref _events);
        Models.Transfer(state);
        Decisions = state.Next(Decisions);
        Fallbacks = state.Next(Fallbacks);
        Late = state.Next(Late);
        Guarded = state.Next(Guarded);
        ZeroSizes = state.Next(ZeroSizes);
    }

    private void Decide(ref PipelineEvent e)
    {
        if (e.Signal.IsRepeated)
        {
            DecideNothing(ref e);
            return;
        }

        Decisions++;
        var lateness = LatenessOf(ref e);
        e.Decision.Lateness = lateness;
        e.Decision.Cuts = SizeCuts.None;
        if (lateness != DecisionLateness.None && TryRefuseLate(ref e))
            return;

        Evaluate(ref e, isLate: lateness != DecisionLateness.None);
        Choose(ref e);
        if (e.Decision.Cuts != SizeCuts.None) Guarded++;
        if (e.Decision.Quantity == 0) ZeroSizes++;
    }

    private void Choose(ref PipelineEvent e)
    {
        ref var decision = ref e.Decision;
        var (size, strategy) = _sampler.ChooseActions(in decision.Outputs, _events);
        decision.SizeAction = (byte)size;
        decision.Side = SideOf(e.Payload.TradeQualified.Action);
        decision.Quantity = decision.Side == Side.None ? 0 : SizeActions.ContractsOf(size) * _contractsPerUnit;
        decision.Strategy = (ExecutionStrategy)strategy;
        (decision.StopLossAtr, decision.TakeProfitAtr) = _sampler.ChooseBrackets(in decision.Outputs, _events);
        _guard?.Apply(ref e);
    }

    // Both are in the event, so a replay finds the same.
    private DecisionLateness LatenessOf(ref PipelineEvent e)
    {
        if (e.Header.TimeNs - e.Payload.TradeQualified.SendTimeNs > _deadlineNs) return DecisionLateness.AgedEvent;
        return e.Header.SlowBackend != 0 ? DecisionLateness.SlowBackend : DecisionLateness.None;
    }

    // The context is another stage's: what the multiplier makes of it is seen by the policies alone.
    private void Evaluate(ref PipelineEvent e, bool isLate)
    {
        var features = e.Features;
        features[Feature.UrgencyFactor] = Math.Min(1f, features[Feature.UrgencyFactor] * _urgencyMultiplier);
        if (!isLate)
        {
            Models.Run(in features, e.Payload.TradeQualified.SignalId, ref e.Decision);
            if (PolicyBounds.IsValid(in e.Decision.Outputs)) return;
            Fallbacks++;
        }

        DecideByRules(in features, ref e.Decision);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DecideByRules(ref readonly ContextFeatures features, ref Decision decision)
    {
        _fallback.Run(in features, ref decision.Outputs);
        ModelSwitch.Sign(ref decision, _fallback.Source, version: 0, isCanary: false);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryRefuseLate(ref PipelineEvent e)
    {
        Late++;
        if (!_refusesLate) return false;

        ZeroSizes++;
        var lateness = e.Decision.Lateness;
        DecideNothing(ref e);
        e.Decision.Lateness = lateness;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DecideNothing(ref PipelineEvent e)
    {
        e.Decision = new Decision { StopLossAtr = float.NaN, TakeProfitAtr = float.NaN };
        PolicyBuffers.Invalidate(ref e.Decision.Outputs);
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

    private static Side SideOf(TradeAction action) => action switch
    {
        TradeAction.Long => Side.Buy,
        TradeAction.Short => Side.Sell,
        _ => Side.None,
    };
}

/// <summary>What becomes of a signal that is too late for the models.</summary>
public enum LateChoice
{
    /// <summary>The rule-based policy decides.</summary>
    Rules,

    /// <summary>It is refused as stale.</summary>
    Refuse,
}
