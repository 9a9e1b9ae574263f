namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>How a version came into a store.</summary>
public sealed record ModelLineage
{
    /// <summary>The version that decided when this one was added; null: there was none.</summary>
    public string? Parent { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The program that added it.</summary>
    public required string Tool { get; init; }
}
