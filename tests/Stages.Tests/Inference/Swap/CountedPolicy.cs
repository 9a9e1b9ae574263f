using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Stages.Tests.Inference.Swap;

/// <summary>Always says the same, and counts how often it was asked and disposed of.</summary>
internal sealed class CountedPolicy(int size, int strategy = 1, float stop = 1f) : IPolicyBackend, IDisposable
{
    public int Runs { get; private set; }

    public int Disposals { get; private set; }

    public DecisionSource Source => DecisionSource.OnnxRuntime;

    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        ObjectDisposedException.ThrowIf(Disposals > 0, this);
        Runs++;
        outputs = default;
        outputs[PolicyOutputs.SizeOffset + size] = 1f;
        outputs[PolicyOutputs.StrategyOffset + strategy] = 1f;
        outputs[PolicyOutputs.StopLossOffset] = stop;
        outputs[PolicyOutputs.TakeProfitOffset] = 2f;
    }

    public void Dispose() => Disposals++;
}
