using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Simulation.World;

/// <summary>
/// Decides by a hash of the context: every size, strategy and bracket comes up, and inference costs next to nothing.
/// </summary>
internal sealed class SeededPolicy : IPolicyBackend
{
    public DecisionSource Source => DecisionSource.RuleBased;

    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        var hash = SeededDice.Fold(7, MemoryMarshal.AsBytes(new ReadOnlySpan<ContextFeatures>(in features)));
        hash ^= hash >> 32;
        outputs = default;
        outputs[PolicyOutputs.SizeOffset + (int)(hash % PolicyOutputs.SizeCount)] = 1;
        outputs[PolicyOutputs.StrategyOffset + (int)((hash >> 8) % PolicyOutputs.StrategyCount)] = 1;
        outputs[PolicyOutputs.StopLossOffset] = 0.5f + (hash >> 16) % 16 * 0.25f;
        outputs[PolicyOutputs.TakeProfitOffset] = 0.5f + (hash >> 20) % 16 * 0.25f;
    }
}
