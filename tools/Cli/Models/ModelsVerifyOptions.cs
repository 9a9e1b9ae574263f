namespace ExecutionPipeline.Cli.Models;

/// <summary>Everything that `xp models verify` was asked for, validated; paths are absolute.</summary>
public sealed record ModelsVerifyOptions
{
    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }
}
