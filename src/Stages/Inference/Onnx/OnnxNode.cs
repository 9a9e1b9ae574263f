namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>One operator of a graph.</summary>
/// <param name="OpType">The operator's name in the default operator set.</param>
/// <param name="Inputs">Names of graph inputs, initializers or other nodes' outputs; empty for an omitted one.</param>
/// <param name="Outputs">Names of the values it makes.</param>
/// <param name="Attributes">Its scalar attributes.</param>
public sealed record OnnxNode(
    string OpType,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<OnnxAttribute> Attributes)
{
    /// <summary>Unique in its graph, or empty.</summary>
    public string Name { get; init; } = "";
}
