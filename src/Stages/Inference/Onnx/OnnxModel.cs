namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>An ONNX file's content, as far as a policy's graph needs it.</summary>
public sealed record OnnxModel
{
    public required long IrVersion { get; init; }

    /// <summary>Version of the default operator set.</summary>
    public required long OpsetVersion { get; init; }

    public string ProducerName { get; init; } = "";
    public string ProducerVersion { get; init; } = "";
    public required OnnxGraph Graph { get; init; }
}
