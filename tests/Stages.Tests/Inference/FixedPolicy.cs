using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Stages.Tests.Inference;

/// <summary>A backend that always says the same.</summary>
internal sealed class FixedPolicy : IPolicyBackend
{
    private readonly float[] _outputs;

    public FixedPolicy(params float[] outputs) => _outputs = outputs;

    public DecisionSource Source => DecisionSource.OnnxRuntime;

    public int Runs { get; private set; }

    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        Runs++;
        for (var i = 0; i < PolicyOutputs.Count; i++) outputs[i] = _outputs[i];
    }
}
