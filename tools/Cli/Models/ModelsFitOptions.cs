namespace ExecutionPipeline.Cli.Models;

/// <summary>Everything that `xp models fit` was asked for, validated; paths are absolute.</summary>
public sealed record ModelsFitOptions
{
    /// <summary>Where the models and their manifest go.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Seed of the first weights and of the samples.</summary>
    public long Seed { get; init; }

    /// <summary>Optimizer steps.</summary>
    public int Steps { get; init; }

    /// <summary>Contexts a step.</summary>
    public int BatchSize { get; init; }

    /// <summary>The optimizer's largest rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>No progress is shown.</summary>
    public bool IsQuiet { get; init; }
}
