namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>Operators in topological order, the constants they use, and what goes in and out.</summary>
public sealed record OnnxGraph
{
    public required string Name { get; init; }
    public required IReadOnlyList<OnnxNode> Nodes { get; init; }
    public required IReadOnlyList<OnnxTensor> Initializers { get; init; }
    public required IReadOnlyList<OnnxValueInfo> Inputs { get; init; }
    public required IReadOnlyList<OnnxValueInfo> Outputs { get; init; }
}
