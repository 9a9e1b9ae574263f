using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>The three actors, evaluated by whatever means. Called by one thread at a time.</summary>
public interface IPolicyBackend
{
    /// <summary>What a decision made with this backend's outputs is marked with.</summary>
    DecisionSource Source { get; }

    /// <summary>
    /// Fills all of <paramref name="outputs"/>. Allocates nothing and never throws: a backend that fails writes NaN,
    /// which no consumer takes for an answer.
    /// </summary>
    void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs);
}

/// <summary>Names of the model files and of what goes in and out of them.</summary>
public static class PolicyModels
{
    /// <summary>All three actors in one graph.</summary>
    public const string Merged = "execution_policy";

    public const string PositionSizing = "position_sizing";
    public const string ExecutionTiming = "execution_timing";
    public const string RiskManagement = "risk_management";

    /// <summary>The raw features, [N, 15].</summary>
    public const string ContextInput = "context";

    /// <summary>[N, 5].</summary>
    public const string SizeOutput = "size_probs";

    /// <summary>[N, 4].</summary>
    public const string StrategyOutput = "strategy_probs";

    /// <summary>Stop and target in ATR multiples, [N, 2].</summary>
    public const string RiskOutput = "risk_params";

    /// <summary>The free dimension: how many contexts at once.</summary>
    public const string BatchDimension = "N";

    internal const int RiskCount = PolicyOutputs.Count - PolicyOutputs.StopLossOffset;
}

/// <summary>Where in <see cref="PolicyOutputs"/> one of a graph's outputs belongs.</summary>
internal readonly record struct PolicyOutputSlice(string Name, int Offset, int Count)
{
    public static readonly PolicyOutputSlice Size =
        new(PolicyModels.SizeOutput, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount);

    public static readonly PolicyOutputSlice Strategy =
        new(PolicyModels.StrategyOutput, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount);

    public static readonly PolicyOutputSlice Risk =
        new(PolicyModels.RiskOutput, PolicyOutputs.StopLossOffset, PolicyModels.RiskCount);
}
