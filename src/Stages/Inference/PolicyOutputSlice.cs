using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

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
