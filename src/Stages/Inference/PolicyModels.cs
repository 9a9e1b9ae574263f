using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

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
