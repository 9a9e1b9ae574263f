using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Pipeline.Models;

/// <summary>Where a running pipeline takes the models from that commands name.</summary>
public sealed class ModelSource
{
    public required ModelStore Store { get; init; }

    /// <summary>Opens a version by the backend that was asked for; called on a thread of its own.</summary>
    public required Func<ModelDirectory, LoadedPolicy> Open { get; init; }

    /// <summary>What decides at the start.</summary>
    public required ModelVersion Initial { get; init; }
}
