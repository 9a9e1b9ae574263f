namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>A model's float32 input or output.</summary>
public sealed record ModelTensor
{
    public required string Name { get; init; }

    /// <summary>Its dimensions: a number, or a name where the size is free.</summary>
    public required IReadOnlyList<string> Shape { get; init; }

    public override string ToString() => $"{Name}[{string.Join(",", Shape)}]";
}
