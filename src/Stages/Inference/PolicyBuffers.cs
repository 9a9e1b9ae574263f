using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Input and outputs of one context, in the ring event's own layout, in memory that the collector never moves.
/// </summary>
internal sealed class PolicyBuffers
{
    private readonly float[] _input = GC.AllocateArray<float>(ContextFeatures.Count, pinned: true);
    private readonly float[] _outputs = GC.AllocateArray<float>(PolicyOutputs.Count, pinned: true);

    public Memory<float> Input => _input;

    public Memory<float> Outputs => _outputs;

    public void Load(ref readonly ContextFeatures features) =>
        ((ReadOnlySpan<float>)features)[..ContextFeatures.Count].CopyTo(_input);

    public void Store(ref PolicyOutputs outputs) => _outputs.AsSpan().CopyTo(outputs);

    /// <summary>Marks outputs that no run filled.</summary>
    public static void Invalidate(ref PolicyOutputs outputs) => ((Span<float>)outputs).Fill(float.NaN);
}
