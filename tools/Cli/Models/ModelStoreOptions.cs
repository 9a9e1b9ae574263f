using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Cli.Models;

/// <summary>Everything that a command on a store was asked for, validated; paths are absolute.</summary>
public sealed record ModelStoreOptions
{
    public required ModelStoreAction Action { get; init; }

    /// <summary>The store, or, where a version is only read, a plain folder of models.</summary>
    public required string StoreDirectory { get; init; }

    /// <summary>current, previous, or how a version begins.</summary>
    public string Version { get; init; } = "current";

    /// <summary>The folder to take in.</summary>
    public string? SourceDirectory { get; init; }

    /// <summary>Versions that the store keeps.</summary>
    public int Retention { get; init; }

    /// <summary>How the models are run while they are measured.</summary>
    public InferenceChoice Inference { get; init; }

    /// <summary>Largest median of a run, in microseconds.</summary>
    public double LatencyMaxUs { get; init; }

    /// <summary>The folder of the media driver that the pipeline is reached through.</summary>
    public string? AeronDirectory { get; init; }

    /// <summary>Share of the signals that a canary decides, in basis points.</summary>
    public int CanaryShareBps { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}
