using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>Everything that `xp latency` was asked for, validated; paths are absolute.</summary>
public sealed record LatencyOptions
{
    public LatencyStages Stage { get; init; }

    /// <summary>Events to measure of each subject.</summary>
    public long Iterations { get; init; } = 200_000;

    public GraphChoice Graph { get; init; }

    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}
