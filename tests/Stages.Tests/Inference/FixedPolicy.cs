using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Stages.Tests.Inference;

/// <summary>A backend whose run fails from a number of runs on, as one with a fault of its own does.</summary>
internal sealed class ThrowingPolicy(int runs) : IPolicyBackend, IDisposable
{
    private int _run;

    public DecisionSource Source => DecisionSource.Compiled;

    public bool IsDisposed { get; private set; }

    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        if (_run++ >= runs)
            throw new IndexOutOfRangeException("no such\nrow");

        new RuleBasedPolicy(new RuleBasedPolicyOptions()).Run(in features, ref outputs);
    }

    public void Dispose() => IsDisposed = true;
}

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
