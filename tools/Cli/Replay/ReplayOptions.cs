using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Replay;

/// <summary>Everything that `xp replay` was asked for, validated; paths are absolute.</summary>
public sealed record ReplayOptions
{
    /// <summary>An input that `xp demo --record` wrote.</summary>
    public required string InputFile { get; init; }

    public Topology Topology { get; init; } = Topology.Inline;

    public InferenceChoice Inference { get; init; }

    public GraphChoice Graph { get; init; }

    /// <summary>Where the outbound messages go; null: nowhere.</summary>
    public string? OutputFile { get; init; }

    /// <summary>Outbound messages that these must equal, byte for byte; null: none.</summary>
    public string? CompareFile { get; init; }

    /// <summary>The pipeline's configuration; null: the demo's own.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The folder of the ONNX models and their manifest; null: models-onnx, looked for upwards.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}
