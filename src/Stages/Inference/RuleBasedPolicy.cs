using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Decides by rules alone: modified Kelly sizing within the room that limits leave, a strategy by urgency and state of
/// the book, stop and target by volatility and confidence. It teaches the shipped models, and decides in their place
/// when they cannot. Same outputs as the actors, so everything after it is the same too.
/// </summary>
public sealed class RuleBasedPolicy : IPolicyBackend
{
    private readonly RuleBasedSizing _sizing;

    /// <exception cref="ArgumentException">A parameter is out of its range.</exception>
    public RuleBasedPolicy(RuleBasedPolicyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _sizing = new RuleBasedSizing(options);
    }

    public DecisionSource Source => DecisionSource.RuleBased;

    /// <inheritdoc />
    /// <remarks>
    /// A context that is not finite is answered with no trade, for certain, and the middle of the rest.
    /// </remarks>
    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        if (!IsFinite(in features))
        {
            Abstain(ref outputs);
            return;
        }

        var contracts = _sizing.Contracts(in features);
        RuleBasedSizing.WriteDistribution(contracts, ref outputs);
        RuleBasedTiming.WriteDistribution(in features, contracts, ref outputs);
        RuleBasedBrackets.Write(in features, ref outputs);
    }

    /// <summary>The size that the rules want before it is rounded to an action, in contracts, [0, 5].</summary>
    public double Contracts(ref readonly ContextFeatures features) =>
        IsFinite(in features) ? _sizing.Contracts(in features) : 0.0;

    private static bool IsFinite(ref readonly ContextFeatures features)
    {
        // Subtracting a number from itself gives 0 unless it is NaN or infinite.
        var sum = 0f;
        for (var i = 0; i < ContextFeatures.Count; i++) sum += features[i] - features[i];
        return sum == 0f;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abstain(ref PolicyOutputs outputs)
    {
        outputs = default;
        outputs[PolicyOutputs.SizeOffset] = 1f;
        for (var i = 0; i < PolicyOutputs.StrategyCount; i++)
        {
            outputs[PolicyOutputs.StrategyOffset + i] = 1f / PolicyOutputs.StrategyCount;
        }

        outputs[PolicyOutputs.StopLossOffset] = (PolicyBounds.StopLossMin + PolicyBounds.StopLossMax) / 2f;
        outputs[PolicyOutputs.TakeProfitOffset] = (PolicyBounds.TakeProfitMin + PolicyBounds.TakeProfitMax) / 2f;
    }
}
