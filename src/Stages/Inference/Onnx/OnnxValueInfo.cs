namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>A graph's float32 input or output.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Shape">Its dimensions: a number, or a name where the size is free.</param>
public sealed record OnnxValueInfo(string Name, IReadOnlyList<string> Shape);
